/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structures and numbers of the Linux system-call ABI for 64-bit machines that the POSIX API uses: what the C library
 * passes. Names carry ax_ and AX_ so that both this header and the C library's may be included.
 * Source: Linux include/uapi (asm-generic), man-pages sections 2 and 7. Where architectures differ: linux_abi.
 */
#pragma once

#include <linux_abi/layout.h>
#include <linux_abi/machine.h>
#include <stddef.h>
#include <stdint.h>

struct ax_timeval {
	int64_t tv_sec;
	int64_t tv_usec;
};

struct ax_iovec {
	void *base;
	size_t length;
};

struct ax_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};

struct ax_tms {
	int64_t tms_utime;
	int64_t tms_stime;
	int64_t tms_cutime;
	int64_t tms_cstime;
};

struct ax_rusage {
	struct ax_timeval ru_utime;
	struct ax_timeval ru_stime;
	int64_t ru_maxrss_kib;
	int64_t unused[13];
};

struct ax_utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

struct ax_sysinfo {
	uint64_t uptime_s;
	uint64_t loads[3];
	uint64_t totalram;
	uint64_t freeram;
	uint64_t unused[4];
	uint16_t procs;
	uint64_t high[2];
	uint32_t mem_unit;
};

/* siginfo_t: what all kinds of signals that the POSIX API sends have. */
struct ax_siginfo {
	int32_t si_signo;
	int32_t si_errno;
	int32_t si_code;
	int32_t pad0;
	int32_t sender;  /* of a timer: its number */
	int32_t user;    /* of a timer: expirations that were not told of */
	uint64_t value;
	uint64_t pad1[12];
};
_Static_assert(sizeof(struct ax_siginfo) == 128, "siginfo_t");

struct ax_sigevent {
	uint64_t sigev_value;
	int32_t sigev_signo;
	int32_t sigev_notify;
	int32_t sigev_thread;
	int32_t pad[11];
};
_Static_assert(sizeof(struct ax_sigevent) == 64, "sigevent");

struct ax_mq_attr {
	int64_t flags;
	int64_t maxmsg;
	int64_t msgsize;
	int64_t curmsgs;
	int64_t unused[4];
};

struct ax_sched_param {
	int32_t priority; /* the rest of sched_param is not the kernel's */
};

struct ax_itimerspec {
	struct ax_timespec it_interval;
	struct ax_timespec it_value;
};

struct ax_itimerval {
	struct ax_timeval it_interval;
	struct ax_timeval it_value;
};
#define AX_SA_RESETHAND UINT64_C(0x80000000)

struct ax_winsize {
	uint16_t ws_row;
	uint16_t ws_col;
	uint16_t ws_xpixel;
	uint16_t ws_ypixel;
};

enum {
	AX_O_ACCMODE = 3,
	AX_O_RDONLY = 0,
	AX_O_WRONLY = 1,
	AX_O_RDWR = 2,
	AX_O_CREAT = 0100,
	AX_O_EXCL = 0200,
	AX_O_TRUNC = 01000,
	AX_O_APPEND = 02000,
	AX_O_NONBLOCK = 04000,
	AX_O_DSYNC = 010000,
	AX_O_ASYNC = 020000,
	AX_O_NOATIME = 01000000,
	AX_O_CLOEXEC = 02000000,
	AX_O_SYNC = 04010000,
	AX_O_PATH = 010000000,

	AX_AT_FDCWD = -100,
	AX_AT_EMPTY_PATH = 0x1000,

	AX_S_IFMT = 0170000,
	AX_S_IFIFO = 0010000,
	AX_S_IFDIR = 0040000,
	AX_S_IFCHR = 0020000,
	AX_S_IFREG = 0100000,

	AX_DT_DIR = 4,
	AX_DT_REG = 8,

	AX_SEEK_SET = 0,
	AX_SEEK_CUR = 1,
	AX_SEEK_END = 2,

	AX_F_DUPFD = 0,
	AX_F_GETFD = 1,
	AX_F_SETFD = 2,
	AX_F_GETFL = 3,
	AX_F_SETFL = 4,
	AX_F_DUPFD_CLOEXEC = 1030,

