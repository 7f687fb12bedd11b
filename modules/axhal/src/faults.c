/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of breakpoints and page faults, and the report of those that nobody handles. See faults.h. */
#include <axhal/trap.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>
#include "faults.h"
#include "machine.h"

/* Set by one CPU, called by all, which read a pointer whole. Not _Atomic: what nobody sets costs no code. */
static axhal_breakpoint_handler_t *s_breakpoint_handler;
static axhal_page_fault_handler_t *s_page_fault_handler;
static const char *(*s_guard_name)(vaddr_t vaddr);

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

/* The trap's frame lies on the stack of the code that it has interrupted. */
bool axhal_trap_call(axhal_trap_frame_t *frame, void (*function)(uintptr_t argument), uintptr_t argument)
{
	if (!axhal_trap_enable_interrupts(frame))
		return false;
	function(argument);
	irq_disable();
	return true;
}

bool axhal_handle_breakpoint(axhal_trap_frame_t *frame)
{
	return s_breakpoint_handler && s_breakpoint_handler(frame);
}

bool axhal_handle_page_fault(axhal_trap_frame_t *frame, const axhal_page_fault_t *fault)
{
	return s_page_fault_handler && s_page_fault_handler(frame, fault);
}

static const char *guard_name(vaddr_t vaddr)
{
	if (vaddr - (vaddr_t)ax_boot_guard < PAGE_SIZE)
		return "the boot stack";
	return s_guard_name ? s_guard_name(vaddr) : NULL;
}

void axhal_report_guarded(uintptr_t pc, vaddr_t vaddr, const char *what)
{
	const char *guarded = guard_name(vaddr);
	if (guarded)
		PANIC("%s at pc %#lx: access to %#lx, which guards %s", what, (unsigned long)pc, (unsigned long)vaddr, guarded);
}

void axhal_report_page_fault(uintptr_t pc, const axhal_page_fault_t *fault)
{
	axhal_report_guarded(pc, fault->vaddr, "page fault");
	PANIC("page fault at pc %#lx: %s %#lx (%s)", (unsigned long)pc,
	      fault->execute ? "execute" : fault->write ? "write" : "read", (unsigned long)fault->vaddr,
	      fault->present ? "not allowed" : "not mapped");
}
