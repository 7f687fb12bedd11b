/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PANIC(format, ...) ends the image with a message and a backtrace; ASSERT(condition) does when the condition is
 * false. For broken invariants only: what a user or a device can cause is an ax_err_t.
 */
#pragma once

#include <base/base.h>
#include <panic/handler.h>

#define PANIC(...) panic_handler(__FILE__, __LINE__, __VA_ARGS__)

#define ASSERT(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(!(condition)))                                                        \
			panic_handler(__FILE__, __LINE__, "assertion failed: %s", #condition);     \
	} while (0)
