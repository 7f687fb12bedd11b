/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time from the cycle counter; see clock.h. Where the rate is told: Intel SDM volume 2A, CPUID leaves 15h and 16h;
 * leaf 0x40000010 (VMware's "Hypervisor CPUID Interface Proposal", which QEMU follows); kvmclock (Linux,
 * Documentation/virt/kvm/x86/msr.rst).
 */
#include <axhal/features.h>
#include <axhal/time.h>
#include <base/base.h>
#include <kernel_guard/kernel_guard.h>
#include <lazy_init/lazy_init.h>
#include "clock.h"
#include "cpuid.h"
#include "page_tables.h"
#include "registers.h"

#define KVM_SIGNATURE_EBX 0x4b4d564b /* "KVMK" */
#define KVM_CLOCK_V2      (1u << 3)  /* leaf 0x40000001, eax */

uint64_t axhal_boot_cycles;

static lazy_init_t s_rate_found = LAZY_INIT;
static uint64_t s_cycles_per_ns, s_ns_per_cycle; /* both times 2^32; once s_rate_found is done */

uint64_t axhal_cpuid_cycles_hz(void)
{
	cpuid_t crystal = cpuid(0x15, 0);
	if (crystal.eax && crystal.ebx && crystal.ecx)
		return (uint64_t)crystal.ecx * crystal.ebx / crystal.eax;
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR))
		return UINT64_C(1000000) * (cpuid(0x16, 0).eax & 0xffff);
	return UINT64_C(1000) * cpuid(0x40000010, 0).eax;
}

uint64_t axhal_kvmclock_ns_per_cycle(void)
{
	/* Filled in by the host while the MSR points here. */
	static _Alignas(64) volatile struct {
		uint32_t version, padding;
		uint64_t cycles, ns;
		uint32_t multiplier;
		int8_t shift;
		uint8_t flags, padding2[2];
	} s_clock;
	if (!(cpuid(1, 0).ecx & CPUID1_ECX_HYPERVISOR) || cpuid(0x40000000, 0).ebx != KVM_SIGNATURE_EBX ||
	    !(cpuid(0x40000001, 0).eax & KVM_CLOCK_V2))
		return 0;
	msr_write(MSR_KVM_CLOCK, axhal_image_paddr((const void *)&s_clock) | 1);
	uint64_t multiplier = s_clock.multiplier;
	int shift = s_clock.shift;
	msr_write(MSR_KVM_CLOCK, 0);
	return shift < 0 ? multiplier >> -shift : multiplier << shift;
}

/* dividend x 2^32 / divisor, by 64-bit arithmetic; the divisor is below 2^32. */
static uint64_t ratio(uint64_t dividend, uint64_t divisor)
{
	return (dividend / divisor << 32) + (dividend % divisor << 32) / divisor;
}

/*
 * Once: a second measurement would differ a little, and the clock jump. A handler may ask for the time as well. With
 * several CPUs it is done before the second one runs.
 */
static void find_rate(void)
{
	IRQ_GUARD();
	if (!lazy_init_begin(&s_rate_found))
		return;
	uint64_t ns_per_cycle = 0;
	uint64_t hz = axhal_cpuid_cycles_hz();
	if (!hz)
		ns_per_cycle = axhal_kvmclock_ns_per_cycle();
	if (!hz && !ns_per_cycle)
		hz = axhal_measure_cycles_hz();
	if (hz)
		ns_per_cycle = (AX_NS_PER_SEC << 32) / hz;
	s_cycles_per_ns = hz ? ratio(hz, AX_NS_PER_SEC) : UINT64_MAX / ns_per_cycle;
	s_ns_per_cycle = ns_per_cycle;
	lazy_init_end(&s_rate_found);
}

/*
 * Of several CPUs: not read before earlier loads are done (Intel SDM volume 2B, RDTSC), so that who has seen another's
 * time never gets an earlier one.
 */
static uint64_t cycles_now(void)
{
	return AXHAL_FEATURE_SMP ? tsc_read_ordered() : tsc_read();
}

uint64_t axhal_now_ns(void)
{
	if (unlikely(!lazy_init_is_done(&s_rate_found)))
		find_rate();
	return (uint64_t)((unsigned __int128)(cycles_now() - axhal_boot_cycles) * s_ns_per_cycle >> 32);
}

uint64_t axhal_cycles_at(uint64_t ns)
{
	return axhal_boot_cycles + (uint64_t)((unsigned __int128)ns * s_cycles_per_ns >> 32);
}
