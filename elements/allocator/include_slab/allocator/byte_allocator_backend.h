/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `slab`: size classes over pages: fastest for many objects of few sizes. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <slab_allocator/slab_allocator.h>

typedef slab_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION SLAB_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) slab_##operation
