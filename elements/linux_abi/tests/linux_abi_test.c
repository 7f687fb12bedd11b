/* SPDX-License-Identifier: Apache-2.0 */
/* The layouts are those of the host's C library, which has them from the same source. */
#define _GNU_SOURCE
#include <axtest.h>
#include <fcntl.h>
#include <linux_abi/layout.h>
#include <linux_abi/machine.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <ucontext.h>
#include <string.h>

TEST(stat_has_the_hosts_layout)
{
	CHECK_EQ(sizeof(struct ax_stat), sizeof(struct stat));
	CHECK_EQ(offsetof(struct ax_stat, st_mode), offsetof(struct stat, st_mode));
	CHECK_EQ(offsetof(struct ax_stat, st_nlink), offsetof(struct stat, st_nlink));
	CHECK_EQ(offsetof(struct ax_stat, st_rdev), offsetof(struct stat, st_rdev));
	CHECK_EQ(offsetof(struct ax_stat, st_size), offsetof(struct stat, st_size));
	CHECK_EQ(offsetof(struct ax_stat, st_blksize), offsetof(struct stat, st_blksize));
	CHECK_EQ(offsetof(struct ax_stat, st_blocks), offsetof(struct stat, st_blocks));
	CHECK_EQ(offsetof(struct ax_stat, st_ctim), offsetof(struct stat, st_ctim));
}

TEST(signal_context_has_the_hosts_mask)
{
	CHECK_EQ(offsetof(struct ax_ucontext, uc_sigmask), offsetof(ucontext_t, uc_sigmask));
	CHECK_EQ(sizeof(struct ax_stack), sizeof(stack_t));
}

TEST(epoll_event_has_the_hosts_layout)
{
	struct event {
		uint32_t events;
		uint64_t data;
	} AX_EPOLL_EVENT_LAYOUT;
	CHECK_EQ(sizeof(struct event), sizeof(struct epoll_event));
}

TEST(names_and_numbers_are_the_hosts)
{
	struct utsname name;
	CHECK(uname(&name) == 0 && !strcmp(name.machine, AX_UTSNAME_MACHINE));
	CHECK_EQ(AX_O_DIRECT, O_DIRECT);
	CHECK_EQ(AX_O_DIRECTORY, O_DIRECTORY);
	CHECK_EQ(AX_O_NOFOLLOW, O_NOFOLLOW);
}
