/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions of a process: the host's signals SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGTRAP, handled on a stack of
 * their own, as the thread's may be what overflowed. All signals are held back meanwhile, and interrupts masked,
 * which is the trap context that axhal/trap.h speaks of. What nobody handles is reported with its registers, by
 * one CPU while the others stand still.
 */
#include <axhal/console.h>
#include <axhal/power.h>
#include <axhal/smp.h>
#include <axhal/trap.h>
#include <kernel_guard/kernel_guard.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include "../../src/machine.h"
#include "linux.h"

/* The handler, a report's formatting, and the largest signal frame (AVX-512: 3.5 KiB; with AMX, 11 KiB) twice. */
#define TRAP_STACK_BYTES 49152

static axhal_breakpoint_handler_t *_Atomic s_breakpoint_handler;
static axhal_page_fault_handler_t *_Atomic s_page_fault_handler;
static const char *(*_Atomic s_guard_name)(vaddr_t vaddr);
/* One each CPU. Last in .bss (image.ld), so that what is used lies together. */
[[gnu::section(".bss..trap_stack")]] static char
	s_trap_stacks[AXHAL_MAX_CPUS][TRAP_STACK_BYTES] __attribute__((aligned(16)));
PERCPU_DEFINE(void *, axhal_linux_signal_stack) = NULL; /* of this CPU, for smp_entry.S */

static const char *guard_name(vaddr_t vaddr)
{
	if (axhal_linux_is_boot_stack_guard(vaddr))
		return "the boot stack";
	const char *(*name)(vaddr_t) = s_guard_name;
	return name ? name(vaddr) : NULL;
}

/* What a handler may see and change of the interrupted code, and the signal that tells of the exception. */
struct axhal_trap_frame {
	struct linux_registers *registers;
	const struct linux_ucontext *context;
	int signo, code;
	bool masked; /* interrupts were */
};

/* SI_KERNEL: a general protection exception, or no room for a signal's frame; vector and address may be stale then. */
static bool is_page_fault(const axhal_trap_frame_t *frame, axhal_page_fault_t *fault)
{
	return (frame->signo == LINUX_SIGSEGV || frame->signo == LINUX_SIGBUS) && frame->code != LINUX_SI_KERNEL &&
	       axhal_linux_page_fault(frame->registers, fault);
}

/* The stack pointer, or where a signal's frame would lie below it, is in a guard page. */
static const char *overflowed_stack(const axhal_trap_frame_t *frame)
{
	if (frame->signo != LINUX_SIGSEGV || frame->code != LINUX_SI_KERNEL)
		return NULL;
	uintptr_t stack_pointer = axhal_linux_stack_pointer(frame->registers);
	const char *name = guard_name(stack_pointer);
	for (uintptr_t below = PAGE_SIZE; !name && below <= 4 * PAGE_SIZE && below < stack_pointer; below += PAGE_SIZE)
		name = guard_name(stack_pointer - below);
	return name;
}

static void report(void *argument)
{
	const axhal_trap_frame_t *frame = argument;
	const char *name = axhal_linux_exception_name(frame->registers);
	unsigned long pc = axhal_linux_pc(frame->registers);
	axhal_page_fault_t fault;
	axhal_stop_others();
	axhal_linux_dump_registers(frame->registers);
	if (is_page_fault(frame, &fault)) {
		const char *guarded = guard_name(fault.vaddr);
		if (guarded)
			PANIC("%s at pc %#lx: access to %#lx, which guards %s", name, pc,
			      (unsigned long)fault.vaddr, guarded);
		PANIC("page fault at pc %#lx: %s %#lx (%s)", pc,
		      fault.execute ? "execute" : fault.write ? "write" : "read", (unsigned long)fault.vaddr,
		      fault.present ? "not allowed" : "not mapped");
	}
	const char *stack = overflowed_stack(frame);
	if (stack)
		PANIC("at pc %#lx: an interrupt's frame does not fit above what guards %s", pc, stack);
	PANIC("exception %s at pc %#lx", name, pc);
}

/*
 * Where the backtrace goes on behind the pc. After a call of what is no code, the one who called has its return address
 * on top of the stack and no frame-pointer record yet: it is made up in @p record.
 */
static uintptr_t caller(const axhal_trap_frame_t *frame, uintptr_t record[2])
{
	axhal_page_fault_t fault;
	uintptr_t frame_pointer = axhal_linux_frame_pointer(frame->registers);
	uintptr_t stack_pointer = axhal_linux_stack_pointer(frame->registers);
	if (!is_page_fault(frame, &fault) || !fault.execute || !axhal_is_readable(stack_pointer))
		return frame_pointer;
	record[0] = frame_pointer;
	record[1] = *(const uintptr_t *)stack_pointer;
	return (uintptr_t)record;
}

static bool handle(axhal_trap_frame_t *frame)
{
	axhal_page_fault_t fault;
	axhal_breakpoint_handler_t *breakpoint_handler = s_breakpoint_handler;
	axhal_page_fault_handler_t *page_fault_handler = s_page_fault_handler;
	if (frame->signo == LINUX_SIGTRAP)
		return breakpoint_handler && breakpoint_handler(frame);
	return page_fault_handler && is_page_fault(frame, &fault) && page_fault_handler(frame, &fault);
}

