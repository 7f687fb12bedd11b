/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one entry of traps (RISC-V Privileged Architecture, "Supervisor Trap Vector Base Address Register"): saves all, calls
 * axhal_trap(frame), restores all but gp, which is the CPU's, and goes back.
 *
 * A page fault may come of a stack that has run into its guard page: before anything is pushed, the address that faulted is
 * compared with where the stack pointer is and where the frame would end. If it is in one of these pages, the frame goes to the
 * CPU's stack for this purpose, which sscratch points at.
 *
 * No call keeps vector registers (psABI, "Vector Register Convention"), so a switch need not, but an interrupt must. They are
 * saved if the interrupted thread has used them, which sstatus tells; what the handler does, and whom it switches to, begins with them
 * unused. Their control registers are in callee-saved ones meanwhile.
 */
#include "registers.h"
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
#if AXHAL_FEATURE_VECTOR
	.option push
	.option arch, +v
	mv s2, sp
	ld s1, TRAP_FRAME_STATUS+TRAP_FP_BYTES(sp)
	srli s1, s1, SSTATUS_VS_SHIFT
	andi s1, s1, SSTATUS_VS >> SSTATUS_VS_SHIFT
	addi s1, s1, -SSTATUS_VS_STATE_DIRTY
	bnez s1, unused
	csrr s3, vstart
	csrr s4, vl
	csrr s5, vtype
	csrr s6, vcsr
	csrw vstart, zero               /* where a store would begin */
	csrr t0, vlenb
	slli t1, t0, 3
	slli t0, t0, 5
	sub sp, sp, t0
	mv t0, sp
	.irp i, 0, 8, 16
	vs8r.v v\i, (t0)
	add t0, t0, t1
	.endr
	vs8r.v v24, (t0)
	li t0, SSTATUS_VS
	csrc sstatus, t0
	li t0, SSTATUS_VS_INITIAL
	csrs sstatus, t0
unused:
#endif
	call axhal_trap
#if AXHAL_FEATURE_VECTOR
	bnez s1, still_unused
	csrr t0, vlenb
	slli t1, t0, 3
	mv t0, sp
	csrw vstart, zero
	.irp i, 0, 8, 16
	vl8re8.v v\i, (t0)
	add t0, t0, t1
	.endr
	vl8re8.v v24, (t0)
	vsetvl zero, s4, s5
	csrw vcsr, s6
	csrw vstart, s3
still_unused:
	mv sp, s2
	.option pop
#endif
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
