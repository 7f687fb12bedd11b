/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one entry of traps (RISC-V Privileged Architecture, "Supervisor Trap Vector Base Address Register"): saves all, calls
 * axhal_trap(frame), restores all but gp, which is the CPU's, and goes back.
 *
 * A page fault may come of a stack that has run into its guard page: before anything is pushed, the address that faulted is
 * compared with where the stack pointer is and where the frame would end. If it is in one of these pages, the frame goes to the
 * CPU's stack for this purpose, which sscratch points at.
 */
#include "trap_frame.h"

.macro STORE_REGISTERS
	.irp i, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sd x\i, 8 * (\i - 1)(sp)
	.endr
.endm

	.section .text.axhal_trap_entry, "ax"
	.balign 4
	.global axhal_trap_entry
	.hidden axhal_trap_entry
	.type axhal_trap_entry, @function
axhal_trap_entry:
	csrrw sp, sscratch, sp
	sd t0, -8(sp)
	sd t1, -16(sp)
	csrr t0, scause
	bltz t0, on_own_stack           /* an interrupt */
	csrr t0, stval
	csrr t1, sscratch
	xor t1, t0, t1
	srli t1, t1, 12
	beqz t1, overflow
	csrr t1, sscratch
	addi t1, t1, -(TRAP_FRAME_BYTES + TRAP_FP_BYTES)
	xor t1, t0, t1
	srli t1, t1, 12
	beqz t1, overflow
on_own_stack:
	ld t0, -8(sp)
	ld t1, -16(sp)
	csrrw sp, sscratch, sp
	addi sp, sp, -TRAP_FRAME_BYTES
	STORE_REGISTERS
	addi t0, sp, TRAP_FRAME_BYTES
	j saved
overflow:
	ld t0, -8(sp)
	ld t1, -16(sp)
	addi sp, sp, -TRAP_FRAME_BYTES
	STORE_REGISTERS
	addi t1, sp, TRAP_FRAME_BYTES
	csrrw t0, sscratch, t1
saved:
	sd t0, 8(sp)                    /* x2 */
	csrr t0, sepc
	csrr t1, sstatus
	csrr t2, scause
	csrr t3, stval
	sd t0, TRAP_FRAME_PC(sp)
	sd t1, TRAP_FRAME_STATUS(sp)
	sd t2, TRAP_FRAME_CAUSE(sp)
	sd t3, TRAP_FRAME_VALUE(sp)
	sd s0, TRAP_FRAME_RECORD(sp)
	sd t0, TRAP_FRAME_RECORD+8(sp)
	addi s0, sp, TRAP_FRAME_BYTES
	mv a0, sp
#if AXHAL_FEATURE_FP
	addi sp, sp, -TRAP_FP_BYTES
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fsd f\i, 8 * \i(sp)
	.endr
	frcsr t0
	sd t0, 256(sp)
#endif
	call axhal_trap
#if AXHAL_FEATURE_FP
	ld t0, 256(sp)
	fscsr t0
	.irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	fld f\i, 8 * \i(sp)
	.endr
	addi sp, sp, TRAP_FP_BYTES
#endif
	ld t0, TRAP_FRAME_PC(sp)
	ld t1, TRAP_FRAME_STATUS(sp)
	csrw sepc, t0
	csrw sstatus, t1
	.irp i, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ld x\i, 8 * (\i - 1)(sp)
	.endr
	ld sp, 8(sp)
	sret
	.size axhal_trap_entry, . - axhal_trap_entry

	.section .note.GNU-stack, "", @progbits
