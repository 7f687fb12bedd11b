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
} AX_EPOLL_EVENT_LAYOUT;

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
	AX_RLIMIT_MEMLOCK = 8,
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

/* Files */

struct ax_flock {
	int16_t l_type;
	int16_t l_whence;
	int64_t l_start;
	int64_t l_len;
	int32_t l_pid;
};

struct ax_statfs {
	int64_t f_type;
	int64_t f_bsize;
	uint64_t f_blocks;
	uint64_t f_bfree;
	uint64_t f_bavail;
	uint64_t f_files;
	uint64_t f_ffree;
	int32_t f_fsid[2];
	int64_t f_namelen;
	int64_t f_frsize;
	int64_t f_flags;
	int64_t f_spare[4];
};
_Static_assert(sizeof(struct ax_statfs) == 120, "struct statfs of 64-bit machines");

struct ax_statx_timestamp {
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t pad;
};

struct ax_statx {
	uint32_t stx_mask;
	uint32_t stx_blksize;
	uint64_t stx_attributes;
	uint32_t stx_nlink;
	uint32_t stx_uid;
	uint32_t stx_gid;
	uint16_t stx_mode;
	uint16_t pad0;
	uint64_t stx_ino;
	uint64_t stx_size;
	uint64_t stx_blocks;
	uint64_t stx_attributes_mask;
	struct ax_statx_timestamp stx_atime;
	struct ax_statx_timestamp stx_btime;
	struct ax_statx_timestamp stx_ctime;
	struct ax_statx_timestamp stx_mtime;
	uint32_t stx_rdev_major;
	uint32_t stx_rdev_minor;
	uint32_t stx_dev_major;
	uint32_t stx_dev_minor;
	uint64_t spare[14];
};
_Static_assert(sizeof(struct ax_statx) == 256, "struct statx");

enum {
	AX_AT_SYMLINK_NOFOLLOW = 0x100,
	AX_AT_REMOVEDIR = 0x200,
	AX_AT_EACCESS = 0x200,
	AX_AT_SYMLINK_FOLLOW = 0x400,
	AX_AT_NO_AUTOMOUNT = 0x800,
	AX_AT_STATX_SYNC_TYPE = 0x6000,
	AX_RENAME_NOREPLACE = 1,

	AX_SEEK_DATA = 3,
	AX_SEEK_HOLE = 4,

	AX_UTIME_NOW = 0x3fffffff,
	AX_UTIME_OMIT = 0x3ffffffe,

	AX_F_GETLK = 5,
	AX_F_SETLK = 6,
	AX_F_SETLKW = 7,
	AX_F_OFD_GETLK = 36,
	AX_F_OFD_SETLK = 37,
	AX_F_OFD_SETLKW = 38,
	AX_F_RDLCK = 0,
	AX_F_WRLCK = 1,
	AX_F_UNLCK = 2,

	AX_MAP_SHARED = 1,
	AX_MAP_PRIVATE = 2,
	AX_MAP_TYPE = 15,
	AX_MS_ASYNC = 1,
	AX_MS_INVALIDATE = 2,
	AX_MS_SYNC = 4,
};
