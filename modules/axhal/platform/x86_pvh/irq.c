/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of a PC without its 8259: I/O APIC lines are axhal's interrupt numbers (0 to 15 the ISA ones, edge
 * triggered; above, PCI's, level triggered), a second I/O APIC's lines follow the first one's 24, then come messages.
 * The local APIC has the timer: by the cycle counter's deadline where there is one, else counting down.
 */
#include <axconfig/axconfig.h>
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/mem.h>
#include <axhal/time.h>
#include <base/base.h>
#include <handler_table/handler_table.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include <spinlock/spinlock.h>
#include <x86_ioapic/x86_ioapic.h>
#include "../../arch/x86_64/clock.h"
#include "../../arch/x86_64/cpuid.h"
#include "../../arch/x86_64/descriptors.h"
#include "../../arch/x86_64/registers.h"
#include "../../arch/x86_64/trap_frame.h"
#include "irq_exit.h"
#include "vectors.h"
#include "x86_pvh.h"

_Static_assert(IRQ_DEVICES == AXHAL_IRQ_TIMER, "vectors follow interrupt numbers");

#define APIC_PADDR       UINT64_C(0xfee00000)
#define APIC_BYTES       0x1000u
#define IOAPIC_LINES     24u
#define ISA_LINES        16u

/* Numbers after both I/O APICs' lines. */
#define IRQ_MESSAGE_FIRST (2 * IOAPIC_LINES)

#define PORT_8259_MASK_1 0x21
#define PORT_8259_MASK_2 0xa1

#define CALIBRATION_NS 200000u

HANDLER_TABLE_DEFINE(s_handlers, IRQ_DEVICES + IRQ_LOCAL);

/* Registering handlers, the I/O APICs' registers, s_messages_taken; interrupts masked. */
static raw_spinlock_t s_lock = RAW_SPINLOCK_INIT;

x86_apic_t x86_pvh_apic;
static x86_ioapic_t s_ioapic[2];
static bool s_deadline_mode;
static uint32_t s_device_target; /* the local APIC that has all devices' interrupts: CPU 0's */
static unsigned s_messages_taken;
static uint64_t s_counts_per_ns; /* of the APIC timer, times 2^32; 0 until first needed, known before a second CPU runs */

/* Called by the entries, interrupts masked. */
void axhal_interrupt(axhal_trap_frame_t *frame);
void axhal_interrupt(axhal_trap_frame_t *frame)
{
	if (frame->vector == IRQ_VECTOR_SPURIOUS)
		return;
	kernel_guard_timing_begin(KERNEL_GUARD_IRQ_MASKED);
	preempt_disable();
	handler_table_call(&s_handlers, frame->vector - IRQ_VECTOR_FIRST);
	x86_apic_end_of_interrupt(&x86_pvh_apic);
	preempt_enable_no_resched();
	irq_exit_resched();
	kernel_guard_timing_end(KERNEL_GUARD_IRQ_MASKED);
}

void x86_pvh_apic_enable(void)
{
	uint64_t base = msr_read(MSR_APIC_BASE) | APIC_BASE_ENABLE;
	msr_write(MSR_APIC_BASE, x86_pvh_apic.x2apic ? base | APIC_BASE_X2APIC : base);
	x86_apic_enable(&x86_pvh_apic, IRQ_VECTOR_SPURIOUS);
	if (s_deadline_mode)
		x86_apic_timer_init_deadline(&x86_pvh_apic, IRQ_VECTOR_TIMER);
	else
		x86_apic_timer_init_one_shot(&x86_pvh_apic, IRQ_VECTOR_TIMER);
}

static void init_apic(void)
{
	cpuid_t features = cpuid(1, 0);
	if (features.ecx & CPUID1_ECX_X2APIC) {
		x86_pvh_apic = (x86_apic_t){ .x2apic = true, .read = x86_apic_msr_read, .write = x86_apic_msr_write };
	} else {
		x86_pvh_apic = (x86_apic_t){ .read = x86_apic_window_read, .write = x86_apic_window_write };
		x86_pvh_apic.base = (uintptr_t)axhal_map_device(APIC_PADDR, APIC_BYTES);
		ASSERT(x86_pvh_apic.base);
	}
	s_deadline_mode = features.ecx & CPUID1_ECX_TSC_DEADLINE;
	x86_pvh_apic_enable();
	s_device_target = x86_apic_id(&x86_pvh_apic);
}

static void init_ioapic(x86_ioapic_t *ioapic, paddr_t paddr)
{
	if (!paddr)
		return;
	*ioapic = (x86_ioapic_t){ (uintptr_t)axhal_map_device(paddr, PAGE_SIZE), x86_ioapic_window_read,
				  x86_ioapic_window_write };
	ASSERT(ioapic->base);
	x86_ioapic_mask_all(ioapic);
}

void x86_pvh_irq_init(void)
{
	extern const char x86_pvh_irq_entries[];
	port_write8(PORT_8259_MASK_1, 0xff);
	port_write8(PORT_8259_MASK_2, 0xff);
	axhal_set_vectors(IRQ_VECTOR_FIRST, IRQ_VECTORS, x86_pvh_irq_entries);
	init_apic();
	init_ioapic(&s_ioapic[0], AX_CONFIG_IOAPIC_PADDR);
	init_ioapic(&s_ioapic[1], AX_CONFIG_IOAPIC2_PADDR);
	if (axhal_irq_register(AX_CONFIG_UART_IRQ, x86_pvh_console_interrupt, NULL) == AX_OK)
		x86_pvh_console_enable_interrupt();
}

