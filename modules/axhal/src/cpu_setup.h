/* SPDX-License-Identifier: Apache-2.0 */
/* What the architectures of machines with a device tree fill, beside page tables (kernel_tables.h) and interrupts (irq_chip.h). */
#pragma once

#include <memory_addr/memory_addr.h>
#include <page_table_entry/page_table_entry.h>
#include <stdint.h>

/** The counter at the entry: nanosecond 0. Set by the entry. */
extern uint64_t axhal_boot_counter;

/** The system's counter: of constant rate, and the same for all CPUs. Not read before earlier loads are done. */
uint64_t axhal_counter(void);

/** Its rate, if a register says so; else 0, and the device tree has it. */
uint64_t axhal_counter_hz(void);

/** Raise this CPU's timer interrupt when the counter reaches @p count; UINT64_MAX: never. Interrupts masked. */
void axhal_timer_arm(uint64_t count);

/** This CPU's stack for faults of the stack. Before anything may fault; once a CPU. */
void axhal_trap_init_cpu(unsigned cpu);

/** This CPU's base of per-CPU variables. */
void axhal_set_percpu_base(uintptr_t base);

/** What the entry of interrupts calls: see platform/device_tree/irq.c. Interrupts masked. */
void axhal_interrupt(void);

/** From here on the boot CPU uses the page table @p root; nothing is shown at low addresses any more. */
void axhal_use_page_table(paddr_t root);

/** The highest level of the page table at which a page that is in use may be replaced by a table of smaller ones, in one store. */
unsigned axhal_largest_split(void);

/** A random number of the processor's; false if it has no source. */
bool axhal_cpu_entropy(uint64_t *value);

/** The boot CPU as firmware and device tree call it; with feature `smp` any CPU, of numbers that are present. */
uint64_t axhal_boot_cpu_id(void);
uint64_t axhal_hardware_id(unsigned cpu);

/** What a CPU that is being started needs before it has any memory but physical: read by the entry, in this order. */
typedef struct axhal_cpu_start_info {
	paddr_t start_root; /* shows the image at its physical addresses too */
	paddr_t root;
	uintptr_t stack_top;
} axhal_cpu_start_info_t;

extern axhal_cpu_start_info_t axhal_cpu_start_info;

/** What was written for such a CPU is in memory, not only in caches. */
void axhal_publish_start_info(void);

/** Have the firmware start the CPU that it calls @p hardware_id at axhal_cpu_entry. @return false if it refuses */
bool axhal_firmware_start_cpu(uint64_t hardware_id, paddr_t entry, paddr_t start_info);

/** Where the entry is. */
extern const char axhal_cpu_entry[];

/** Where the entry of a further CPU goes, on the stack that it is given. */
[[gnu::noreturn]] void axhal_cpu_main(void);

/** Ready for the functions below and above, devices included. When the page table is in use. */
void axhal_firmware_init(void);

/** Write where the firmware has a console: for a machine whose serial port is not known. */
void axhal_firmware_write(const char *bytes, size_t length);

/** End the machine with @p status as whoever runs it is told; returns if nobody hears. */
void axhal_firmware_exit(int status);
