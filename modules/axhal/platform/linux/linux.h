/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux as the machine: the few system calls that the hosted platform makes, and what its files share.
 * Structures and constants are those of the kernel's own interface (include/uapi), not of any C library.
 * A system call returns -errno on failure.
 */
#pragma once

#include <axhal/features.h>
#include <axhal/trap.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include "x86_64/abi.h"
#else
#error "the hosted platform lacks this architecture's abi.h"
#endif

enum { /* errno, asm-generic/errno-base.h */
	LINUX_EINTR = 4,
	LINUX_EAGAIN = 11,
	LINUX_EFAULT = 14,
};

enum { /* files, asm-generic/fcntl.h and linux/fs.h */
	LINUX_O_RDONLY = 0,
	LINUX_O_RDWR = 2,
	LINUX_O_CLOEXEC = 02000000,
	LINUX_SEEK_END = 2,
};

enum { /* signals and their actions, asm-generic/signal.h */
	LINUX_SIGHUP = 1,
	LINUX_SIGINT = 2,
	LINUX_SIGQUIT = 3,
	LINUX_SIGILL = 4,
	LINUX_SIGTRAP = 5,
	LINUX_SIGBUS = 7,
	LINUX_SIGFPE = 8,
	LINUX_SIGSEGV = 11,
	LINUX_SIGPIPE = 13,
	LINUX_SIGALRM = 14,
	LINUX_SIGTERM = 15,
	LINUX_SIGCONT = 18,
	LINUX_SIGURG = 23,
	LINUX_SIGIO = 29,

	LINUX_SIG_IGN = 1,
	LINUX_SIG_UNBLOCK = 1,
	LINUX_SIG_SETMASK = 2,
	LINUX_SI_KERNEL = 0x80,
	LINUX_SI_TIMER = -2,
};

#define LINUX_SA_SIGINFO  0x00000004ul
#define LINUX_SA_RESTORER 0x04000000ul
#define LINUX_SA_ONSTACK  0x08000000ul
#define LINUX_SA_RESTART  0x10000000ul
#define LINUX_SA_NODEFER  0x40000000ul

struct linux_siginfo {
	int signo, error, code, padding;
	uintptr_t address; /* of SIGSEGV, SIGBUS, SIGILL, SIGFPE */
	char rest[104];
};

struct linux_stack {
	void *base;
	int flags;
	size_t bytes;
};

struct linux_ucontext {
	unsigned long flags;
	struct linux_ucontext *link;
	struct linux_stack stack;
	struct linux_registers registers;
	uint64_t signal_mask;
};

typedef void linux_signal_handler_t(int signo, struct linux_siginfo *info, struct linux_ucontext *context);

struct linux_sigaction {
	uintptr_t handler;
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

struct linux_timespec {
	int64_t sec, nsec;
};

struct linux_itimerspec {
	struct linux_timespec interval, value;
};

enum {
	LINUX_CLOCK_REALTIME = 0,
	LINUX_CLOCK_MONOTONIC = 1,
	LINUX_TIMER_ABSTIME = 1,
	LINUX_SIGEV_THREAD_ID = 4,
};

struct linux_sigevent {
	uintptr_t value;
	int signo, notify, thread_id;
	char rest[44];
};

enum {
	LINUX_POLLIN = 1,
	LINUX_POLLOUT = 4,
};

struct linux_pollfd {
	int fd;
	short events, revents;
};

enum { /* mmap, asm-generic/mman-common.h */
	LINUX_PROT_READ = 1,
	LINUX_PROT_WRITE = 2,
	LINUX_PROT_EXEC = 4,
};

#define LINUX_MAP_PRIVATE	  0x02
#define LINUX_MAP_ANONYMOUS	  0x20
#define LINUX_MAP_NORESERVE	  0x4000
#define LINUX_MAP_FIXED_NOREPLACE 0x100000

enum { /* linux/sched.h */
	LINUX_CLONE_VM = 0x100,
	LINUX_CLONE_FS = 0x200,
	LINUX_CLONE_FILES = 0x400,
	LINUX_CLONE_SIGHAND = 0x800,
	LINUX_CLONE_THREAD = 0x10000,
	LINUX_CLONE_SYSVSEM = 0x40000,
	LINUX_CLONE_A_THREAD = LINUX_CLONE_VM | LINUX_CLONE_FS | LINUX_CLONE_FILES | LINUX_CLONE_SIGHAND |
			       LINUX_CLONE_THREAD | LINUX_CLONE_SYSVSEM,

