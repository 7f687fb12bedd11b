/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of the compiler's library that use x18: it was compiled for systems where that is a register as any other.
 * The linker sends callers here (--wrap, in the platform files), and x18 is the CPU's base again when they go on;
 * vectors.S sees to interrupts meanwhile. Arguments and results are in registers alone.
 */
#include <axhal/features.h>

.macro WRAP name
	.section .text.__wrap_\name, "ax"
	.balign 16
	.global __wrap_\name
	.type __wrap_\name, @function
__wrap_\name:
#if AXHAL_FEATURE_SMP
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	bl __real_\name
	ldp x29, x30, [sp], #16
	mrs x18, tpidr_el1
	ret
#else
	b __real_\name
#endif
	.size __wrap_\name, . - __wrap_\name
.endm

	WRAP __multf3
	WRAP __divtf3
	WRAP __fixunshfti
	WRAP __fixhfti

	.section .note.GNU-stack, "", @progbits
