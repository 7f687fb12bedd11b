/* SPDX-License-Identifier: Apache-2.0 */
/* Structures of the system-call ABI as Linux lays them out where an architecture does not differ. Source: include/uapi/asm-generic. */
#pragma once

#include <linux_abi/common.h>

struct ax_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint32_t st_mode;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	uint64_t st_rdev;
	uint64_t pad0;
	int64_t st_size;
	int32_t st_blksize;
	int32_t pad1;
	int64_t st_blocks;
	struct ax_timespec st_atim;
	struct ax_timespec st_mtim;
	struct ax_timespec st_ctim;
	uint32_t reserved[2];
};
_Static_assert(sizeof(struct ax_stat) == 128, "struct stat of asm-generic");

/* ucontext_t as far as a handler can use it: the mask, which is restored from here. The registers read as zero. */
struct ax_ucontext {
	uint64_t uc_flags;
	void *uc_link;
	struct ax_stack uc_stack;
	uint64_t uc_sigmask[16];
	uint64_t uc_mcontext[576];
};

#define AX_EPOLL_EVENT_LAYOUT /* of struct epoll_event: as C has it */
