/* SPDX-License-Identifier: Apache-2.0 */
/* From the entry of a machine with a device tree to axhal_start_main(): the tree, memory, page table, console, interrupts. */
#include <axhal/boot.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <axhal/mem.h>
#include <axhal/power.h>
#include <axhal/start.h>
#include <base/base.h>
#include <boot_line/boot_line.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include "../../src/entropy_mix.h"
#include "../../src/exiting.h"
#include "boot_memory.h"
#include "cpu_setup.h"
#include "device_tree.h"
#include "kernel_tables.h"
#include "machine.h"
#include "machine_tree.h"
#include "page_tables.h"

#pragma GCC visibility push(default)
extern uintptr_t __stack_chk_guard;
#pragma GCC visibility pop

static unsigned s_random_used; /* bytes of axhal_tree.random */

/* CPUs that wait there look at them until they are started. */
static void reserve_spin_tables(void)
{
	paddr_t first = UINT64_MAX, last = 0;
	for (unsigned i = 0; i < axhal_tree.cpu_count; i++) {
		paddr_t at = axhal_tree.cpu_release[i];
		first = at ? AX_MIN(first, at) : first;
		last = AX_MAX(last, at);
	}
	axhal_boot_reserve(first, last ? last - first + sizeof(uint64_t) : 0);
}

static bool is_ram(paddr_t start, paddr_t end)
{
	for (unsigned i = 0; i < axhal_tree.ram_count; i++) {
		const tree_range_t *ram = &axhal_tree.ram[i];
		if (start >= ram->start && end <= ram->start + ram->bytes)
			return true;
	}
	return false;
}

/*
 * QEMU puts the packed files in the middle of memory, where they would halve the largest piece of what is free: they move down
 * to the image's end, if that is possible. All else is reserved.
 */
static void reserve_initrd(paddr_t image_end)
{
	tree_range_t *initrd = &axhal_tree.initrd;
	if (!initrd->start)
		return;
	paddr_t end = initrd->start + initrd->bytes;
	bool is_shown = end <= axhal_boot_shown_end();
	if (image_end < initrd->start && is_shown && is_ram(image_end, end) && !axhal_boot_is_reserved(image_end, initrd->bytes)) {
		memmove(axhal_phys_to_virt(image_end), axhal_phys_to_virt(initrd->start), initrd->bytes);
		initrd->start = image_end;
	}
	axhal_boot_reserve(initrd->start, initrd->bytes);
}

static void find_memory(size_t tree_bytes)
{
	paddr_t image_end = axhal_boot_reserve_image(axhal_image_paddr_of(ax_image_start));
	axhal_boot_reserve(axhal_virt_to_phys(axhal_tree.blob), tree_bytes);
	for (unsigned i = 0; i < axhal_tree.reserved_count; i++)
		axhal_boot_reserve(axhal_tree.reserved[i].start, axhal_tree.reserved[i].bytes);
	reserve_spin_tables();
	paddr_t start;
	uint64_t bytes;
	for (unsigned i = 0; device_tree_reserved(axhal_tree.blob, i, &start, &bytes); i++)
		axhal_boot_reserve(start, bytes);
	reserve_initrd(image_end);
	for (unsigned i = 0; i < axhal_tree.ram_count; i++) {
		const tree_range_t *ram = &axhal_tree.ram[i];
		if (ram->start < DIRECT_MAP_BYTES)
			axhal_boot_add_ram(ram->start, AX_MIN(ram->start + ram->bytes, DIRECT_MAP_BYTES));
	}
}

/* The splitting writes into the line. */
static void take_arguments(void)
{
	const char *line = axhal_tree.command_line;
	size_t line_bytes = strlen(line) + 1, pointer_bytes = boot_line_capacity(line) * sizeof(char *);
	char **pointers = axhal_boot_alloc(pointer_bytes + line_bytes, axhal_boot_shown_end());
	axhal_boot_args_set(memcpy((char *)pointers + pointer_bytes, line, line_bytes), pointers);
}

/* Not protected: it changes the canary under itself, and does not return. */
__attribute__((noreturn, no_stack_protector)) void axhal_device_tree_main(paddr_t tree)
{
	size_t tree_bytes;
	uint64_t random;
	axhal_trap_init_cpu(0);
	if (AXHAL_FEATURE_SMP)
		axhal_smp_init();
	if (!axhal_tree_read(axhal_phys_to_virt(tree), &tree_bytes))
		PANIC("the loader gives no device tree");
	if (axhal_entropy(&random))
		__stack_chk_guard ^= random << 8;
	find_memory(tree_bytes);
	take_arguments();
	axhal_page_tables_init();
	axhal_console_init();
	axhal_firmware_init();
	if (AXHAL_FEATURE_IRQ)
		axhal_irq_init();
	if (AXHAL_FEATURE_SMP)
		axhal_find_cpus();
	axhal_exit(axhal_start_main());
}

/* Bytes of the loader that have served once never serve again. */
static bool take_loaders_random(uint64_t *value)
{
	if (!axhal_tree.random || s_random_used + sizeof *value > axhal_tree.random_bytes)
		return false;
	memcpy(value, axhal_tree.random + s_random_used, sizeof *value);
	s_random_used += sizeof *value;
	return true;
}

bool axhal_entropy(uint64_t *value)
{
	bool has_own = axhal_cpu_entropy(value) || take_loaders_random(value);
	return axhal_entropy_mix(has_own, value);
}

const void *axhal_boot_rootfs(size_t *size_bytes)
{
	bool has_initrd = axhal_tree.initrd.start;
	*size_bytes = has_initrd ? axhal_tree.initrd.bytes : (size_t)(ax_rootfs_end - ax_rootfs_start);
	return has_initrd ? axhal_phys_to_virt(axhal_tree.initrd.start) : ax_rootfs_start;
}

void axhal_exit(int status)
{
	axhal_exit_report(status);
	axhal_firmware_exit(status);
	axhal_cpu_halt();
}