static void on_exception(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	axhal_trap_frame_t frame = {
		.registers = &context->registers, .context = context, .signo = signo, .code = info->code,
		.masked = !irq_is_enabled(),
	};
	if (info->code <= 0) /* sent by a process, not raised by an instruction */
		axhal_linux_terminate(signo, info, context);
	irq_state_t state = irq_save();
	if (!handle(&frame)) {
		uintptr_t record[2];
		axhal_linux_call_in_frame(axhal_linux_pc(frame.registers), caller(&frame, record), report, &frame);
	}
	irq_restore(state);
}

void axhal_linux_terminate(int signo, struct linux_siginfo *info, struct linux_ucontext *context)
{
	(void)info;
	(void)context;
	axhal_exit(128 + signo);
}

static void set_action(int signo, const struct linux_sigaction *action, struct linux_sigaction *old)
{
	axhal_linux_syscall(LINUX_SYS_RT_SIGACTION, signo, (long)action, (long)old, sizeof action->mask, 0, 0);
}

static void set_handler(int signo, linux_signal_handler_t *handler, unsigned long flags, uint64_t mask,
			struct linux_sigaction *old)
{
	struct linux_sigaction action = {
		.handler = (uintptr_t)handler,
		.flags = flags | LINUX_SA_SIGINFO | LINUX_SA_RESTORER,
		.restorer = AXHAL_LINUX_SIGRETURN,
		.mask = mask,
	};
	set_action(signo, &action, old);
}

void axhal_linux_handle_signal(int signo, linux_signal_handler_t *handler, unsigned long flags, uint64_t mask)
{
	set_handler(signo, handler, flags, mask, NULL);
}

void axhal_linux_handle_termination(int signo)
{
	struct linux_sigaction old = {};
	set_handler(signo, axhal_linux_terminate, LINUX_SA_ONSTACK, ~UINT64_C(0), &old);
	if (old.handler == LINUX_SIG_IGN)
		set_action(signo, &old, NULL);
}

void axhal_linux_signals_init(void)
{
	const struct linux_stack stack = { .base = s_trap_stacks[axhal_cpu_id()], .bytes = TRAP_STACK_BYTES };
	const uint64_t none = 0;
	percpu_set(axhal_linux_signal_stack, stack.base);
	axhal_linux_sigaltstack(&stack);
	axhal_linux_sigprocmask(LINUX_SIG_SETMASK, &none);
}

/* An exception inside the handler is reported as well; and who reports one stops those that handle theirs, too. */
void axhal_linux_traps_init(void)
{
	static const char exceptions[] = { LINUX_SIGSEGV, LINUX_SIGBUS, LINUX_SIGILL, LINUX_SIGFPE, LINUX_SIGTRAP };
	axhal_linux_signals_init();
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++)
		axhal_linux_handle_signal(exceptions[i], on_exception, LINUX_SA_ONSTACK | LINUX_SA_NODEFER,
					  ~(UINT64_C(1) << (exceptions[i] - 1) | UINT64_C(1) << (LINUX_SIGURG - 1)));
	axhal_linux_handle_termination(LINUX_SIGINT);
	axhal_linux_handle_termination(LINUX_SIGTERM);
}

static bool is_guarded(uintptr_t start, uintptr_t end)
{
	const char *name = guard_name(end);
	for (uintptr_t at = start; !name && at < end; at += PAGE_SIZE)
		name = guard_name(at);
	return name;
}

/*
 * The interrupted code's stack gets a copy of the signal's frame, as if the signal had come there, and the signal stack is
 * left for a function that ends by that frame: so whatever the machine has of registers is restored.
 */
bool axhal_trap_call(axhal_trap_frame_t *frame, void (*function)(uintptr_t argument), uintptr_t argument)
{
	enum { FP_ALIGN = 64, ROOM = 2 * PAGE_SIZE };
	struct linux_registers *registers = frame->registers;
	const size_t fp_bytes = axhal_linux_fp_bytes(registers);
	const uintptr_t stack_pointer = axhal_linux_stack_pointer(registers);
	const uintptr_t fp = align_down(stack_pointer - LINUX_RED_ZONE - fp_bytes, FP_ALIGN);
	const uintptr_t copy = align_down(fp - sizeof *frame->context, 16);
	if (frame->masked || is_guarded(copy - ROOM, stack_pointer))
		return false;
	memcpy((void *)fp, registers->fp_state, fp_bytes);
	memcpy((void *)copy, frame->context, sizeof *frame->context);
	((struct linux_ucontext *)copy)->registers.fp_state = (void *)fp;
	axhal_linux_set_call(registers, (uintptr_t)axhal_linux_call_and_leave, copy, argument, (uintptr_t)function);
	return true;
}

uintptr_t axhal_trap_pc(const axhal_trap_frame_t *frame)
{
	return axhal_linux_pc(frame->registers);
}

void axhal_trap_set_pc(axhal_trap_frame_t *frame, uintptr_t pc)
{
	axhal_linux_set_pc(frame->registers, pc);
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
