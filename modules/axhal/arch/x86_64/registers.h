/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ports, control registers and model-specific registers of x86_64, for code that runs at ring 0. Names and bits:
 * Intel SDM volume 3A, sections 2.5 (control registers) and 2.2.1 (EFER), volume 4 (MSRs).
 */
#pragma once

#define CR0_PE (1 << 0)
#define CR0_MP (1 << 1)
#define CR0_ET (1 << 4)
#define CR0_NE (1 << 5)
#define CR0_WP (1 << 16)
#define CR0_PG 0x80000000

#define CR4_PAE        (1 << 5)
#define CR4_OSFXSR     (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define CR4_UMIP       (1 << 11)
#define CR4_FSGSBASE   (1 << 16)
#define CR4_SMEP       (1 << 20)
#define CR4_SMAP       (1 << 21)

#define MSR_APIC_BASE    0x1b
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_KVM_CLOCK    0x4b564d01
#define MSR_EFER         0xc0000080
#define MSR_FS_BASE      0xc0000100
#define MSR_GS_BASE      0xc0000101
#define APIC_BASE_ENABLE  (1 << 11)
#define APIC_BASE_X2APIC  (1 << 10)
#define EFER_LME         (1 << 8)
#define EFER_NXE         (1 << 11)

#define SELECTOR_CODE 0x08
#define SELECTOR_DATA 0x10
#define SELECTOR_TSS  0x18

#ifndef __ASSEMBLER__

#include <stdint.h>

static inline uint8_t port_read8(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void port_write16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

/* After all earlier loads: Intel SDM volume 2B, RDTSC. */
static inline uint64_t tsc_read_ordered(void)
{
	uint32_t low, high;
	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Not ordered against other instructions. */
static inline uint64_t tsc_read(void)
{
	uint32_t low, high;
	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline uint64_t cr2_read(void)
{
	uint64_t value;
	__asm__ volatile("movq %%cr2, %0" : "=r"(value));
	return value;
}

static inline uint64_t cr3_read(void)
{
	uint64_t value;
	__asm__ volatile("movq %%cr3, %0" : "=r"(value));
	return value;
}

static inline void cr3_write(uint64_t value)
{
	__asm__ volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t cr4_read(void)
{
	uint64_t value;
	__asm__ volatile("movq %%cr4, %0" : "=r"(value));
	return value;
}

static inline void cr4_write(uint64_t value)
{
	__asm__ volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

static inline void page_invalidate(uintptr_t vaddr)
{
	__asm__ volatile("invlpg (%0)" : : "r"(vaddr) : "memory");
}

#endif
