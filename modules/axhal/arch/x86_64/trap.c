/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions on x86_64 (Intel SDM volume 3A, chapter 6): those that software may handle, and the report of the rest. */
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/smp.h>
#include <axhal/trap.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "faults.h"
#include "hex.h"
#include "machine.h"
#include "registers.h"
#include "stop.h"
#include "trap_frame.h"

_Static_assert(offsetof(axhal_trap_frame_t, rip) == TRAP_FRAME_RIP, "");

#define VECTOR_NMI          2u
#define VECTOR_BREAKPOINT   3u
#define VECTOR_DOUBLE_FAULT 8u
#define VECTOR_PAGE_FAULT   14u

/* Page-fault error code: Intel SDM volume 3A, section 4.7. */
#define FAULT_PRESENT (1u << 0)
#define FAULT_WRITE   (1u << 1)
#define FAULT_EXECUTE (1u << 4)

/* Table 6-1, padded to one width. */
static const char s_exception_names[] = "#DE\0#DB\0NMI\0#BP\0#OF\0#BR\0#UD\0#NM\0#DF\0#09\0#TS\0#NP\0#SS\0#GP\0#PF\0#15\0"
					"#MF\0#AC\0#MC\0#XM\0#VE\0#CP\0";

static const char *exception_name(uint64_t vector)
{
	return vector * 4 < sizeof s_exception_names - 1 ? &s_exception_names[vector * 4] : "reserved";
}

static void dump_registers(const axhal_trap_frame_t *frame, uint64_t cr2)
{
	static const char names[] = "r15r14r13r12r11r10r9 r8 rdirsirbprbxrdxrcxraxvecerrripcs flgrspss cr2cr3cr4";
	const uint64_t *saved = (const uint64_t *)frame;
	size_t saved_count = sizeof *frame / sizeof *saved;
	const uint64_t control[] = { cr2, cr3_read(), cr4_read() };
	for (size_t i = 0; i < saved_count + ARRAY_SIZE(control); i++) {
		char text[3 + 1 + HEX_DIGITS + 1];
		for (size_t j = 0; j < 3; j++)
			text[j] = names[3 * i + j];
		text[3] = ' ';
		hex_format(&text[4], i < saved_count ? saved[i] : control[i - saved_count]);
		text[sizeof text - 1] = i % 3 == 2 ? '\n' : ' ';
		axhal_console_write(text, sizeof text);
	}
	axhal_console_write("\n", 1);
}

/*
 * A jump to nowhere: the pc tells nothing that the message does not, and the caller, whose return address the call
 * left on top of the stack, would be missing. It takes the pc's place in the frame-pointer record below the frame.
 */
static void show_caller_of_bad_pc(axhal_trap_frame_t *frame)
{
	bool fetch = frame->vector == VECTOR_PAGE_FAULT && (frame->error & FAULT_EXECUTE);
	if (fetch && axhal_is_readable(frame->rsp))
		((uintptr_t *)frame)[-1] = *(const uintptr_t *)frame->rsp;
}

static axhal_page_fault_t page_fault(const axhal_trap_frame_t *frame)
{
	return (axhal_page_fault_t){
		.vaddr = cr2_read(),
		.write = frame->error & FAULT_WRITE,
		.execute = frame->error & FAULT_EXECUTE,
		.present = frame->error & FAULT_PRESENT,
	};
}

[[gnu::noreturn]] static void die(axhal_trap_frame_t *frame)
{
	axhal_stop_others();
	show_caller_of_bad_pc(frame);
	axhal_page_fault_t fault = page_fault(frame);
	dump_registers(frame, fault.vaddr);
	if (frame->vector == VECTOR_DOUBLE_FAULT)
		axhal_report_guarded(frame->rip, fault.vaddr, exception_name(frame->vector));
	if (frame->vector == VECTOR_PAGE_FAULT)
		axhal_report_page_fault(frame->rip, &fault);
	PANIC("exception %lu (%s), error %#lx, at pc %#lx", (unsigned long)frame->vector,
	      exception_name(frame->vector), (unsigned long)frame->error, (unsigned long)frame->rip);
}

static bool is_handled(axhal_trap_frame_t *frame)
{
	if (frame->vector == VECTOR_BREAKPOINT)
		return axhal_handle_breakpoint(frame);
	if (frame->vector != VECTOR_PAGE_FAULT)
		return false;
	axhal_page_fault_t fault = page_fault(frame);
	return axhal_handle_page_fault(frame, &fault);
}

/* Called by the entries, interrupts masked. */
void axhal_trap(axhal_trap_frame_t *frame);
void axhal_trap(axhal_trap_frame_t *frame)
{
	if (frame->vector == VECTOR_NMI && axhal_is_to_stop())
		axhal_cpu_halt();
	if (!is_handled(frame))
		die(frame);
}

bool axhal_trap_enable_interrupts(const axhal_trap_frame_t *frame)
{
	if (!(frame->rflags & KERNEL_GUARD_RFLAGS_IF))
		return false;
	irq_enable();
	return true;
}

uintptr_t axhal_trap_pc(const axhal_trap_frame_t *frame)
{
	return frame->rip;
}

void axhal_trap_set_pc(axhal_trap_frame_t *frame, uintptr_t pc)
{
	frame->rip = pc;
}

void axhal_breakpoint(void)
{
	__asm__ volatile("int3");
}
