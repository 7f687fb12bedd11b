/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several CPUs of a machine with a device tree, which lists them; the firmware starts them. All have the system's one counter
 * as their clock, so there is nothing to compare.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/mem.h>
#include <axhal/smp.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include <stdatomic.h>
#include "cpu_setup.h"
#include "cpus.h"
#include "device_tree.h"
#include "irq_chip.h"
#include "kernel_tables.h"
#include "machine_tree.h"
#include "page_tables.h"
#include "remote_call.h"
#include "stop.h"

#define START_TIMEOUT_NS (10 * AX_NS_PER_SEC)

axhal_cpu_start_info_t axhal_cpu_start_info;

static uint64_t s_hardware_id[AXHAL_MAX_CPUS];
static unsigned s_present = 1;

/* The CPU that is being started. */
static struct {
	unsigned cpu;
	void (*entry)(void *argument);
	void *argument;
	atomic_bool online;
} s_start;

void axhal_smp_init(void)
{
	axhal_cpu_areas_init();
	axhal_set_percpu_base(percpu_base_of[0]);
}

static void run_calls([[maybe_unused]] void *unused)
{
	axhal_remote_calls_run();
}

void axhal_find_cpus(void)
{
	s_hardware_id[0] = axhal_boot_cpu_id();
	for (unsigned i = 0; i < axhal_tree.cpu_count && s_present < AXHAL_MAX_CPUS; i++) {
		if (axhal_tree.cpu_ids[i] != s_hardware_id[0])
			s_hardware_id[s_present++] = axhal_tree.cpu_ids[i];
	}
	ax_err_t error = axhal_irq_register(IRQ_CALL, run_calls, NULL);
	ASSERT(error == AX_OK);
}

uint64_t axhal_hardware_id(unsigned cpu)
{
	return s_hardware_id[cpu];
}

unsigned axhal_cpus_present(void)
{
	return s_present;
}

void axhal_cpu_wake(unsigned cpu)
{
	axhal_irq_chip_send(cpu, AXHAL_IRQ_WAKE);
}

void axhal_cpu_interrupt_for_call(unsigned cpu)
{
	axhal_irq_chip_send(cpu, IRQ_CALL);
}

void axhal_cpu_main(void)
{
	const unsigned cpu = s_start.cpu;
	void (*entry)(void *argument) = s_start.entry;
	void *argument = s_start.argument;
	axhal_set_percpu_base(percpu_base_of[cpu]);
	axhal_trap_init_cpu(cpu);
	axhal_irq_chip_init_cpu(cpu);
	axhal_cpu_set_online(cpu);
	atomic_thread_fence(memory_order_seq_cst);
	if (axhal_is_to_stop())
		axhal_cpu_halt();
	atomic_store(&s_start.online, true);
	entry(argument);
	PANIC("the entry of CPU %u returned", cpu);
}

ax_err_t axhal_cpu_start(unsigned cpu, void *stack_top, void (*entry)(void *argument), void *argument)
{
	if (cpu == 0 || cpu >= s_present)
		return AX_ERR_OUT_OF_RANGE;
	PREEMPT_GUARD();
	axhal_cpu_start_info = (axhal_cpu_start_info_t){ axhal_start_root(), axhal_root_table(), (uintptr_t)stack_top };
	s_start.cpu = cpu;
	s_start.entry = entry;
	s_start.argument = argument;
	atomic_store(&s_start.online, false);
	axhal_publish_start_info();
	const uint64_t start_ns = axhal_now_ns();
	if (!axhal_firmware_start_cpu(s_hardware_id[cpu], axhal_image_paddr_of(axhal_cpu_entry),
				      axhal_image_paddr_of(&axhal_cpu_start_info)))
		return AX_ERR_NOT_SUPPORTED;
	while (!atomic_load(&s_start.online)) {
		if (axhal_now_ns() - start_ns > START_TIMEOUT_NS)
			return AX_ERR_TIMED_OUT;
		axhal_cpu_relax();
	}
	return AX_OK;
}