	LINUX_PR_SET_NAME = 15, /* linux/prctl.h */
};

enum { /* linux/futex.h, both for one process alone */
	LINUX_FUTEX_WAIT_PRIVATE = 128,
	LINUX_FUTEX_WAKE_PRIVATE = 129,
};

enum { /* auxiliary vector, linux/auxvec.h */
	LINUX_AT_NULL = 0,
	LINUX_AT_RANDOM = 25,
	LINUX_AT_HWCAP2 = 26,
	LINUX_AT_SYSINFO_EHDR = 33,
};

/* The only system-call instructions are behind these (syscall.S and smp_entry.S of the architecture). */
long axhal_linux_syscall(long number, long a, long b, long c, long d, long e, long f);
long axhal_linux_syscall_unless(const bool *flag, long number, long a, long b, long c, long d, long e);
void axhal_linux_sigreturn(void);

static inline long axhal_linux_read(int fd, void *buffer, size_t bytes)
{
	return axhal_linux_syscall(LINUX_SYS_READ, fd, (long)buffer, (long)bytes, 0, 0, 0);
}

static inline long axhal_linux_write(int fd, const void *buffer, size_t bytes)
{
	return axhal_linux_syscall(LINUX_SYS_WRITE, fd, (long)buffer, (long)bytes, 0, 0, 0);
}

static inline long axhal_linux_ioctl(int fd, unsigned request, void *argument)
{
	return axhal_linux_syscall(LINUX_SYS_IOCTL, fd, request, (long)argument, 0, 0, 0);
}

static inline long axhal_linux_file_bytes(int fd)
{
	return axhal_linux_syscall(LINUX_SYS_LSEEK, fd, 0, LINUX_SEEK_END, 0, 0, 0);
}

static inline long axhal_linux_mmap(uintptr_t address, size_t bytes, int protection, int flags)
{
	return axhal_linux_syscall(LINUX_SYS_MMAP, (long)address, (long)bytes, protection, flags, -1, 0);
}

static inline long axhal_linux_mprotect(uintptr_t address, size_t bytes, int protection)
{
	return axhal_linux_syscall(LINUX_SYS_MPROTECT, (long)address, (long)bytes, protection, 0, 0, 0);
}

static inline long axhal_linux_ppoll(struct linux_pollfd *fds, size_t count, const struct linux_timespec *timeout)
{
	return axhal_linux_syscall(LINUX_SYS_PPOLL, (long)fds, (long)count, (long)timeout, 0, 0, 0);
}

/** Poll without end, but not at all if @p flag is set or a signal handler sets it. */
static inline long axhal_linux_ppoll_unless(const bool *flag, struct linux_pollfd *fds, size_t count)
{
	return axhal_linux_syscall_unless(flag, LINUX_SYS_PPOLL, (long)fds, (long)count, 0, 0, 0);
}

static inline long axhal_linux_clock_gettime(int clock, struct linux_timespec *now)
{
	return axhal_linux_syscall(LINUX_SYS_CLOCK_GETTIME, clock, (long)now, 0, 0, 0, 0);
}

static inline long axhal_linux_getrandom(void *buffer, size_t bytes, unsigned flags)
{
	return axhal_linux_syscall(LINUX_SYS_GETRANDOM, (long)buffer, (long)bytes, flags, 0, 0, 0);
}

static inline long axhal_linux_gettid(void)
{
	return axhal_linux_syscall(LINUX_SYS_GETTID, 0, 0, 0, 0, 0, 0);
}

static inline long axhal_linux_timer_create(int clock, struct linux_sigevent *event, int *timer)
{
	return axhal_linux_syscall(LINUX_SYS_TIMER_CREATE, clock, (long)event, (long)timer, 0, 0, 0);
}

static inline long axhal_linux_timer_settime(int timer, int flags, const struct linux_itimerspec *value)
{
	return axhal_linux_syscall(LINUX_SYS_TIMER_SETTIME, timer, flags, (long)value, 0, 0, 0);
}

static inline long axhal_linux_sigaltstack(const struct linux_stack *stack)
{
	return axhal_linux_syscall(LINUX_SYS_SIGALTSTACK, (long)stack, 0, 0, 0, 0, 0);
}

static inline long axhal_linux_sigprocmask(int how, const uint64_t *set)
{
	return axhal_linux_syscall(LINUX_SYS_RT_SIGPROCMASK, how, (long)set, 0, sizeof *set, 0, 0);
}

static inline void axhal_linux_sched_yield(void)
{
	axhal_linux_syscall(LINUX_SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0);
}

static inline long axhal_linux_getpid(void)
{
	return axhal_linux_syscall(LINUX_SYS_GETPID, 0, 0, 0, 0, 0, 0);
}

static inline long axhal_linux_tgkill(int process, int thread, int signo)
{
	return axhal_linux_syscall(LINUX_SYS_TGKILL, process, thread, signo, 0, 0, 0);
}

static inline long axhal_linux_prctl(int option, const void *argument)
{
	return axhal_linux_syscall(LINUX_SYS_PRCTL, option, (long)argument, 0, 0, 0, 0);
}

/** Sleep while *word is @p value; may return early. */
static inline long axhal_linux_futex_wait(atomic_uint *word, unsigned value)
{
	return axhal_linux_syscall(LINUX_SYS_FUTEX, (long)word, LINUX_FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

/** Wake one who sleeps on it. */
static inline long axhal_linux_futex_wake(atomic_uint *word)
{
	return axhal_linux_syscall(LINUX_SYS_FUTEX, (long)word, LINUX_FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

[[gnu::noreturn]] static inline void axhal_linux_exit_group(int status)
{
	for (;;)
		axhal_linux_syscall(LINUX_SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

/** Have @p handler called at @p signo, with the signals of @p mask held back; @p flags are LINUX_SA_*. */
void axhal_linux_handle_signal(int signo, linux_signal_handler_t *handler, unsigned long flags, uint64_t mask);

/** Have @p signo end the image in order, unless whoever started the process had it ignored. */
void axhal_linux_handle_termination(int signo);

/** The handler for that: the terminal as it was, and exit status 128 + signo. */
void axhal_linux_terminate(int signo, struct linux_siginfo *info, struct linux_ucontext *context);

/* entry.S of the architecture, and what it calls first: on the stack as the host left it */
[[gnu::noreturn]] void axhal_linux_boot(uintptr_t *process_stack);
/** Call @p function on another stack, never to return; a chain of frames starts there. */
[[gnu::noreturn]] void axhal_linux_call_on(void *stack_top, void (*function)(void));
/** Call @p function as if the code at @p pc had: a backtrace goes on there. Never returns. */
[[gnu::noreturn]] void axhal_linux_call_in_frame(uintptr_t pc, uintptr_t frame_pointer, void (*function)(void *),
					    void *argument);
/* start.c */
/** Before anything can panic: a message on standard error, and exit status 255. */
[[gnu::noreturn]] void axhal_linux_die(const char *message);

/* memory.c */
/** RAM's first page: "physical" page 0 is left out. */
#define AXHAL_LINUX_RAM_START_PADDR PAGE_SIZE
/** Map @p ram_bytes of RAM, the lowest page left out; @return the top of the boot stack, which lies at its start. */
void *axhal_linux_memory_init(size_t ram_bytes);
/** Whether @p vaddr lies just below the boot stack, where nothing is mapped. */
bool axhal_linux_is_boot_stack_guard(vaddr_t vaddr);

/* traps.c */
void axhal_linux_traps_init(void);
/** What each CPU does for itself: its signal stack, all signals let through. */
void axhal_linux_signals_init(void);

/* irq.c */
/** Handle the signal that is the interrupt. */
void axhal_linux_irq_init(void);
/** And the one of the host's files. */
void axhal_linux_host_irq_init(void);

/* time.c */
void axhal_linux_time_init(const void *vdso);
/** Nanoseconds of the host's CLOCK_MONOTONIC at the zero of axhal_now_ns(). */
extern uint64_t axhal_linux_boot_ns;

/* vdso.c */
/** The address of function @p name in the ELF image @p vdso as the kernel mapped it, or NULL. */
void *axhal_linux_vdso_find(const void *vdso, const char *name);

/* console.c */
void axhal_linux_console_restore(void);
/** Whether the reader waits for a byte: then axhal_wait_for_irq() watches standard input, until one has come. */
extern atomic_bool axhal_linux_console_wanted;
/** It has come: call who is to be told. Interrupts masked. */
void axhal_linux_console_arrived(void);

/* cpu.c of the architecture */
/** Note what the processor lets a process do: AT_HWCAP2 of the auxiliary vector. */
void axhal_linux_read_hwcap2(unsigned long hwcap2);

#if AXHAL_FEATURE_SMP
/* smp.c */
/** This is CPU 0, and the environment may say how many there are. The first of all. */
void axhal_linux_cpus_init(void);
void axhal_linux_signal_cpu(unsigned cpu, int signo);

/* smp.c and smp_entry.S of the architecture */
/** Make @p base what per-CPU variables of this host thread are found by: percpu_base_of[]. */
void axhal_linux_set_cpu_base(uintptr_t base);
/** A host thread that calls @p function on its own stack. @return its number */
long axhal_linux_clone(unsigned long flags, void *stack_top, void (*function)(void));
/** Where signal handlers return to: axhal_linux_sigreturn() for several CPUs. */
void axhal_linux_sigreturn_here(void);
/** If the signal came in there, have it begin again. */
void axhal_linux_restart_return(struct linux_registers *registers);
/** Set AXHAL_LINUX_PENDING_TIMER in this CPU's word of pending interrupts. */
void axhal_linux_pend_timer(void);
enum { AXHAL_LINUX_PENDING_TIMER = 1 };
#define AXHAL_LINUX_SIGRETURN axhal_linux_sigreturn_here
#else
static inline void axhal_linux_cpus_init(void)
{
}
#define AXHAL_LINUX_SIGRETURN axhal_linux_sigreturn
#endif

/* irq_entry.S of the architecture, and what it calls in irq.c */
/** The handler of the signal that is the interrupt: axhal_linux_interrupt(), then out of its frame. */
linux_signal_handler_t axhal_linux_interrupt_entry;
void axhal_linux_call_and_leave(void);
/** @return whether interrupts are masked now and were not before: then they are to be unmasked with the frame's end,
 *  and what has become pending is handled before. Else the frame is left as it is. */
bool axhal_linux_interrupt(int signo, struct linux_siginfo *info, struct linux_ucontext *context);
/** What has become pending. Interrupts masked, as on return. */
void axhal_linux_interrupt_again(void);

/* registers.c of the architecture: what a signal interrupted */
/** If the signal came on the way out of another one's frame, have that begin again, interrupts masked. */
bool axhal_linux_restart_leave(struct linux_registers *registers);
/** If the signal came between the test and the call in axhal_linux_syscall_unless(), have it return -EINTR. */
void axhal_linux_skip_syscall(struct linux_registers *registers);
/** What page fault the registers tell of; false if the exception is another. */
bool axhal_linux_page_fault(const struct linux_registers *registers, axhal_page_fault_t *fault);
/** "#PF" and its like. Static. */
const char *axhal_linux_exception_name(const struct linux_registers *registers);
void axhal_linux_dump_registers(const struct linux_registers *registers);
