/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions on aarch64 (Arm ARM DDI 0487, D1.3; ESR_EL1, D19.2): those that software may handle, and the report of the rest. */
#include <axconfig/axconfig.h>
#include <axhal/console.h>
#include <axhal/cpu.h>
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
#include "stop.h"
#include "trap_frame.h"

_Static_assert(offsetof(axhal_trap_frame_t, x[18]) == TRAP_FRAME_X18, "");
_Static_assert(offsetof(axhal_trap_frame_t, sp) == TRAP_FRAME_SP, "");
_Static_assert(offsetof(axhal_trap_frame_t, pc) == TRAP_FRAME_PC, "");
_Static_assert(sizeof(axhal_trap_frame_t) == TRAP_FRAME_RECORD, "");

/* ESR_EL1.EC */
enum {
	CLASS_UNKNOWN = 0x00,
	CLASS_FP = 0x07,
	CLASS_FETCH = 0x21, /* instruction abort of this level */
	CLASS_PC = 0x22,
	CLASS_ACCESS = 0x25, /* data abort of this level */
	CLASS_SP = 0x26,
	CLASS_SERROR = 0x2f,
	CLASS_BRK = 0x3c,
};

#define ESR_CLASS(esr)  ((unsigned)((esr) >> 26) & 0x3f)
#define ESR_STATUS(esr) ((unsigned)(esr) & 0x3f) /* IFSC, DFSC: kind in bits 5:2, level below */
#define ESR_WRITE       (1u << 6)
#define ESR_MAINTENANCE (1u << 8) /* a cache operation, which counts as a read here */
#define STATUS_TRANSLATION 0x04
#define STATUS_ACCESS_FLAG 0x08
#define STATUS_PERMISSION  0x0c

#define BRK_BYTES 4u

/* The stacks that vectors.S changes to. */
#define FAULT_STACK_BYTES 8192u
static _Alignas(16) char s_fault_stack[AX_CONFIG_MAX_CPUS][FAULT_STACK_BYTES];

/* SP_EL0 can be written while SP_EL1 is in use. */
void axhal_trap_init_cpu(unsigned cpu)
{
	register_write("sp_el0", (uintptr_t)s_fault_stack[cpu] + FAULT_STACK_BYTES);
	__asm__ volatile("msr daifclr, #5" : : : "memory"); /* SError and FIQ, for good */
}

static const char *class_name(unsigned class)
{
	switch (class) {
	case CLASS_UNKNOWN:
		return "undefined instruction";
	case CLASS_FP:
		return "floating point is off";
	case CLASS_FETCH:
		return "instruction abort";
	case CLASS_PC:
		return "pc not aligned";
	case CLASS_ACCESS:
		return "data abort";
	case CLASS_SP:
		return "stack pointer not aligned";
	case CLASS_SERROR:
		return "SError";
	case CLASS_BRK:
		return "breakpoint";
	default:
		return "unexpected";
	}
}

static void dump_registers(const axhal_trap_frame_t *frame)
{
	static const char names[] = "x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10x11x12x13x14x15x16x17x18x19x20x21x22x23x24x25x26x27x28fp "
				    "lr sp pc psresrfar";
	const uint64_t *saved = (const uint64_t *)frame;
	for (size_t i = 0; i < sizeof *frame / sizeof *saved; i++) {
		char text[3 + 1 + HEX_DIGITS + 1];
		for (size_t j = 0; j < 3; j++)
			text[j] = names[3 * i + j];
		text[3] = ' ';
		hex_format(&text[4], saved[i]);
		text[sizeof text - 1] = i % 3 == 2 ? '\n' : ' ';
		axhal_console_write(text, sizeof text);
	}
}

static bool is_page_fault(const axhal_trap_frame_t *frame)
{
	unsigned class = ESR_CLASS(frame->esr), kind = ESR_STATUS(frame->esr) & ~3u;
	return (class == CLASS_FETCH || class == CLASS_ACCESS) &&
	       (kind == STATUS_TRANSLATION || kind == STATUS_ACCESS_FLAG || kind == STATUS_PERMISSION);
}

static axhal_page_fault_t page_fault(const axhal_trap_frame_t *frame)
{
	bool fetch = ESR_CLASS(frame->esr) == CLASS_FETCH;
	return (axhal_page_fault_t){
		.vaddr = frame->far,
		.write = !fetch && (frame->esr & ESR_WRITE) && !(frame->esr & ESR_MAINTENANCE),
		.execute = fetch,
		.present = (ESR_STATUS(frame->esr) & ~3u) == STATUS_PERMISSION,
	};
}

/*
 * A jump to nowhere: the pc tells nothing that the message does not, and the caller, whose return address is in the link
 * register, would be missing. It takes the pc's place in the frame record behind the frame.
 */
static void show_caller_of_bad_pc(axhal_trap_frame_t *frame)
{
	if (ESR_CLASS(frame->esr) == CLASS_FETCH)
		((uint64_t *)(frame + 1))[1] = frame->x[30];
}

[[gnu::noreturn]] static void die(axhal_trap_frame_t *frame)
{
	axhal_stop_others();
	show_caller_of_bad_pc(frame);
	dump_registers(frame);
	if (is_page_fault(frame)) {
		axhal_page_fault_t fault = page_fault(frame);
		axhal_report_page_fault(frame->pc, &fault);
	}
	PANIC("exception %#x (%s), syndrome %#lx, at pc %#lx", ESR_CLASS(frame->esr), class_name(ESR_CLASS(frame->esr)),
	      (unsigned long)frame->esr, (unsigned long)frame->pc);
}

static bool is_handled(axhal_trap_frame_t *frame)
{
	if (ESR_CLASS(frame->esr) == CLASS_BRK) {
		frame->pc += BRK_BYTES;
		return axhal_handle_breakpoint(frame);
	}
	if (!is_page_fault(frame))
		return false;
	axhal_page_fault_t fault = page_fault(frame);
	return axhal_handle_page_fault(frame, &fault);
}

/* Called by the vectors, interrupts masked. */
void axhal_trap(axhal_trap_frame_t *frame);
void axhal_trap(axhal_trap_frame_t *frame)
{
	if (!is_handled(frame))
		die(frame);
}

bool axhal_trap_enable_interrupts(const axhal_trap_frame_t *frame)
{
	if (frame->pstate & PSTATE_I)
		return false;
	__asm__ volatile("msr daifclr, #5" : : : "memory"); /* SError and FIQ, which the exception has masked */
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
	__asm__ volatile("brk #0");
}
