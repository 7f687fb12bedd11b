/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several CPUs on a bare machine. The GS base is each CPU's own, for good: there is no user mode to swap it for.
 *
 * A CPU is started by INIT and startup messages (Intel SDM volume 3A, section 9.4.4.1), see start_cpu.S, one at a time.
 * Nothing waits for a fixed time: the startup message is sent at once, and again after the 10 ms that the manual wants
 * between the two; a CPU that runs ignores it.
 *
 * The clock is each CPU's own cycle counter, so the counters must be in step. Each of the two CPUs gives its count with a
 * message to the other, which looks at its own counter then: one that is behind proves them apart, and the new CPU does not
 * run. A difference below the time that such a message takes passes.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/mem.h>
#include <axhal/smp.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include <stdatomic.h>
#include "../../arch/x86_64/cpu_setup.h"
#include "../../arch/x86_64/descriptors.h"
#include "../../arch/x86_64/page_tables.h"
#include "../../arch/x86_64/registers.h"
#include "cpus.h"
#include "memory.h"
#include "processors.h"
#include "remote_call.h"
#include "start_cpu.h"
#include "stop.h"
#include "vectors.h"
#include "x86_pvh.h"

#define START_AGAIN_NS   (AX_NS_PER_SEC / 100)
#define START_TIMEOUT_NS (10 * AX_NS_PER_SEC)

/* All ones name every CPU: Intel SDM volume 3A, section 11.6.2.1. */
#define XAPIC_IDS 0xffu

static uint32_t s_apic_id[AXHAL_MAX_CPUS];
static unsigned s_present = 1;

/* The CPU that is being started, and its talk with the one that starts it. */
enum { START_SENT, START_ARRIVED, START_RUN, START_ONLINE, START_REFUSED };

static struct {
	unsigned cpu;
	void (*entry)(void *argument);
	void *argument;
	uint64_t cycles; /* of who wrote the state, before */
	atomic_uint state;
} s_start;

_Alignas(PAGE_SIZE) pte_t x86_pvh_start_pml4[PTE_ENTRIES];
uintptr_t x86_pvh_start_stack;

void x86_pvh_smp_init(void)
{
	axhal_cpu_areas_init();
	msr_write(MSR_GS_BASE, percpu_base_of[0]);
}

static void run_calls([[maybe_unused]] void *unused)
{
	axhal_remote_calls_run();
}

void x86_pvh_find_cpus(paddr_t acpi_root)
{
	uint32_t ids[AXHAL_MAX_CPUS];
	size_t count = x86_pvh_list_processors(acpi_root, ids, AXHAL_MAX_CPUS);
	s_apic_id[0] = x86_apic_id(&x86_pvh_apic);
	for (size_t i = 0; i < count && s_present < AXHAL_MAX_CPUS; i++) {
		if (ids[i] != s_apic_id[0] && (ids[i] < XAPIC_IDS || x86_pvh_apic.x2apic))
			s_apic_id[s_present++] = ids[i];
	}
	ax_err_t error = axhal_irq_register(IRQ_CALL, run_calls, NULL);
	ASSERT(error == AX_OK);
}

unsigned axhal_cpus_present(void)
{
	return s_present;
}

/* Interrupts are masked for each message: the xAPIC takes it in two parts. */
static void send(unsigned cpu, uint8_t vector)
{
	IRQ_GUARD();
	x86_apic_send(&x86_pvh_apic, s_apic_id[cpu], vector);
}

void axhal_cpu_wake(unsigned cpu)
{
	send(cpu, IRQ_VECTOR_FIRST + AXHAL_IRQ_WAKE);
}

void axhal_cpu_interrupt_for_call(unsigned cpu)
{
	send(cpu, IRQ_VECTOR_FIRST + IRQ_CALL);
}

/* -------------------------------------------------------------------------------------------------- the end */

/* By the non-maskable interrupt: its handler halts, see axhal_trap(). */
void axhal_cpus_stop(uint64_t cpus)
{
	for (; cpus; cpus &= cpus - 1)
		x86_apic_send_nmi(&x86_pvh_apic, s_apic_id[__builtin_ctzll(cpus)]);
}

