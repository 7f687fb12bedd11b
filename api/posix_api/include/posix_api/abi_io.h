/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structures and numbers of the Linux system-call ABI for descriptors: waiting for them, pipes, events, limits, locks.
 * As abi.h. Source: Linux include/uapi/asm-generic, include/uapi/linux/eventpoll.h, man-pages section 2.
 */
#pragma once

#include <posix_api/abi.h>

struct ax_pollfd {
	int fd;
	int16_t events;
	int16_t revents;
};

enum {
	AX_POLLIN = 0x001,
	AX_POLLPRI = 0x002,
	AX_POLLOUT = 0x004,
	AX_POLLERR = 0x008,
	AX_POLLHUP = 0x010,
	AX_POLLNVAL = 0x020,
	AX_POLLRDNORM = 0x040,
	AX_POLLWRNORM = 0x100,
	AX_POLLRDHUP = 0x2000,
};

enum {
	AX_FD_SETSIZE = 1024,
	AX_FD_BITS = 64,
};

/* The sixth argument of pselect6(): a signal mask and its size. */
struct ax_sigset_argument {
	const uint64_t *mask;
	size_t mask_bytes;
};

struct ax_epoll_event {
	uint32_t events;
	uint64_t data;
}
#if defined(__x86_64__)
__attribute__((packed))
#endif
;

enum {
	AX_EPOLL_CTL_ADD = 1,
	AX_EPOLL_CTL_DEL = 2,
	AX_EPOLL_CTL_MOD = 3,
};

#define AX_EPOLLEXCLUSIVE (1U << 28)
#define AX_EPOLLWAKEUP	  (1U << 29)
#define AX_EPOLLONESHOT	  (1U << 30)
#define AX_EPOLLET	  (1U << 31)

struct ax_rlimit {
	uint64_t soft;
	uint64_t hard;
};
#define AX_RLIM_INFINITY UINT64_MAX

enum {
	AX_RLIMIT_FSIZE = 1,
	AX_RLIMIT_STACK = 3,
	AX_RLIMIT_CORE = 4,
	AX_RLIMIT_NPROC = 6,
	AX_RLIMIT_NOFILE = 7,
	AX_RLIMIT_LIMITS = 16,

	AX_EFD_SEMAPHORE = 1,
	AX_TFD_TIMER_ABSTIME = 1,
	AX_TFD_TIMER_CANCEL_ON_SET = 2,

	AX_PIPE_BUF = 4096,
	AX_IOV_MAX = 1024,

	AX_F_SETPIPE_SZ = 1031,
	AX_F_GETPIPE_SZ = 1032,
	AX_FD_CLOEXEC = 1,

	AX_FIONREAD = 0x541b,
	AX_FIONBIO = 0x5421,
	AX_FIONCLEX = 0x5450,
	AX_FIOCLEX = 0x5451,
};
