/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts of an aarch64 machine with a GIC, version 2 or 3 as the device tree says. Device lines are the shared interrupts (SPIs) from 0
 * on, all level-triggered, to the boot CPU; the timer is the virtual one; other CPUs raise messages (SGIs). The message that
 * stops a CPU is of group 0, and so an FIQ, which nobody masks: Arm GIC Architecture Specification, IHI 0069, section 4.6. Feature `gic`.
 */
#include <axhal/cpu.h>
#include <axhal/irq.h>
#include <axhal/mem.h>
#include <axhal/smp.h>
#include <arm_gic_v2/arm_gic_v2.h>
#include <arm_gic_v3/arm_gic_v3.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include "../../platform/device_tree/machine_tree.h"
#include "cpu_setup.h"
#include "irq_chip.h"
#include "registers.h"
#include "stop.h"

enum { MESSAGE_WAKE, MESSAGE_CALL, MESSAGE_STOP };

#define FIRST_SHARED 32u
#define NO_INTERRUPT 1020u /* acknowledged numbers from here on are none */
#define TIMER        27u   /* the virtual timer's own line: Arm, Base System Architecture, DEN 0094, section 3.8.2 */

/* IHI 0069, section 12.2 */
#define ICC_PMR     "s3_0_c4_c6_0"
#define ICC_IAR1    "s3_0_c12_c12_0"
#define ICC_EOIR1   "s3_0_c12_c12_1"
#define ICC_BPR1    "s3_0_c12_c12_3"
#define ICC_CTLR    "s3_0_c12_c12_4"
#define ICC_SRE     "s3_0_c12_c12_5"
#define ICC_IGRPEN0 "s3_0_c12_c12_6"
#define ICC_IGRPEN1 "s3_0_c12_c12_7"
#define ICC_SGI1R   "s3_0_c12_c11_5"
#define ICC_SGI0R   "s3_0_c12_c11_7"

static arm_gic_v2_t s_v2;
static arm_gic_v3_t s_v3;
static bool s_is_v3;
static uint8_t s_target[AXHAL_MAX_CPUS]; /* version 2: each CPU's bit */

void axhal_irq_chip_init(void)
{
	const char *compatible = axhal_tree.compatible[TREE_IRQ_CONTROLLER];
	uintptr_t first = axhal_tree_map(TREE_IRQ_CONTROLLER, 0), second = axhal_tree_map(TREE_IRQ_CONTROLLER, 1);
	if (!first || !second)
		PANIC("the device tree has no interrupt controller that is known here");
	s_is_v3 = !strcmp(compatible, "arm,gic-v3");
	if (s_is_v3) {
		paddr_t start;
		uint64_t bytes = 0;
		(void)device_tree_reg(&axhal_tree.devices[TREE_IRQ_CONTROLLER], 1, &start, &bytes);
		s_v3 = (arm_gic_v3_t){ first, second, bytes, false };
		arm_gic_v3_init(&s_v3);
	} else {
		s_v2 = (arm_gic_v2_t){ first, second, false };
		arm_gic_v2_init(&s_v2);
	}
}

static void init_cpu_v3(void)
{
	register_write(ICC_SRE, register_read(ICC_SRE) | 1);
	isb();
	uintptr_t redistributor = arm_gic_v3_redistributor_of(&s_v3, register_read("mpidr_el1"));
	if (!redistributor)
		PANIC("this CPU has no redistributor");
	arm_gic_v3_init_cpu(&s_v3, redistributor, MESSAGE_STOP);
	arm_gic_v3_enable_own(redistributor, TIMER);
	register_write(ICC_PMR, 0xff);
	register_write(ICC_BPR1, 0);
	register_write(ICC_CTLR, 0);
	if (s_v3.has_groups)
		register_write(ICC_IGRPEN0, 1);
	register_write(ICC_IGRPEN1, 1);
	isb();
}

void axhal_irq_chip_init_cpu(unsigned cpu)
{
	if (s_is_v3) {
		init_cpu_v3();
		return;
	}
	s_target[cpu] = arm_gic_v2_init_cpu(&s_v2, MESSAGE_STOP);
	arm_gic_v2_enable(&s_v2, TIMER, 0);
}

bool axhal_irq_chip_has(unsigned irq)
{
	return irq < AXHAL_IRQ_TIMER;
}

