/* SPDX-License-Identifier: Apache-2.0 */
/* Rights of RAM's pages in a process: mprotect's. */
#include <axhal/mem.h>
#include <axhal/paging.h>
#include "linux.h"

ax_err_t axhal_protect(vaddr_t vaddr, size_t bytes, axhal_access_t access)
{
	static const char protection[] = {
		[AXHAL_ACCESS_NONE] = 0,
		[AXHAL_ACCESS_READ] = LINUX_PROT_READ,
		[AXHAL_ACCESS_READ_WRITE] = LINUX_PROT_READ | LINUX_PROT_WRITE,
		[AXHAL_ACCESS_READ_EXECUTE] = LINUX_PROT_READ | LINUX_PROT_EXEC,
	};
	paddr_t paddr = axhal_virt_to_phys((const void *)vaddr);
	if (!bytes || !is_aligned(vaddr | bytes, PAGE_SIZE) || paddr < AXHAL_LINUX_RAM_START_PADDR ||
	    paddr > axhal_ram_bytes() || bytes > axhal_ram_bytes() - paddr)
		return AX_ERR_INVALID_INPUT;
	return axhal_linux_mprotect(vaddr, bytes, protection[access]) ? AX_ERR_NO_MEMORY : AX_OK;
}

/* The host has the page tables. */
void axhal_set_frame_source(paddr_t (*alloc_frame)(void))
{
	(void)alloc_frame;
}
