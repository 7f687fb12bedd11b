/* SPDX-License-Identifier: Apache-2.0 */
/* What bare machines' traps have in common: who handles them, and the words of their report. */
#pragma once

#include <axhal/trap.h>

/** Ask the handler, if there is one: true if the interrupted code may go on. Trap context. */
bool axhal_handle_breakpoint(axhal_trap_frame_t *frame);
bool axhal_handle_page_fault(axhal_trap_frame_t *frame, const axhal_page_fault_t *fault);

/** Of the architecture: interrupts as the interrupted code had them; false if it had masked them. */
bool axhal_trap_enable_interrupts(const axhal_trap_frame_t *frame);

/** Panics if @p vaddr lies in a guard page, @p what being what has happened; returns if not. */
void axhal_report_guarded(uintptr_t pc, vaddr_t vaddr, const char *what);

/** Panics about an unhandled page fault. */
[[gnu::noreturn]] void axhal_report_page_fault(uintptr_t pc, const axhal_page_fault_t *fault);