/* The boot CPU's lines: nobody else need know who that is. */
void axhal_irq_chip_enable(unsigned irq)
{
	static uint64_t s_boot_cpu = UINT64_MAX;
	if (s_boot_cpu == UINT64_MAX) /* the first is the console's, at boot */
		s_boot_cpu = axhal_boot_cpu_id();
	if (s_is_v3)
		arm_gic_v3_enable(&s_v3, FIRST_SHARED + irq, s_boot_cpu);
	else
		arm_gic_v2_enable(&s_v2, FIRST_SHARED + irq, s_target[0]);
}

/* bindings/interrupt-controller/arm,gic.yaml: kind (0: shared), number, trigger. */
unsigned axhal_irq_chip_line(const uint32_t *cells, unsigned count)
{
	return count >= 2 && cells[0] == 0 ? cells[1] : UINT32_MAX;
}

/* Version 2: the frames of GICv2m (bindings/interrupt-controller/arm,gic.yaml). The other's ITS is not driven. */
bool axhal_irq_chip_take_message(const device_tree_node_t *controller, axhal_irq_message_t *message)
{
	static unsigned s_taken, s_first, s_count;
	paddr_t start;
	uint64_t bytes;
	if (s_is_v3 || !device_tree_is_compatible(controller, "arm,gic-v2m-frame") || !device_tree_reg(controller, 0, &start, &bytes))
		return false;
	if (!s_count) {
		const void *frame = axhal_map_device(start, bytes);
		s_count = frame ? arm_gic_v2_frame_lines((uintptr_t)frame, &s_first) : 0;
		(void)device_tree_cell(controller, "arm,msi-base-spi", 0, &s_first); /* where the register is wrong */
		(void)device_tree_cell(controller, "arm,msi-num-spis", 0, &s_count);
	}
	unsigned line = s_first + s_taken;
	if (s_taken == s_count || s_first < FIRST_SHARED || !axhal_irq_chip_has(line - FIRST_SHARED))
		return false;
	s_taken++;
	arm_gic_v2_set_edge(&s_v2, line);
	*message = (axhal_irq_message_t){ line - FIRST_SHARED, start + ARM_GIC_V2_FRAME_SET_LINE, line };
	return true;
}

static void handle(unsigned interrupt)
{
	if (interrupt == TIMER) {
		axhal_timer_arm(UINT64_MAX); /* its line is a level */
		axhal_irq_handle(AXHAL_IRQ_TIMER);
	} else if (interrupt >= FIRST_SHARED) {
		axhal_irq_handle(interrupt - FIRST_SHARED);
	} else if (interrupt == MESSAGE_STOP && axhal_is_to_stop()) {
		axhal_cpu_halt(); /* where there are no groups */
	} else {
		axhal_irq_handle(interrupt == MESSAGE_WAKE ? AXHAL_IRQ_WAKE : IRQ_CALL);
	}
}

/* One at a time: another that is pending interrupts again at once. */
void axhal_irq_chip_dispatch(void)
{
	unmask_fast_interrupts(); /* masked by the exception; threads run in here */
	uint32_t acknowledged = s_is_v3 ? (uint32_t)register_read(ICC_IAR1) : arm_gic_v2_acknowledge(&s_v2);
	unsigned interrupt = acknowledged & 0x3ff;
	if (interrupt >= NO_INTERRUPT)
		return;
	dsb_ish();
	/* Ended before it is handled? No: a level-triggered line would come again. */
	handle(interrupt);
	if (s_is_v3)
		register_write(ICC_EOIR1, acknowledged);
	else
		arm_gic_v2_end(&s_v2, acknowledged);
}

#if AXHAL_FEATURE_SMP

static void send(unsigned cpu, unsigned message, bool fiq)
{
	__asm__ volatile("dsb ishst" : : : "memory");
	if (!s_is_v3)
		arm_gic_v2_send(&s_v2, message, s_target[cpu], fiq);
	else if (fiq && s_v3.has_groups)
		register_write(ICC_SGI0R, arm_gic_v3_message_to(message, axhal_hardware_id(cpu)));
	else
		register_write(ICC_SGI1R, arm_gic_v3_message_to(message, axhal_hardware_id(cpu)));
	isb();
}

void axhal_irq_chip_send(unsigned cpu, unsigned irq)
{
	send(cpu, irq == AXHAL_IRQ_WAKE ? MESSAGE_WAKE : MESSAGE_CALL, false);
}

void axhal_cpus_stop(uint64_t cpus)
{
	for (; cpus; cpus &= cpus - 1)
		send((unsigned)__builtin_ctzll(cpus), MESSAGE_STOP, true);
}

#endif
