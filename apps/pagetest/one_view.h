/* SPDX-License-Identifier: Apache-2.0 */
/* The image is seen once, in the direct map: both views are one. See x86_64/machine.h. */
#pragma once

#include <axhal/mem.h>
#include <memory_addr/memory_addr.h>

static inline vaddr_t direct_view(vaddr_t image)
{
	return image;
}

static inline vaddr_t other_view(vaddr_t direct)
{
	return direct;
}

static inline vaddr_t outside([[maybe_unused]] vaddr_t image)
{
	return PAGE_SIZE;
}
