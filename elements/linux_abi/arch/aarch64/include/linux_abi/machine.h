/* SPDX-License-Identifier: Apache-2.0 */
/* Names and numbers of the system-call ABI on aarch64. Source: Linux arch/arm64/include/uapi/asm. */
#pragma once

#include <stdint.h>

#define AX_UTSNAME_MACHINE "aarch64"

struct ax_sigaction {
	void (*handler)(int);
	uint64_t flags;
	void (*restorer)(void);
	uint64_t mask;
};

enum {
	AX_O_DIRECTORY = 040000,
	AX_O_NOFOLLOW = 0100000,
	AX_O_DIRECT = 0200000,
};
