/* SPDX-License-Identifier: Apache-2.0 */
/* The names that main.c uses, for the C library. */
#pragma once

#include <stdlib.h>

#define bench_alloc malloc
#define bench_free free
