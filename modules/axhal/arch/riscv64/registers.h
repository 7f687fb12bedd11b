/* SPDX-License-Identifier: Apache-2.0 */
/* Control and status registers that the kernel uses (RISC-V Privileged Architecture, chapter "Supervisor-Level ISA"). */
#pragma once

/* satp.MODE, in bits 63:60 */
#define SATP_SV39       8
#define SATP_SV48       9
#define SATP_MODE_SHIFT 60

/* sie, sip */
#define INTERRUPT_SOFTWARE (1 << 1)
#define INTERRUPT_TIMER    (1 << 5)
#define INTERRUPT_EXTERNAL (1 << 9)

/* sstatus */
#define SSTATUS_SIE      (1 << 1)
#define SSTATUS_SPIE     (1 << 5)
#define SSTATUS_FS_DIRTY 0x6000
#define SSTATUS_VS       0x0600 /* V extension, section 3.2: off, initial, clean, dirty */
#define SSTATUS_VS_SHIFT 9
#define SSTATUS_VS_INITIAL 0x0200
#define SSTATUS_VS_STATE_DIRTY 3

#ifndef __ASSEMBLER__

#include <stdint.h>

#define csr_read(name)                                                                             \
	({                                                                                         \
		uint64_t csr_value_;                                                               \
		__asm__ volatile("csrr %0, " name : "=r"(csr_value_) : : "memory");                \
		csr_value_;                                                                        \
	})

#define csr_write(name, value) __asm__ volatile("csrw " name ", %0" : : "r"((uint64_t)(value)) : "memory")
#define csr_set(name, bits)    __asm__ volatile("csrs " name ", %0" : : "r"((uint64_t)(bits)) : "memory")
#define csr_clear(name, bits)  __asm__ volatile("csrc " name ", %0" : : "r"((uint64_t)(bits)) : "memory")

#endif
