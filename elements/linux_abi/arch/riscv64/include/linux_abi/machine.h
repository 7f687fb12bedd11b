/* SPDX-License-Identifier: Apache-2.0 */
/* Names and numbers of the system-call ABI on riscv64. Source: Linux include/uapi/asm-generic. */
#pragma once

#include <stdint.h>

#define AX_UTSNAME_MACHINE "riscv64"

struct ax_sigaction {
	void (*handler)(int);
	uint64_t flags;
	uint64_t mask;
};

enum {
	AX_O_DIRECT = 040000,
	AX_O_DIRECTORY = 0200000,
	AX_O_NOFOLLOW = 0400000,
};
