/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the GICv2: distributor (specification, section 4.3), CPU interface (4.4). */
#include <arm_gic_v2/arm_gic_v2.h>

/* Table 4-1 */
enum {
	GICD_CTLR = 0x000,
	GICD_TYPER = 0x004,
	GICD_IGROUPR = 0x080,
	GICD_ISENABLER = 0x100,
	GICD_ICENABLER = 0x180,
	GICD_IPRIORITYR = 0x400,
	GICD_ITARGETSR = 0x800,
	GICD_ICFGR = 0xc00,
	GICD_SGIR = 0xf00,
};

/* Of a frame of GICv2m: Arm, Server Base System Architecture, DEN 0029, appendix E. */
#define MSI_TYPER             0x008
#define MSI_TYPER_FIRST(typer) ((typer) >> 16 & 0x3ff)
#define MSI_TYPER_COUNT(typer) ((typer) & 0x3ff)

/* Table 4-2 */
enum {
	GICC_CTLR = 0x00,
	GICC_PMR = 0x04,
	GICC_IAR = 0x0c,
	GICC_EOIR = 0x10,
};

#define CTLR_ENABLE_0   (1u << 0) /* the only group where one is seen */
#define CTLR_ENABLE_1   (1u << 1)
#define CTLR_ACK	(1u << 2) /* GICC_CTLR: GICC_IAR and GICC_EOIR are for group 1 too. Not all have GICC_AIAR: QEMU has not */
#define CTLR_FIQ        (1u << 3) /* GICC_CTLR: group 0 raises FIQ */
#define SGIR_GROUP_1    (1u << 15)
#define PRIORITIES      0xa0a0a0a0u
#define PRIORITY_LOWEST 0xffu
#define TYPER_LINES(typer) (32 * (((typer) & 31) + 1))

static volatile uint32_t *distributor(const arm_gic_v2_t *self, unsigned offset)
{
	return (volatile uint32_t *)(self->distributor + offset);
}

static volatile uint32_t *interface(const arm_gic_v2_t *self, unsigned offset)
{
	return (volatile uint32_t *)(self->cpu_interface + offset);
}

void arm_gic_v2_init(arm_gic_v2_t *self)
{
	*distributor(self, GICD_CTLR) = 0;
	unsigned lines = TYPER_LINES(*distributor(self, GICD_TYPER));
	for (unsigned i = ARM_GIC_V2_FIRST_SHARED; i < lines; i += 32) {
		*distributor(self, GICD_ICENABLER + i / 8) = ~0u;
		*distributor(self, GICD_IGROUPR + i / 8) = ~0u;
	}
	for (unsigned i = ARM_GIC_V2_FIRST_SHARED; i < lines; i += 16)
		*distributor(self, GICD_ICFGR + i / 4) = 0;
	for (unsigned i = ARM_GIC_V2_FIRST_SHARED; i < lines; i += 4)
		*distributor(self, GICD_IPRIORITYR + i) = PRIORITIES;
	*distributor(self, GICD_IGROUPR) = ~0u;
	self->has_groups = *distributor(self, GICD_IGROUPR);
	*distributor(self, GICD_CTLR) = CTLR_ENABLE_0 | CTLR_ENABLE_1;
}

uint8_t arm_gic_v2_init_cpu(const arm_gic_v2_t *self, unsigned fiq_message)
{
	*distributor(self, GICD_ICENABLER) = ~0u;
	*distributor(self, GICD_IGROUPR) = ~(1u << fiq_message);
	for (unsigned i = 0; i < ARM_GIC_V2_FIRST_SHARED; i += 4)
		*distributor(self, GICD_IPRIORITYR + i) = PRIORITIES;
	*distributor(self, GICD_ISENABLER) = 0xffffu;
	*interface(self, GICC_PMR) = PRIORITY_LOWEST;
	*interface(self, GICC_CTLR) = self->has_groups ? CTLR_ENABLE_0 | CTLR_ENABLE_1 | CTLR_ACK | CTLR_FIQ : CTLR_ENABLE_0;
	/* Section 4.3.12: of the first registers each byte reads as the reading CPU. One CPU alone may read 0. */
	uint8_t self_bit = (uint8_t)*distributor(self, GICD_ITARGETSR);
	return self_bit ? self_bit : 1;
}

void arm_gic_v2_enable(const arm_gic_v2_t *self, unsigned interrupt, uint8_t targets)
{
	if (interrupt >= ARM_GIC_V2_FIRST_SHARED)
		*(volatile uint8_t *)(self->distributor + GICD_ITARGETSR + interrupt) = targets;
	*distributor(self, GICD_ISENABLER + interrupt / 32 * 4) = 1u << interrupt % 32;
}

/* Section 4.3.13: two bits a line, of which the upper one tells. */
void arm_gic_v2_set_edge(const arm_gic_v2_t *self, unsigned interrupt)
{
	*distributor(self, GICD_ICFGR + interrupt / 16 * 4) |= 2u << interrupt % 16 * 2;
}

unsigned arm_gic_v2_frame_lines(uintptr_t frame, unsigned *first)
{
	uint32_t typer = *(const volatile uint32_t *)(frame + MSI_TYPER);
	*first = MSI_TYPER_FIRST(typer);
	return MSI_TYPER_COUNT(typer);
}

void arm_gic_v2_send(const arm_gic_v2_t *self, unsigned message, uint8_t targets, bool fiq)
{
	*distributor(self, GICD_SGIR) = (uint32_t)targets << 16 | (fiq || !self->has_groups ? 0 : SGIR_GROUP_1) | message;
}

uint32_t arm_gic_v2_acknowledge(const arm_gic_v2_t *self)
{
	return *interface(self, GICC_IAR);
}

void arm_gic_v2_end(const arm_gic_v2_t *self, uint32_t acknowledged)
{
	*interface(self, GICC_EOIR) = acknowledged;
}
