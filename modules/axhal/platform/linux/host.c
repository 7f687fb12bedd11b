/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the host, for drivers: see axhal/host.h. */
#include <axhal/host.h>
#include <axhal/irq.h>
#include "linux.h"

enum { /* asm-generic/fcntl.h */
	LINUX_AT_FDCWD = -100,
	LINUX_F_GETFL = 3,
	LINUX_F_SETFL = 4,
	LINUX_F_SETOWN_EX = 15,
	LINUX_O_ASYNC = 020000,
	LINUX_F_OWNER_TID = 0,
};

struct linux_f_owner_ex {
	int type, pid;
};

long axhal_host_open(const char *path, int flags)
{
	return axhal_linux_syscall(LINUX_SYS_OPENAT, LINUX_AT_FDCWD, (long)path, flags, 0, 0, 0);
}

long axhal_host_close(int fd)
{
	return axhal_linux_syscall(LINUX_SYS_CLOSE, fd, 0, 0, 0, 0, 0);
}

long axhal_host_ioctl(int fd, unsigned long request, void *argument)
{
	return axhal_linux_syscall(LINUX_SYS_IOCTL, fd, (long)request, (long)argument, 0, 0, 0);
}

long axhal_host_readv(int fd, const struct axhal_host_iovec *vector, size_t count)
{
	return axhal_linux_syscall(LINUX_SYS_READV, fd, (long)vector, (long)count, 0, 0, 0);
}

long axhal_host_writev(int fd, const struct axhal_host_iovec *vector, size_t count)
{
	return axhal_linux_syscall(LINUX_SYS_WRITEV, fd, (long)vector, (long)count, 0, 0, 0);
}

/* To the first host thread, which is CPU 0 and idles with the rest: a signal to the process might come to any, and be held
 * back by one that is about to stop. */
static long own(int fd)
{
	struct linux_f_owner_ex owner = { LINUX_F_OWNER_TID, (int)axhal_linux_getpid() };
	axhal_linux_host_irq_init();
	return axhal_linux_syscall(LINUX_SYS_FCNTL, fd, LINUX_F_SETOWN_EX, (long)&owner, 0, 0, 0);
}

long axhal_host_interrupt(int fd, bool wanted)
{
	static int owned = -1; /* the last one that was given an owner */
	if (owned != fd) {
		long error = own(fd);
		if (error < 0)
			return error;
		owned = fd;
	}
	long flags = axhal_linux_syscall(LINUX_SYS_FCNTL, fd, LINUX_F_GETFL, 0, 0, 0, 0);
	if (flags < 0)
		return flags;
	flags = wanted ? flags | LINUX_O_ASYNC : flags & ~LINUX_O_ASYNC;
	return axhal_linux_syscall(LINUX_SYS_FCNTL, fd, LINUX_F_SETFL, flags, 0, 0, 0);
}
