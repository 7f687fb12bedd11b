/* SPDX-License-Identifier: Apache-2.0 */
/* The choice `tlsf`: two-level segregated fit: constant time, little waste; for most images. Included by allocator/byte_allocator.h alone. */
#pragma once

#include <tlsf_allocator/tlsf_allocator.h>

typedef tlsf_t byte_allocator_t;

#define BYTE_ALLOCATOR_MIN_REGION TLSF_MIN_REGION

/** The backend's function for @p operation. */
#define BYTE_ALLOCATOR_BACKEND(operation) tlsf_##operation
