/* SPDX-License-Identifier: Apache-2.0 */
/* Where a PC says which processors it has: see processors.h. */
#include <acpi_tables/acpi_tables.h>
#include <axhal/mem.h>
#include <base/base.h>
#include <fw_cfg/fw_cfg.h>
#include "../../arch/x86_64/page_tables.h"
#include "../../arch/x86_64/registers.h"
#include "machine.h"
#include "processors.h"

/* QEMU, docs/specs/fw_cfg.rst, "Register Locations": x86's ports. */
#define PORT_FW_CFG      0x510u
#define FW_CFG_DATA_STEP 1u

static void select_item(uintptr_t base, uint16_t key)
{
	port_write16((uint16_t)base, key);
}

static uint8_t read_item(uintptr_t base)
{
	return port_read8((uint16_t)(base + FW_CFG_DATA_STEP));
}

static const fw_cfg_t s_fw_cfg = { PORT_FW_CFG, select_item, read_item };

/* Tables lie in memory that is shown because it is RAM or next to it; else, as a device would, they get a window. */
static const void *view(uint64_t paddr, size_t bytes)
{
	if (paddr >= DIRECT_MAP_BYTES || bytes > DIRECT_MAP_BYTES - paddr)
		return NULL;
	for (paddr_t page = align_down(paddr, PAGE_SIZE); page < paddr + bytes; page += PAGE_SIZE) {
		if (!axhal_is_readable((uintptr_t)axhal_phys_to_virt(page)))
			return axhal_map_device(paddr, bytes);
	}
	return axhal_phys_to_virt(paddr);
}

size_t x86_pvh_list_processors(paddr_t acpi_root, uint32_t *apic_ids, size_t capacity)
{
	acpi_table_t madt;
	if (!acpi_root)
		acpi_root = acpi_find_root(view);
	if (acpi_root && acpi_find_table(view, acpi_root, "APIC", &madt) == AX_OK)
		return acpi_madt_processors(&madt, apic_ids, capacity);
	size_t count = fw_cfg_is_present(&s_fw_cfg) ? AX_MIN(fw_cfg_cpus(&s_fw_cfg), capacity) : 0;
	for (size_t i = 0; i < count; i++)
		apic_ids[i] = (uint32_t)i;
	return count;
}
