/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions on x86_64 (Intel SDM volume 3A, chapter 6): those that software may handle, and the report of the rest. */
#include <axhal/console.h>
#include <axhal/cpu.h>
#include <axhal/mem.h>
#include <axhal/smp.h>
#include <axhal/trap.h>
#include <base/base.h>
#include <panic/panic.h>
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

/* Set by one CPU, called by all, which read a pointer whole. Not _Atomic: what nobody sets costs no code. */
static axhal_breakpoint_handler_t *s_breakpoint_handler;
static axhal_page_fault_handler_t *s_page_fault_handler;
static const char *(*s_guard_name)(vaddr_t vaddr);

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

static const char *guard_name(vaddr_t vaddr)
{
	if (vaddr - (vaddr_t)ax_boot_guard < PAGE_SIZE)
		return "the boot stack";
	return s_guard_name ? s_guard_name(vaddr) : NULL;
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

[[gnu::noreturn]] static void die(axhal_trap_frame_t *frame)
{
	axhal_stop_others();
	show_caller_of_bad_pc(frame);
	uint64_t cr2 = cr2_read();
	bool faulted = frame->vector == VECTOR_PAGE_FAULT || frame->vector == VECTOR_DOUBLE_FAULT;
	const char *guarded = faulted ? guard_name(cr2) : NULL;
	dump_registers(frame, cr2);
	if (guarded)
		PANIC("%s at pc %#lx: access to %#lx, which guards %s", exception_name(frame->vector),
		      (unsigned long)frame->rip, (unsigned long)cr2, guarded);
	if (frame->vector == VECTOR_PAGE_FAULT)
		PANIC("page fault at pc %#lx: %s %#lx (%s)", (unsigned long)frame->rip,
		      frame->error & FAULT_EXECUTE ? "execute" : frame->error & FAULT_WRITE ? "write" : "read",
		      (unsigned long)cr2, frame->error & FAULT_PRESENT ? "not allowed" : "not mapped");
	PANIC("exception %lu (%s), error %#lx, at pc %#lx", (unsigned long)frame->vector,
	      exception_name(frame->vector), (unsigned long)frame->error, (unsigned long)frame->rip);
}

static bool page_fault(axhal_trap_frame_t *frame)
{
	if (!s_page_fault_handler)
		return false;
	axhal_page_fault_t fault = {
		.vaddr = cr2_read(),
		.write = frame->error & FAULT_WRITE,
		.execute = frame->error & FAULT_EXECUTE,
		.present = frame->error & FAULT_PRESENT,
	};
	return s_page_fault_handler(frame, &fault);
}

/* Called by the entries, interrupts masked. */
void axhal_trap(axhal_trap_frame_t *frame);
void axhal_trap(axhal_trap_frame_t *frame)
{
	if (frame->vector == VECTOR_NMI && axhal_is_to_stop())
		axhal_cpu_halt();
	if (frame->vector == VECTOR_BREAKPOINT && s_breakpoint_handler && s_breakpoint_handler(frame))
		return;
	if (frame->vector == VECTOR_PAGE_FAULT && page_fault(frame))
		return;
	die(frame);
}

uintptr_t axhal_trap_pc(const axhal_trap_frame_t *frame)
{
	return frame->rip;
}

void axhal_trap_set_pc(axhal_trap_frame_t *frame, uintptr_t pc)
{
	frame->rip = pc;
}

void axhal_set_breakpoint_handler(axhal_breakpoint_handler_t *handler)
{
	s_breakpoint_handler = handler;
}

void axhal_set_page_fault_handler(axhal_page_fault_handler_t *handler)
{
	s_page_fault_handler = handler;
}

void axhal_set_guard_name(const char *(*name)(vaddr_t vaddr))
{
	s_guard_name = name;
}

void axhal_breakpoint(void)
{
	__asm__ volatile("int3");
}
