/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accesses that memory refuses, as signals: SIGBUS behind the end of a mapped file, else SIGSEGV. The handler runs where the
 * access was made, which is made again when it returns: it may have mended it by mprotect() or mmap(). Without a handler, in
 * a system call, and where interrupts are masked (as in an image with one thread) or the stack is full, a fault is what it is without signals: the end, with a
 * report.
 */
#include "mapping.h"
#include "signal.h"

#include <axhal/trap.h>

static void handle(uintptr_t address)
{
	int signal, code;
	posix_memory_fault((const void *)address, &signal, &code);
	posix_signal_fault(signal, code, (const void *)address);
}

static bool on_page_fault(axhal_trap_frame_t *frame, const axhal_page_fault_t *fault)
{
	return !ax_posix_self.in_call && posix_handles_faults() && axhal_trap_call(frame, handle, fault->vaddr);
}

void posix_faults_begin(void)
{
	axhal_set_page_fault_handler(on_page_fault);
}