ax_err_t axhal_irq_register(unsigned irq, axhal_irq_handler_t *handler, void *argument)
{
	IRQ_GUARD();
	SPIN_GUARD_RAW(&s_lock);
	const x86_ioapic_t *ioapic = irq / IOAPIC_LINES < ARRAY_SIZE(s_ioapic) ? &s_ioapic[irq / IOAPIC_LINES] : NULL;
	bool is_line = ioapic && ioapic->base;
	bool is_message = irq >= IRQ_MESSAGE_FIRST && irq - IRQ_MESSAGE_FIRST < s_messages_taken;
	bool is_local = irq >= AXHAL_IRQ_TIMER && irq < AXHAL_IRQ_TIMER + IRQ_LOCAL;
	if (!is_line && !is_message && !is_local)
		return AX_ERR_OUT_OF_RANGE;
	ax_err_t error = handler_table_register(&s_handlers, irq, handler, argument);
	if (error == AX_OK && is_line)
		x86_ioapic_route(ioapic, irq % IOAPIC_LINES, (uint8_t)(IRQ_VECTOR_FIRST + irq),
				 (uint8_t)s_device_target, (x86_ioapic_trigger_t){ .level = irq >= ISA_LINES });
	return error;
}

/* Fixed delivery to one processor: Intel SDM volume 3A, section 11.11. */
ax_err_t axhal_irq_take_message(axhal_irq_message_t *message)
{
	IRQ_GUARD();
	SPIN_GUARD_RAW(&s_lock);
	if (s_messages_taken == IRQ_DEVICES - IRQ_MESSAGE_FIRST)
		return AX_ERR_NO_SPACE;
	unsigned irq = IRQ_MESSAGE_FIRST + s_messages_taken++;
	message->irq = irq;
	message->address_paddr = APIC_PADDR | s_device_target << 12;
	message->data = IRQ_VECTOR_FIRST + irq;
	return AX_OK;
}

void axhal_wait_for_irq(void)
{
	kernel_guard_timing_pause();
	/*
	 * Interrupts are taken only after the instruction that follows STI. HLT, not MWAIT on the word that a waker writes:
	 * devices and wakers raise interrupts anyway, and a hypervisor that takes HLT as "run others" mostly refuses MWAIT.
	 */
	__asm__ volatile("sti\n\thlt" : : : "memory");
	kernel_guard_timing_continue();
}

/* What the timer has left, and the time of reading it: of several readings the one that took least. */
static uint32_t read_count(uint64_t *at_ns)
{
	uint32_t count = 0;
	uint64_t least_ns = UINT64_MAX;
	for (int i = 0; i < 8; i++) {
		uint64_t before_ns = axhal_now_ns();
		uint32_t now = x86_apic_timer_count(&x86_pvh_apic);
		uint64_t took_ns = axhal_now_ns() - before_ns;
		if (took_ns > least_ns)
			continue;
		least_ns = took_ns;
		count = now;
		*at_ns = before_ns + took_ns / 2;
	}
	return count;
}

/* The rate of the counting timer: told by the hypervisor, else measured against the clock. */
static void find_timer_rate(void)
{
	uint64_t khz = cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR ? cpuid(0x40000010, 0).ebx : 0;
	if (khz) {
		s_counts_per_ns = (khz << 32) / 1000000;
		return;
	}
	x86_apic_timer_start(&x86_pvh_apic, UINT32_MAX);
	uint64_t start_ns, end_ns;
	uint32_t start = read_count(&start_ns);
	while (axhal_now_ns() - start_ns < CALIBRATION_NS)
		axhal_cpu_relax();
	uint32_t end = read_count(&end_ns);
	x86_apic_timer_start(&x86_pvh_apic, 0);
	s_counts_per_ns = ((uint64_t)(start - end) << 32) / (end_ns - start_ns);
}

static void set_count(uint64_t deadline_ns)
{
	if (deadline_ns == UINT64_MAX) {
		x86_apic_timer_start(&x86_pvh_apic, 0);
		return;
	}
	uint64_t now = axhal_now_ns();
	if (unlikely(!s_counts_per_ns))
		find_timer_rate();
	uint64_t ns = deadline_ns > now ? deadline_ns - now : 0;
	unsigned __int128 counts = ((unsigned __int128)ns * s_counts_per_ns >> 32) + 1;
	/* Too far for the counter: it interrupts early, and is set again. */
	x86_apic_timer_start(&x86_pvh_apic, counts > UINT32_MAX ? UINT32_MAX : (uint32_t)counts);
}

void x86_pvh_timer_prepare(void)
{
	(void)axhal_now_ns();
	if (!s_deadline_mode && !s_counts_per_ns)
		find_timer_rate();
}

void axhal_timer_set(uint64_t deadline_ns)
{
	if (!s_deadline_mode) {
		set_count(deadline_ns);
		return;
	}
	uint64_t deadline = 0; /* disarms */
	if (deadline_ns != UINT64_MAX) {
		(void)axhal_now_ns(); /* the rate is known from here on */
		deadline = axhal_cycles_at(deadline_ns);
	}
	msr_write(MSR_TSC_DEADLINE, deadline);
}
