/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions that software may handle. Anything unhandled is a panic that shows registers and a backtrace. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <memory_addr/memory_addr.h>

#pragma GCC visibility push(default)

typedef struct axhal_trap_frame axhal_trap_frame_t; /* the arch's registers at the trap */

uintptr_t axhal_trap_pc(const axhal_trap_frame_t *frame);
void axhal_trap_set_pc(axhal_trap_frame_t *frame, uintptr_t pc);

/** Returns true if the trap is dealt with and the interrupted code may go on. Trap context: interrupts masked. */
typedef bool axhal_breakpoint_handler_t(axhal_trap_frame_t *frame);

typedef struct axhal_page_fault {
	vaddr_t vaddr;     /* what was accessed */
	bool write, execute, present;
} axhal_page_fault_t;
typedef bool axhal_page_fault_handler_t(axhal_trap_frame_t *frame, const axhal_page_fault_t *fault);

/**
 * For a handler: the interrupted code calls function(argument), on its stack and with interrupts enabled, before it goes on
 * where it was; the function may as well never return. It runs now, or when the handler has returned true.
 * @return false if it had masked interrupts, or its stack is full: nothing was called
 */
bool axhal_trap_call(axhal_trap_frame_t *frame, void (*function)(uintptr_t argument), uintptr_t argument);

/** Set the one handler of its kind (NULL: none). On return from a breakpoint the pc is past the instruction. */
void axhal_set_breakpoint_handler(axhal_breakpoint_handler_t *handler);
void axhal_set_page_fault_handler(axhal_page_fault_handler_t *handler);

/**
 * Names of guard pages: called for an unhandled page fault; returns what the page guards ("stack of thread
 * \"worker\"") or NULL. Set by axtask so that an overflow is reported as one.
 */
void axhal_set_guard_name(const char *(*guard_name)(vaddr_t vaddr));

/** Execute the arch's breakpoint instruction. */
void axhal_breakpoint(void);

#pragma GCC visibility pop
