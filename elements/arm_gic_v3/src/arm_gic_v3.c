/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the GICv3: distributor (specification, section 12.9), redistributors (12.11), affinity routing on. */
#include <arm_gic_v3/arm_gic_v3.h>

enum {
	GICD_CTLR = 0x0000,
	GICD_TYPER = 0x0004,
	GICD_IGROUPR = 0x0080,
	GICD_ISENABLER = 0x0100,
	GICD_ICENABLER = 0x0180,
	GICD_IPRIORITYR = 0x0400,
	GICD_ICFGR = 0x0c00,
	GICD_IROUTER = 0x6000,
};

/* Of a redistributor; the second 64 KiB frame has messages and own lines, in the distributor's layout. */
enum {
	GICR_TYPER = 0x0008,
	GICR_WAKER = 0x0014,
	GICR_FRAME = 0x10000,
	GICR_STRIDE = 2 * GICR_FRAME,
	GICR_STRIDE_V4 = 4 * GICR_FRAME,
};

/* With one security state: enables of both groups, ARE. In the non-secure view the same bits enable group 1 and set ARE. */
#define CTLR_ENABLE_0     (1u << 0)
#define CTLR_ENABLE_1     (1u << 1)
#define CTLR_ARE          (1u << 4)
#define CTLR_DS           (1u << 6)
#define CTLR_RWP          (1u << 31)
#define TYPER_V4          (1u << 1)
#define TYPER_LAST        (1u << 4)
#define WAKER_SLEEP       (1u << 1)
#define WAKER_ASLEEP      (1u << 2)
#define PRIORITIES        0xa0a0a0a0u
#define TYPER_LINES(typer) (32 * (((typer) & 31) + 1))

static volatile uint32_t *reg(uintptr_t base, unsigned offset)
{
	return (volatile uint32_t *)(base + offset);
}

/* Aff3 in bits 31:24 as GICR_TYPER has it. */
static uint32_t affinity(uint64_t mpidr)
{
	return (uint32_t)(mpidr & 0xffffff) | (uint32_t)(mpidr >> 32 & 0xff) << 24;
}

static void set_control(const arm_gic_v3_t *self, uint32_t value)
{
	*reg(self->distributor, GICD_CTLR) = value;
	while (*reg(self->distributor, GICD_CTLR) & CTLR_RWP)
		;
}

void arm_gic_v3_init(arm_gic_v3_t *self)
{
	set_control(self, 0);
	self->has_groups = *reg(self->distributor, GICD_CTLR) & CTLR_DS;
	set_control(self, CTLR_ARE);
	unsigned lines = TYPER_LINES(*reg(self->distributor, GICD_TYPER));
	lines = lines > ARM_GIC_V3_NONE ? ARM_GIC_V3_NONE : lines;
	for (unsigned i = ARM_GIC_V3_FIRST_SHARED; i < lines; i += 32) {
		*reg(self->distributor, GICD_ICENABLER + i / 8) = ~0u;
		*reg(self->distributor, GICD_IGROUPR + i / 8) = ~0u;
	}
	for (unsigned i = ARM_GIC_V3_FIRST_SHARED; i < lines; i += 16)
		*reg(self->distributor, GICD_ICFGR + i / 4) = 0;
	for (unsigned i = ARM_GIC_V3_FIRST_SHARED; i < lines; i += 4)
		*reg(self->distributor, GICD_IPRIORITYR + i) = PRIORITIES;
	set_control(self, CTLR_ARE | CTLR_ENABLE_0 | CTLR_ENABLE_1);
}

uintptr_t arm_gic_v3_redistributor_of(const arm_gic_v3_t *self, uint64_t mpidr)
{
	uintptr_t end = self->redistributors + self->redistributors_bytes;
	for (uintptr_t base = self->redistributors; base + GICR_STRIDE <= end;) {
		uint32_t low = *reg(base, GICR_TYPER);
		if (*reg(base, GICR_TYPER + 4) == affinity(mpidr))
			return base;
		if (low & TYPER_LAST)
			break;
		base += low & TYPER_V4 ? GICR_STRIDE_V4 : GICR_STRIDE;
	}
	return 0;
}

void arm_gic_v3_init_cpu(const arm_gic_v3_t *self, uintptr_t redistributor, unsigned fiq_message)
{
	*reg(redistributor, GICR_WAKER) &= ~WAKER_SLEEP;
	while (*reg(redistributor, GICR_WAKER) & WAKER_ASLEEP)
		;
	uintptr_t own = redistributor + GICR_FRAME;
	*reg(own, GICD_ICENABLER) = ~0u;
	*reg(own, GICD_IGROUPR) = self->has_groups ? ~(1u << fiq_message) : ~0u;
	for (unsigned i = 0; i < ARM_GIC_V3_FIRST_SHARED; i += 4)
		*reg(own, GICD_IPRIORITYR + i) = PRIORITIES;
	*reg(own, GICD_ISENABLER) = 0xffffu;
}

void arm_gic_v3_enable_own(uintptr_t redistributor, unsigned interrupt)
{
	*reg(redistributor + GICR_FRAME, GICD_ISENABLER) = 1u << interrupt;
}

void arm_gic_v3_enable(const arm_gic_v3_t *self, unsigned interrupt, uint64_t mpidr)
{
	uint64_t route = (mpidr & 0xffffff) | (mpidr & UINT64_C(0xff00000000));
	*(volatile uint64_t *)(self->distributor + GICD_IROUTER + 8 * (uintptr_t)interrupt) = route;
	*reg(self->distributor, GICD_ISENABLER + interrupt / 32 * 4) = 1u << interrupt % 32;
}

/* Section 12.2.18: a list of 16 CPUs by Aff0, the list's range, the other affinities. */
uint64_t arm_gic_v3_message_to(unsigned message, uint64_t mpidr)
{
	uint64_t aff0 = mpidr & 0xff;
	return UINT64_C(1) << aff0 % 16 | (mpidr >> 8 & 0xff) << 16 | (uint64_t)message << 24 | (mpidr >> 16 & 0xff) << 32 |
	       aff0 / 16 << 44 | (mpidr >> 32 & 0xff) << 48;
}
