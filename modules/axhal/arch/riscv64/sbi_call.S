/* SPDX-License-Identifier: Apache-2.0 */
/* sbi_result_t axhal_sbi_call(extension, function, a, b, c, d): the one place that calls the firmware. SBI Specification, chapter 3. */
	.text
	.global axhal_sbi_call
	.hidden axhal_sbi_call
	.type axhal_sbi_call, @function
axhal_sbi_call:
	mv a7, a0
	mv a6, a1
	mv a0, a2
	mv a1, a3
	mv a2, a4
	mv a3, a5
	ecall
	ret
	.size axhal_sbi_call, . - axhal_sbi_call

	.section .note.GNU-stack, "", @progbits