	AX_TCGETS = 0x5401,
	AX_TCSETS = 0x5402,
	AX_TCSETSW = 0x5403,
	AX_TCSETSF = 0x5404,
	AX_TIOCGWINSZ = 0x5413,

	AX_CLOCK_REALTIME = 0,
	AX_CLOCK_MONOTONIC = 1,
	AX_CLOCK_PROCESS_CPUTIME = 2,
	AX_CLOCK_THREAD_CPUTIME = 3,
	AX_CLOCK_MONOTONIC_RAW = 4,
	AX_CLOCK_REALTIME_COARSE = 5,
	AX_CLOCK_MONOTONIC_COARSE = 6,
	AX_CLOCK_BOOTTIME = 7,
	AX_TIMER_ABSTIME = 1,

	AX_PROT_NONE = 0,
	AX_PROT_READ = 1,
	AX_PROT_WRITE = 2,
	AX_PROT_EXEC = 4,
	AX_MAP_FIXED = 0x10,
	AX_MAP_ANONYMOUS = 0x20,
	AX_MREMAP_MAYMOVE = 1,
	AX_MADV_DONTNEED = 4,

	AX_SIGINT = 2,
	AX_SIGABRT = 6,
	AX_SIGBUS = 7,
	AX_SIGKILL = 9,
	AX_SIGSEGV = 11,
	AX_SIGPIPE = 13,
	AX_SIGALRM = 14,
	AX_SIGCHLD = 17,
	AX_SIGCONT = 18,
	AX_SIGSTOP = 19,
	AX_SIGTSTP = 20,
	AX_SIGTTIN = 21,
	AX_SIGTTOU = 22,
	AX_SIGURG = 23,
	AX_SIGWINCH = 28,
	AX_SIGRTMIN = 32, /* from here on every signal sent is kept, in order */
	AX_SIGNALS = 64,
	AX_SA_SIGINFO = 4,
	AX_SA_ONSTACK = 0x08000000,
	AX_SA_RESTART = 0x10000000,
	AX_SA_NODEFER = 0x40000000,
	AX_BUS_ADRERR = 2,
	AX_SEGV_MAPERR = 1,
	AX_SEGV_ACCERR = 2,
	AX_SI_USER = 0,
	AX_SI_KERNEL = 0x80,
	AX_SI_QUEUE = -1,
	AX_SI_TIMER = -2,
	AX_SI_MESGQ = -3,
	AX_SI_TKILL = -6,
	AX_SIGEV_SIGNAL = 0,
	AX_SIGEV_NONE = 1,
	AX_SIGEV_THREAD = 2,
	AX_SIGEV_THREAD_ID = 4,
	AX_SS_ONSTACK = 1,
	AX_SS_DISABLE = 2,
	AX_MINSIGSTKSZ = 2048,
	AX_ITIMER_REAL = 0,
	AX_SIG_DFL = 0,
	AX_SIG_IGN = 1,
	AX_SIG_BLOCK = 0,
	AX_SIG_UNBLOCK = 1,
	AX_SIG_SETMASK = 2,

	AX_SCHED_OTHER = 0,
	AX_SCHED_FIFO = 1,
	AX_SCHED_RR = 2,

	AX_FUTEX_WAIT = 0,
	AX_FUTEX_WAKE = 1,
	AX_FUTEX_REQUEUE = 3,
	AX_FUTEX_CMP_REQUEUE = 4,
	AX_FUTEX_WAIT_BITSET = 9,
	AX_FUTEX_WAKE_BITSET = 10,
	AX_FUTEX_PRIVATE_FLAG = 128,
	AX_FUTEX_CLOCK_REALTIME = 256,

	AX_PR_SET_NAME = 15,
	AX_PR_GET_NAME = 16,
	AX_PR_SET_THP_DISABLE = 41,
	AX_PR_GET_THP_DISABLE = 42,
	AX_TASK_COMM_BYTES = 16,
};
