/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Per-CPU variables of several CPUs. Included by percpu.h; axhal calls the set-up functions.
 *
 * Section .percpu, from ax_percpu_start to ax_percpu_end, is the template: nobody's variables, only their first
 * values. Each CPU has a copy of it, its area. The CPU's base register holds (area - ax_percpu_start), so that
 * base + &name is the CPU's own `name` wherever the image is linked. Architecture header percpu/arch.h supplies
 * the accesses: percpu_arch_get/set/add/add_is_zero. Writing the register is each platform's matter, as the rings of
 * the processor have different instructions for it.
 *
 * Order: percpu_init_area(cpu, area) for every CPU before another looks at it; then, on that CPU, interrupts masked,
 * percpu_base_of[cpu] goes into the base register. The boot CPU does both first of all.
 */
#pragma once

#include <base/base.h>
#include <stddef.h>
#include <stdint.h>

#if __STDC_HOSTED__ /* a unit test: the host's linker bounds a section whose name is a C identifier by itself */
#define PERCPU_SECTION	  "ax_percpu"
#define PERCPU_BOUND(name) __asm__("__" #name "_ax_percpu")
#else
#define PERCPU_SECTION ".percpu"
#define PERCPU_BOUND(name)
#endif

#define PERCPU_DEFINE(type, name)  __attribute__((section(PERCPU_SECTION))) __typeof__(type) name
#define PERCPU_DECLARE(type, name) extern __attribute__((section(PERCPU_SECTION))) __typeof__(type) name

enum {
	PERCPU_MAX_CPUS = 64,
	PERCPU_AREA_ALIGNMENT = 64, /* of an area: no two CPUs share a cache line */
};

#pragma GCC visibility push(default)

extern char ax_percpu_start[] PERCPU_BOUND(start);
extern char ax_percpu_end[] PERCPU_BOUND(stop);

/** Per CPU: what its base register holds. */
PERCPU_DECLARE(uintptr_t, percpu_base);

/** Of every CPU whose area is initialized: what its base register holds or will hold. */
extern uintptr_t percpu_base_of[PERCPU_MAX_CPUS];

/** Bytes of one CPU's area, a multiple of PERCPU_AREA_ALIGNMENT. */
size_t percpu_area_bytes(void);

/**
 * Fill CPU @p cpu's area with the variables' first values. Any CPU may call it, once for each.
 * @param cpu   below PERCPU_MAX_CPUS
 * @param area  percpu_area_bytes() bytes, PERCPU_AREA_ALIGNMENT-aligned, in use for ever
 */
void percpu_init_area(unsigned cpu, void *area);

#pragma GCC visibility pop

#include <percpu/arch.h>

#define percpu_get(name)		percpu_arch_get(name)
#define percpu_set(name, value)		percpu_arch_set(name, value)
#define percpu_add(name, value)		percpu_arch_add(name, value)
#define percpu_add_is_zero(name, value) percpu_arch_add_is_zero(name, value)
#define percpu_ptr(name)		((__typeof__(name) *)((uintptr_t)&(name) + percpu_get(percpu_base)))
#define percpu_ptr_of(name, cpu)	((__typeof__(name) *)((uintptr_t)&(name) + percpu_base_of[cpu]))
