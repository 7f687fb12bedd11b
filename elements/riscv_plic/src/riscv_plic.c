/* SPDX-License-Identifier: Apache-2.0 */
/* Driver of the PLIC: the specification's "Memory Map". */
#include <riscv_plic/riscv_plic.h>

#define REG_PRIORITY(source)        (4u * (source))
#define REG_ENABLE(context, source) (0x2000u + 0x80u * (context) + (source) / 32 * 4)
#define REG_THRESHOLD(context)      (0x200000u + 0x1000u * (context))
#define REG_CLAIM(context)          (REG_THRESHOLD(context) + 4)

static volatile uint32_t *reg(const riscv_plic_t *self, uint32_t offset)
{
	return (volatile uint32_t *)(self->base + offset);
}

void riscv_plic_init(const riscv_plic_t *self, unsigned sources)
{
	for (unsigned source = 0; source <= sources; source += 32)
		*reg(self, REG_ENABLE(self->context, source)) = 0;
	*reg(self, REG_THRESHOLD(self->context)) = 0;
}

void riscv_plic_enable(const riscv_plic_t *self, unsigned source)
{
	*reg(self, REG_PRIORITY(source)) = 1;
	*reg(self, REG_ENABLE(self->context, source)) |= 1u << source % 32;
}

unsigned riscv_plic_claim(const riscv_plic_t *self)
{
	return *reg(self, REG_CLAIM(self->context));
}

void riscv_plic_complete(const riscv_plic_t *self, unsigned source)
{
	*reg(self, REG_CLAIM(self->context)) = source;
}
