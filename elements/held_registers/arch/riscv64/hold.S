/* SPDX-License-Identifier: Apache-2.0 */
/* void held_registers_hold(loaded, rounds, stored): see held_registers.h. */
#include <held_registers/features.h>

#define VECTOR 208
#define FCSR   464
#define WIDE   480
#define FRAME  240

	.text
	.globl held_registers_hold
	.type held_registers_hold, @function
	.balign 16
held_registers_hold:
	addi sp, sp, -FRAME
	sd ra, FRAME-8(sp)
	sd s0, FRAME-16(sp)
	addi s0, sp, FRAME
	.irp i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	sd s\i, 8 * \i(sp)
	.endr
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	fsd fs\i, 96 + 8 * \i(sp)
	.endr
	frcsr t0
	sd t0, 192(sp)
	sd a2, 200(sp)
	mv t6, a1                       /* the count */
	lw t0, FCSR(a0)
	fscsr t0
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld f\i, VECTOR + 8 * \i(a0)
	.endr
#if HELD_REGISTERS_FEATURE_VECTOR
	.option push
	.option arch, +v
	vsetivli zero, 2, e64, m1, ta, ma
	addi t0, a0, WIDE
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	vle64.v v\i, (t0)
	addi t0, t0, 16
	.endr
	.option pop
#endif
	/* x1, x5 to x7, x9, x11 to x30, and x10 last: all but sp, gp, tp, s0 and the count */
	ld x1, 0(a0)
	ld x5, 8(a0)
	ld x6, 16(a0)
	ld x7, 24(a0)
	ld x9, 32(a0)
	.irp i, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	ld x\i, 40 + 8 * (\i - 11)(a0)
	.endr
	ld x10, 200(a0)
1:	addi t6, t6, -1
	bnez t6, 1b
	ld t6, 200(sp)                  /* stored */
	sd x1, 0(t6)
	sd x5, 8(t6)
	sd x6, 16(t6)
	sd x7, 24(t6)
	sd x9, 32(t6)
	.irp i, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	sd x\i, 40 + 8 * (\i - 11)(t6)
	.endr
	sd x10, 200(t6)
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd f\i, VECTOR + 8 * \i(t6)
	.endr
	frcsr t0
	sw t0, FCSR(t6)
#if HELD_REGISTERS_FEATURE_VECTOR
	/* Of as many elements, of the same size, as before the loop: these are registers too. */
	.option push
	.option arch, +v
	addi t0, t6, WIDE
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	vse64.v v\i, (t0)
	addi t0, t0, 16
	.endr
	.option pop
#endif
	ld t0, 192(sp)
	fscsr t0
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	fld fs\i, 96 + 8 * \i(sp)
	.endr
	.irp i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	ld s\i, 8 * \i(sp)
	.endr
	ld ra, FRAME-8(sp)
	ld s0, FRAME-16(sp)
	addi sp, sp, FRAME
	ret
	.size held_registers_hold, . - held_registers_hold

	.section .note.GNU-stack, "", @progbits
