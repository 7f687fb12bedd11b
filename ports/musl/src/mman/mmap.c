/* SPDX-License-Identifier: Apache-2.0 */
/* mmap() with all of its errors from the kernel: musl's own says ENOMEM for some that POSIX calls EOVERFLOW. */
#include "syscall.h"
#include <sys/mman.h>

void *__mmap(void *start, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, start, length, protection, flags, fd, offset);
}

weak_alias(__mmap, mmap);
