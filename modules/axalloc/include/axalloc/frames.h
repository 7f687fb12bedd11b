/* SPDX-License-Identifier: Apache-2.0 */
/* What page tables need of the allocator. Feature `paging`. */
#pragma once

#pragma GCC visibility push(default)

/** From now on axhal takes the frames of its page tables from axalloc_pages(). After axalloc_init(); again does nothing. */
void axalloc_provide_frames(void);

#pragma GCC visibility pop
