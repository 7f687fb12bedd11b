/* SPDX-License-Identifier: Apache-2.0 */
/* An entry, and the flags of a page: what every architecture's header shares. */
#pragma once

#include <stdint.h>

typedef uint64_t pte_t;

/** What may be done with a page, and how. A combination that hardware lacks gives the next wider one. */
typedef enum page_flags {
	PAGE_NONE = 0,
	PAGE_READ = 1 << 0,
	PAGE_WRITE = 1 << 1,
	PAGE_EXECUTE = 1 << 2,
	PAGE_USER = 1 << 3,	/* in user mode too */
	PAGE_DEVICE = 1 << 4,	/* registers: uncached, in program order */
	PAGE_UNCACHED = 1 << 5, /* memory, uncached; with DEVICE, that counts */
} page_flags_t;

enum { PAGE_ACCESS = PAGE_READ | PAGE_WRITE | PAGE_EXECUTE };
