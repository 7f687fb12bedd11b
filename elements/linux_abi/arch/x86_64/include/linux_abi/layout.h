/* SPDX-License-Identifier: Apache-2.0 */
/* Structures of the system-call ABI as Linux lays them out on x86_64. Source: Linux arch/x86/include/uapi/asm. */
#pragma once

#include <linux_abi/common.h>

struct ax_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t st_uid;
	uint32_t st_gid;
	uint32_t pad0;
	uint64_t st_rdev;
	int64_t st_size;
	int64_t st_blksize;
	int64_t st_blocks;
	struct ax_timespec st_atim;
	struct ax_timespec st_mtim;
	struct ax_timespec st_ctim;
	int64_t reserved[3];
};
_Static_assert(sizeof(struct ax_stat) == 144, "struct stat of x86_64");

/* ucontext_t as far as a handler can use it: the mask, which is restored from here. The registers read as zero. */
struct ax_ucontext {
	uint64_t uc_flags;
	void *uc_link;
	struct ax_stack uc_stack;
	uint64_t uc_mcontext[32];
	uint64_t uc_sigmask[16];
	uint64_t pad[64];
};

#define AX_EPOLL_EVENT_LAYOUT __attribute__((packed)) /* of struct epoll_event: as on 32-bit x86 */
