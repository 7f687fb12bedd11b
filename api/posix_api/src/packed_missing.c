/* SPDX-License-Identifier: Apache-2.0 */
/* What there is for files that can be changed, and is not here without feature `fs`: ENOSYS, and a line in the log. */
#include <posix_api/syscalls.h>

/* ax_sys_missing() tells once for each number: these lie behind the system calls'. */
enum { FIRST_NUMBER = 470 };

#define MISSING(name, ...)                                                                         \
	long ax_sys_##name(__VA_ARGS__)                                                            \
	{                                                                                          \
		return ax_sys_missing(FIRST_NUMBER + __COUNTER__, #name " (axlibc's feature `fs` has it)"); \
	}

MISSING(creat, const char *, unsigned)
MISSING(mkdir, const char *, unsigned)
MISSING(mkdirat, int, const char *, unsigned)
MISSING(mknod, const char *, unsigned, unsigned long)
MISSING(mknodat, int, const char *, unsigned, unsigned long)
MISSING(rmdir, const char *)
MISSING(link, const char *, const char *)
MISSING(linkat, int, const char *, int, const char *, int)
MISSING(symlink, const char *, const char *)
MISSING(symlinkat, const char *, int, const char *)
MISSING(readlink, const char *, char *, size_t)
MISSING(readlinkat, int, const char *, char *, size_t)
MISSING(faccessat2, int, const char *, int, int)
MISSING(chdir, const char *)
MISSING(fchdir, int)
MISSING(umask, unsigned)
MISSING(statx, int, const char *, int, unsigned, struct ax_statx *)
MISSING(chmod, const char *, unsigned)
MISSING(fchmod, int, unsigned)
MISSING(fchmodat, int, const char *, unsigned)
MISSING(fchmodat2, int, const char *, unsigned, int)
MISSING(chown, const char *, unsigned, unsigned)
MISSING(lchown, const char *, unsigned, unsigned)
MISSING(fchown, int, unsigned, unsigned)
MISSING(fchownat, int, const char *, unsigned, unsigned, int)
MISSING(utimensat, int, const char *, const struct ax_timespec *, int)
MISSING(truncate, const char *, int64_t)
MISSING(ftruncate, int, int64_t)
MISSING(fallocate, int, int, int64_t, int64_t)
MISSING(fadvise64, int, int64_t, int64_t, int)
MISSING(fsync, int)
MISSING(fdatasync, int)
MISSING(sync, void)
MISSING(syncfs, int)
MISSING(statfs, const char *, struct ax_statfs *)
MISSING(fstatfs, int, struct ax_statfs *)
MISSING(flock, int, int)
