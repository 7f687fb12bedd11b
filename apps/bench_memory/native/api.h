/* SPDX-License-Identifier: Apache-2.0 */
/* The names that main.c uses, for the native API. */
#pragma once

#include <axstd/memory.h>

#define bench_alloc ax_alloc
#define bench_free ax_free
