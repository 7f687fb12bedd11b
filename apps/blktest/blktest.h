/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <axstd/axstd.h>

/** Say whether what @p name states holds, and remember if not. */
void check(const char *name, bool holds);

/** With feature `threads`: several threads, each on its own part of the disk. */
void check_threads(block_device_t *disk);
