/* SPDX-License-Identifier: Apache-2.0 */
/* What the structures that differ are made of, on all 64-bit machines alike. Source: Linux include/uapi/asm-generic. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct ax_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

struct ax_stack {
	void *ss_sp;
	int32_t ss_flags;
	size_t ss_size;
};
