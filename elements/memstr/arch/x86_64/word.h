/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The widest register that this image may use, unaligned: 16 bytes with SSE2 (x86_64's baseline), 8 bytes in
 * a file built with -mgeneral-regs-only.
 */
#pragma once

#include <stdint.h>

#ifdef __SSE2__
typedef uint64_t wide_t __attribute__((vector_size(16), aligned(1), may_alias));
#define WIDE_OF(word) ((wide_t){ (word), (word) })
#define WIDE_IS_SSE 1
typedef uint64_t avx_t __attribute__((vector_size(32), aligned(1), may_alias));   /* where WAY_AVX says so */
#else
typedef uint64_t wide_t __attribute__((aligned(1), may_alias));
#define WIDE_OF(word) ((wide_t)(word))
#define WIDE_IS_SSE 0
#endif
typedef uint64_t word8_t __attribute__((aligned(1), may_alias));
typedef uint32_t word4_t __attribute__((aligned(1), may_alias));
typedef uint16_t word2_t __attribute__((aligned(1), may_alias));

enum { WIDE = sizeof(wide_t) };
