/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the root: an archive of the host's, AX_ROOTFS=path, mapped at the first call, or the one in the image. */
#include <axhal/boot.h>
#include <axhal/host.h>
#include <panic/panic.h>
#include "../../src/machine.h"
#include "linux.h"

static const void *s_archive = ax_rootfs_start;
static size_t s_bytes;

static void map(const char *path)
{
	long file = axhal_host_open(path, LINUX_O_RDONLY | LINUX_O_CLOEXEC);
	if (file < 0)
		PANIC("AX_ROOTFS: %s cannot be opened: error %ld of the host's", path, -file);
	long bytes = axhal_linux_file_bytes((int)file);
	if (bytes <= 0)
		PANIC("AX_ROOTFS: %s is no file, or empty", path);
	long address = axhal_linux_syscall(LINUX_SYS_MMAP, 0, bytes, LINUX_PROT_READ, LINUX_MAP_PRIVATE, file, 0);
	if (address < 0 && address > -4096)
		PANIC("AX_ROOTFS: %s cannot be mapped: error %ld of the host's", path, -address);
	s_archive = (const void *)address;
	s_bytes = (size_t)bytes;
}

const void *axhal_boot_rootfs(size_t *size_bytes)
{
	const char *path = axhal_boot_env("AX_ROOTFS");
	if (!path)
		s_bytes = (size_t)(ax_rootfs_end - ax_rootfs_start);
	else if (!s_bytes)
		map(path);
	*size_bytes = s_bytes;
	return s_archive;
}
