/* SPDX-License-Identifier: Apache-2.0 */
/* Names and numbers of the system-call ABI on x86_64. Source: Linux arch/x86/include/uapi/asm. */
#pragma once

#include <stdint.h>

#define AX_UTSNAME_MACHINE "x86_64"

struct ax_sigaction {
	void (*handler)(int);
	uint64_t flags;
	void (*restorer)(void);
	uint64_t mask;
};

enum {
	AX_O_DIRECT = 040000,
	AX_O_DIRECTORY = 0200000,
	AX_O_NOFOLLOW = 0400000,
};
