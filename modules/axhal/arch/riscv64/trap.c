/* SPDX-License-Identifier: Apache-2.0 */
/* Traps on riscv64 (RISC-V Privileged Architecture, "Supervisor Cause Register"): those that software may handle, and the report. */
#include <axconfig/axconfig.h>
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/features.h>
#include <axhal/smp.h>
#include <axhal/trap.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "cpu_setup.h"
#include "faults.h"
#include "hex.h"
#include "machine.h"
#include "registers.h"
#include "trap_frame.h"

_Static_assert(offsetof(axhal_trap_frame_t, pc) == TRAP_FRAME_PC, "");
_Static_assert(offsetof(axhal_trap_frame_t, value) == TRAP_FRAME_VALUE, "");
_Static_assert(sizeof(axhal_trap_frame_t) == TRAP_FRAME_RECORD, "");

enum {
	CAUSE_BREAKPOINT = 3,
	CAUSE_FETCH_FAULT = 12,
	CAUSE_LOAD_FAULT = 13,
	CAUSE_STORE_FAULT = 15,
};

/* The stacks that trap_entry.S changes to. */
#define FAULT_STACK_BYTES 8192u
static _Alignas(16) char s_fault_stack[AX_CONFIG_MAX_CPUS][FAULT_STACK_BYTES];

void axhal_trap_init_cpu(unsigned cpu)
{
	csr_write("sscratch", (uintptr_t)s_fault_stack[cpu] + FAULT_STACK_BYTES);
}

static const char *cause_name(uint64_t cause)
{
	static const char *const names[] = {
		"instruction address misaligned", "instruction access fault", "illegal instruction", "breakpoint",
		"load address misaligned", "load access fault", "store address misaligned", "store access fault",
		"environment call from user mode", "environment call from supervisor mode",
	};
	return cause < ARRAY_SIZE(names) ? names[cause] : "unexpected";
}

static void dump_registers(const axhal_trap_frame_t *frame)
{
	static const char names[] = "ra sp gp tp t0 t1 t2 fp s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10s11t3 t4 t5 t6 "
				    "pc sr causv";
	const uint64_t *saved = (const uint64_t *)frame;
	size_t count = offsetof(axhal_trap_frame_t, padding) / sizeof *saved;
	for (size_t i = 0; i < count; i++) {
		char text[3 + 1 + HEX_DIGITS + 1];
		for (size_t j = 0; j < 3; j++)
			text[j] = names[3 * i + j];
		text[3] = ' ';
		hex_format(&text[4], saved[i]);
		text[sizeof text - 1] = i % 3 == 2 || i == count - 1 ? '\n' : ' ';
		axhal_console_write(text, sizeof text);
	}
}

static bool is_page_fault(const axhal_trap_frame_t *frame)
{
	return frame->cause == CAUSE_FETCH_FAULT || frame->cause == CAUSE_LOAD_FAULT || frame->cause == CAUSE_STORE_FAULT;
}

/* The cause does not tell whether the page is there; the page table does. */
static axhal_page_fault_t page_fault(const axhal_trap_frame_t *frame)
{
	return (axhal_page_fault_t){
		.vaddr = frame->value,
		.write = frame->cause == CAUSE_STORE_FAULT,
		.execute = frame->cause == CAUSE_FETCH_FAULT,
		.present = axhal_is_readable(align_down(frame->value, 8)),
	};
}

/*
 * Two callers would be missing from the backtrace. A jump to nowhere: its pc tells nothing that the message does not, and the
 * return address is in ra. And the caller of a function that calls none: such a function saves s0 alone, where others save the
 * return address, which is still in ra.
 */
static void complete_backtrace(axhal_trap_frame_t *frame)
{
	static uintptr_t s_record[2];
	uintptr_t *record = (uintptr_t *)(frame + 1);
	uintptr_t s0 = frame->x[FRAME_S0], ra = frame->x[FRAME_RA];
	if (frame->cause == CAUSE_FETCH_FAULT) {
		record[1] = ra;
		return;
	}
	if (!is_aligned(s0, 8) || !axhal_is_readable(s0 - 8))
		return;
	uintptr_t saved = *(const uintptr_t *)(s0 - 8);
	if (saved - (uintptr_t)ax_text_start < (uintptr_t)(ax_text_end - ax_text_start))
		return;
	s_record[0] = saved;
	s_record[1] = ra;
	record[0] = (uintptr_t)(s_record + 2);
}

[[gnu::noreturn]] static void die(axhal_trap_frame_t *frame)
{
	axhal_stop_others();
	axhal_page_fault_t fault = page_fault(frame);
	complete_backtrace(frame);
	dump_registers(frame);
	if (is_page_fault(frame))
		axhal_report_page_fault(frame->pc, &fault);
	PANIC("exception %lu (%s), value %#lx, at pc %#lx", (unsigned long)frame->cause, cause_name(frame->cause),
	      (unsigned long)frame->value, (unsigned long)frame->pc);
}

/* Compressed instructions have two bytes: Unprivileged ISA, "Base Instruction-Length Encoding". */
static unsigned instruction_bytes(uintptr_t pc)
{
	return (*(const uint16_t *)pc & 3) == 3 ? 4 : 2;
}

static bool is_handled(axhal_trap_frame_t *frame)
{
	if (frame->cause == CAUSE_BREAKPOINT) {
		frame->pc += instruction_bytes(frame->pc);
		return axhal_handle_breakpoint(frame);
	}
	if (!is_page_fault(frame))
		return false;
	axhal_page_fault_t fault = page_fault(frame);
	return axhal_handle_page_fault(frame, &fault);
}

#if AXHAL_FEATURE_SMP
/* An access to a per-CPU variable that was begun is begun again, as it may be on another CPU: percpu/arch.h. */
static void restart_percpu_access(axhal_trap_frame_t *frame)
{
	const uint16_t *before = (const uint16_t *)(frame->pc - 4);
	if ((before[0] | (uint32_t)before[1] << 16) == PERCPU_RISCV_ADD)
		frame->pc -= 4;
}
#endif

/* Called by the entry, interrupts masked. */
void axhal_trap(axhal_trap_frame_t *frame);
void axhal_trap(axhal_trap_frame_t *frame)
{
	if ((int64_t)frame->cause < 0) {
#if AXHAL_FEATURE_SMP
		restart_percpu_access(frame);
#endif
		axhal_interrupt();
		return;
	}
	if (!is_handled(frame))
		die(frame);
}

bool axhal_trap_enable_interrupts(const axhal_trap_frame_t *frame)
{
	if (!(frame->status & SSTATUS_SPIE))
		return false;
	irq_enable();
	return true;
}

uintptr_t axhal_trap_pc(const axhal_trap_frame_t *frame)
{
	return frame->pc;
}

void axhal_trap_set_pc(axhal_trap_frame_t *frame, uintptr_t pc)
{
	frame->pc = pc;
}

void axhal_breakpoint(void)
{
	__asm__ volatile("ebreak");
}
