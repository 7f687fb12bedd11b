/* SPDX-License-Identifier: Apache-2.0 */
/* From the PVH entry to axhal_start_main(): traps, processor features, memory, page tables, boot arguments, console. */
#include <axhal/boot.h>
#include <axhal/features.h>
#include <axhal/mem.h>
#include <axhal/power.h>
#include <axhal/start.h>
#include <boot_line/boot_line.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include "../../arch/x86_64/clock.h"
#include "../../arch/x86_64/cpu_setup.h"
#include "../../arch/x86_64/descriptors.h"
#include "../../arch/x86_64/page_tables.h"
#include "../../arch/x86_64/registers.h"
#include "boot_memory.h"
#include "machine.h"
#include "memory.h"
#include "x86_pvh.h"

/* The first module (QEMU: -initrd) replaces the files in the image. */
static const void *s_module;
static size_t s_module_bytes;

static const char *command_line(const start_info_t *info)
{
	return info->command_line_paddr ? axhal_phys_to_virt(info->command_line_paddr) : "";
}

static void reserve_what_was_loaded(const start_info_t *info, size_t line_bytes)
{
	axhal_boot_reserve(info->command_line_paddr, line_bytes);
	if (!info->module_count)
		return;
	const start_info_module_t *module = axhal_phys_to_virt(info->modules_paddr);
	axhal_boot_reserve(module->paddr, module->size);
	s_module = axhal_phys_to_virt(module->paddr);
	s_module_bytes = module->size;
}

/* The loader's structures lie in memory that is free afterwards: everything is taken out of them here. */
static void take_start_info(const start_info_t *info)
{
	if (info->magic != START_INFO_MAGIC || info->version < 1 || !info->memory_map_entries)
		PANIC("the loader gives no PVH memory map");
	const char *line = command_line(info);
	size_t line_bytes = strlen(line) + 1;
	reserve_what_was_loaded(info, line_bytes);
	paddr_t ram_end = x86_pvh_memory_init(axhal_phys_to_virt(info->memory_map_paddr), info->memory_map_entries);
	size_t pointer_bytes = boot_line_capacity(line) * sizeof(char *);
	char **pointers = x86_pvh_boot_alloc(pointer_bytes + line_bytes);
	axhal_boot_args_set(memcpy((char *)pointers + pointer_bytes, line, line_bytes), pointers);
	axhal_page_tables_init(ram_end, x86_pvh_ram_gibs());
}

/* Called by the entry on the boot stack, interrupts masked, with the first GiB mapped writable. */
[[gnu::noreturn]] void axhal_pvh_main(paddr_t start_info);
void axhal_pvh_main(paddr_t start_info)
{
	axhal_boot_cycles = tsc_read();
	if (AXHAL_FEATURE_SMP)
		x86_pvh_smp_init();
	axhal_trap_init();
	axhal_cpu_setup();
	x86_pvh_console_init();
	const start_info_t *info = axhal_phys_to_virt(start_info);
	paddr_t acpi_root = info->rsdp_paddr;
	take_start_info(info);
	if (AXHAL_FEATURE_IRQ)
		x86_pvh_irq_init();
	if (AXHAL_FEATURE_SMP)
		x86_pvh_find_cpus(acpi_root);
	axhal_exit(axhal_start_main());
}

const void *axhal_boot_rootfs(size_t *size_bytes)
{
	*size_bytes = s_module ? s_module_bytes : (size_t)(ax_rootfs_end - ax_rootfs_start);
	return s_module ? s_module : ax_rootfs_start;
}
