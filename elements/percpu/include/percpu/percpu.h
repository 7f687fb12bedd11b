/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Per-CPU variables.
 *
 *	PERCPU_DECLARE(unsigned, my_count);		in a header
 *	PERCPU_DEFINE(unsigned, my_count) = 3;		in one file; `static` may stand in front
 *
 *	percpu_get(my_count)		this CPU's value, in one access
 *	percpu_set(my_count, value)	one access
 *	percpu_add(my_count, value)	see below
 *	percpu_add_is_zero(my_count, value)	adds; whether the sum is 0
 *	percpu_ptr(my_count)		this CPU's variable; valid while the thread stays here (preemption disabled)
 *	percpu_ptr_of(my_count, cpu)	another CPU's variable; the caller orders accesses
 *
 * Get and set cannot be torn by an interrupt or by a move to another CPU; they hold scalars of 1, 2, 4 or 8 bytes. Add, of
 * 4 or 8 bytes, cannot where the processor has an instruction for it; elsewhere an interrupt or a move may come between its
 * load and its store, so whatever comes in between must leave the variable as it was, as a guard that is taken and ended
 * does, and the variable must be the same on both CPUs, as a count of guards is: a thread that has one does not move. None
 * orders other memory accesses. Any context; with `smp`, not before the CPU's base register is set.
 *
 * Without feature `smp` each is the plain global: percpu_ptr_of() ignores its CPU, and there is nothing to
 * initialize. With it, see percpu/smp.h.
 */
#pragma once

#include <base/base.h>
#include <percpu/features.h>

#if PERCPU_FEATURE_SMP
#include <percpu/smp.h>
#else

#define PERCPU_DEFINE(type, name)  __typeof__(type) name
#define PERCPU_DECLARE(type, name) extern __typeof__(type) name

#define percpu_get(name)		((void)0, (name))
#define percpu_set(name, value)		((void)((name) = (value)))
#define percpu_add(name, value)		((void)((name) += (value)))
#define percpu_add_is_zero(name, value) (((name) += (value)) == 0)
#define percpu_ptr(name)		(&(name))
#define percpu_ptr_of(name, cpu)	((void)(cpu), &(name))

#endif
