/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unit tests of components, on the host, over cmocka: TEST(name) { CHECK(...); } defines and registers
 * one test, in file order; axtest_main.c runs them. A failed check ends its test and names the line.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

void axtest_register(const char *name, void (*body)(void **state));

#define TEST(name_)                                                                                \
	static void name_(void **state);                                                           \
	__attribute__((constructor)) static void name_##_register(void)                            \
	{                                                                                          \
		axtest_register(#name_, name_);                                                    \
	}                                                                                          \
	static void name_([[maybe_unused]] void **state)

#define CHECK(condition) _assert_true((uintptr_t)!!(condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(actual, expected)                                                                 \
	_assert_int_equal((uintmax_t)(actual), (uintmax_t)(expected), __FILE__, __LINE__)
#define CHECK_STR(actual, expected)                                                                \
	_assert_string_equal((actual), (expected), __FILE__, __LINE__)
