/* SPDX-License-Identifier: Apache-2.0 */
/* The image is seen twice: in the direct map, and at the kernel's offset. */
#pragma once

#include <axhal/mem.h>
#include <memory_addr/memory_addr.h>

#define KERNEL_OFFSET UINT64_C(0xffffffff80000000)
#define DEVICE_PADDR  UINT64_C(0xfee00000) /* the local APIC: Intel SDM volume 3A, section 11.4.1 */
#define ACROSS_PADDR  UINT64_C(0x3ffff00000)
#define FAR_PADDR     (UINT64_C(1) << 40)

/** Where the direct map shows a part of the image. */
static inline vaddr_t direct_view(vaddr_t image)
{
	return (vaddr_t)axhal_phys_to_virt(image - KERNEL_OFFSET);
}

/** The other view of what the direct map shows. */
static inline vaddr_t other_view(vaddr_t direct)
{
	return (vaddr_t)axhal_virt_to_phys((void *)direct) + KERNEL_OFFSET;
}

/** An address that is not in the direct map; @p image is one of the image. */
static inline vaddr_t outside(vaddr_t image)
{
	return image;
}
