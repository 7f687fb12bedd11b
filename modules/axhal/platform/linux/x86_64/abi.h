/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs from one architecture to the next in Linux's interface: system-call numbers, the signal frame, the
 * vDSO's name for the clock; and the pause in a spin loop. Sources: Linux's arch/x86/entry/syscalls/syscall_64.tbl and
 * arch/x86/include/uapi/asm/{sigcontext,ucontext}.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	LINUX_SYS_READ = 0,
	LINUX_SYS_WRITE = 1,
	LINUX_SYS_LSEEK = 8,
	LINUX_SYS_MMAP = 9,
	LINUX_SYS_MPROTECT = 10,
	LINUX_SYS_RT_SIGACTION = 13,
	LINUX_SYS_RT_SIGPROCMASK = 14,
	LINUX_SYS_CLOSE = 3,
	LINUX_SYS_IOCTL = 16,
	LINUX_SYS_PREAD64 = 17,
	LINUX_SYS_PWRITE64 = 18,
	LINUX_SYS_READV = 19,
	LINUX_SYS_WRITEV = 20,
	LINUX_SYS_SCHED_YIELD = 24,
	LINUX_SYS_GETPID = 39,
	LINUX_SYS_CLONE = 56,
	LINUX_SYS_FCNTL = 72,
	LINUX_SYS_FDATASYNC = 75,
	LINUX_SYS_SIGALTSTACK = 131,
	LINUX_SYS_PRCTL = 157,
	LINUX_SYS_ARCH_PRCTL = 158,
	LINUX_SYS_GETTID = 186,
	LINUX_SYS_FUTEX = 202,
	LINUX_SYS_TIMER_CREATE = 222,
	LINUX_SYS_TIMER_SETTIME = 223,
	LINUX_SYS_CLOCK_GETTIME = 228,
	LINUX_SYS_EXIT_GROUP = 231,
	LINUX_SYS_TGKILL = 234,
	LINUX_SYS_OPENAT = 257,
	LINUX_SYS_PPOLL = 271,
	LINUX_SYS_FALLOCATE = 285,
	LINUX_SYS_GETRANDOM = 318,
};

#define LINUX_VDSO_CLOCK_GETTIME "__vdso_clock_gettime"

enum {
	LINUX_ARCH_SET_GS = 0x1001,
	LINUX_ARCH_SET_FS = 0x1002,
	LINUX_HWCAP2_FSGSBASE = 1 << 1,
};

/* struct sigcontext */
struct linux_registers {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error_code, vector, old_mask, cr2;
	void *fp_state;
	uint64_t reserved[8];
};

static inline void axhal_linux_pause(void)
{
	__builtin_ia32_pause();
}

static inline uintptr_t axhal_linux_pc(const struct linux_registers *registers)
{
	return registers->rip;
}

static inline void axhal_linux_set_pc(struct linux_registers *registers, uintptr_t pc)
{
	registers->rip = pc;
}

static inline uintptr_t axhal_linux_frame_pointer(const struct linux_registers *registers)
{
	return registers->rbp;
}

static inline uintptr_t axhal_linux_stack_pointer(const struct linux_registers *registers)
{
	return registers->rsp;
}

/* Bytes below the stack pointer that code may use without moving it (System V ABI for AMD64, section 3.2.2). */
enum { LINUX_RED_ZONE = 128 };

/* What the frame's fp_state points at: FXSAVE's 512 bytes, or as many as struct _fpx_sw_bytes in them says. */
static inline size_t axhal_linux_fp_bytes(const struct linux_registers *registers)
{
	enum { LEGACY_BYTES = 512, MAGIC_AT = 464 / 4, XSTATE_MAGIC1 = 0x46505853 };
	const uint32_t *words = (const uint32_t *)registers->fp_state;
	return words[MAGIC_AT] == XSTATE_MAGIC1 ? words[MAGIC_AT + 1] : LEGACY_BYTES;
}

/* At the return from the signal: @p pc with this stack pointer, two arguments, and the direction flag clear. */
static inline void axhal_linux_set_call(struct linux_registers *registers, uintptr_t pc, uintptr_t stack_pointer,
					uintptr_t first, uintptr_t second)
{
	enum { DIRECTION = 1 << 10 };
	registers->rip = pc;
	registers->rsp = stack_pointer;
	registers->rdi = first;
	registers->rsi = second;
	registers->rflags &= ~(uint64_t)DIRECTION;
}
