/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `buddy`: powers of two: simple and free of long-term fragmentation, at up to half of the memory lost. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <buddy_allocator/buddy_allocator.h>

typedef buddy_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION BUDDY_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) buddy_##operation