/* ------------------------------------------------------------------------------------------------- the start */

static bool start_is(unsigned state)
{
	return atomic_load_explicit(&s_start.state, memory_order_acquire) == state;
}

static void set_start(unsigned state)
{
	s_start.cycles = tsc_read_ordered();
	atomic_store_explicit(&s_start.state, state, memory_order_release);
}

static bool clock_is_behind(void)
{
	return tsc_read_ordered() < s_start.cycles;
}

void x86_pvh_cpu_main(void)
{
	const unsigned cpu = s_start.cpu;
	void (*entry)(void *argument) = s_start.entry;
	void *argument = s_start.argument;
	msr_write(MSR_GS_BASE, percpu_base_of[cpu]);
	axhal_trap_init_cpu(cpu);
	axhal_cpu_setup();
	x86_pvh_apic_enable();
	set_start(START_ARRIVED);
	while (!start_is(START_RUN))
		axhal_cpu_relax();
	if (clock_is_behind()) {
		set_start(START_REFUSED);
		axhal_cpu_halt();
	}
	axhal_cpu_set_online(cpu);
	atomic_thread_fence(memory_order_seq_cst);
	if (axhal_is_to_stop())
		axhal_cpu_halt();
	set_start(START_ONLINE);
	entry(argument);
	PANIC("the entry of CPU %u returned", cpu);
}

static void prepare(unsigned cpu, void *stack_top, void (*entry)(void *argument), void *argument)
{
	memcpy(axhal_phys_to_virt(X86_PVH_START_PADDR), x86_pvh_low_code,
	       (size_t)(x86_pvh_low_code_end - x86_pvh_low_code));
	x86_pvh_start_pml4[0] = pte_table(axhal_image_paddr(axhal_boot_pdpt));
	x86_pvh_start_pml4[PTE_ENTRIES - 1] = axhal_boot_pml4[PTE_ENTRIES - 1];
	x86_pvh_start_stack = (uintptr_t)stack_top;
	s_start.cpu = cpu;
	s_start.entry = entry;
	s_start.argument = argument;
	set_start(START_SENT);
}

static void send_init(uint32_t apic_id)
{
	IRQ_GUARD();
	x86_apic_send_init(&x86_pvh_apic, apic_id);
}

static void send_startup(uint32_t apic_id)
{
	IRQ_GUARD();
	x86_apic_send_startup(&x86_pvh_apic, apic_id, X86_PVH_START_PADDR / PAGE_SIZE);
}

/* One that does not come is held by another INIT: it shall not come when another CPU is being started. */
static bool arrives(uint32_t apic_id)
{
	const uint64_t start_ns = axhal_now_ns();
	uint64_t next_ns = start_ns;
	send_init(apic_id);
	for (uint64_t now_ns = start_ns; now_ns - start_ns < START_TIMEOUT_NS; now_ns = axhal_now_ns()) {
		if (start_is(START_ARRIVED))
			return true;
		if (now_ns >= next_ns) {
			send_startup(apic_id);
			next_ns = now_ns + START_AGAIN_NS;
		}
		axhal_cpu_relax();
	}
	send_init(apic_id);
	return false;
}

ax_err_t axhal_cpu_start(unsigned cpu, void *stack_top, void (*entry)(void *argument), void *argument)
{
	if (cpu == 0 || cpu >= s_present)
		return AX_ERR_OUT_OF_RANGE;
	PREEMPT_GUARD();
	x86_pvh_timer_prepare(); /* and the clock's rate: no second CPU finds out either */
	prepare(cpu, stack_top, entry, argument);
	if (!arrives(s_apic_id[cpu]))
		return AX_ERR_TIMED_OUT;
	if (clock_is_behind()) {
		send_init(s_apic_id[cpu]);
		return AX_ERR_NOT_SUPPORTED;
	}
	set_start(START_RUN);
	while (start_is(START_RUN))
		axhal_cpu_relax();
	return start_is(START_ONLINE) ? AX_OK : AX_ERR_NOT_SUPPORTED;
}
