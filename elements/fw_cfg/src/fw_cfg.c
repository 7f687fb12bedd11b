/* SPDX-License-Identifier: Apache-2.0 */
/* Items of the firmware configuration device: see fw_cfg.h. */
#include <fw_cfg/fw_cfg.h>

enum {
	KEY_SIGNATURE = 0x00, /* FW_CFG_SIGNATURE: "QEMU" */
	KEY_CPUS = 0x05,      /* FW_CFG_NB_CPUS: 16 bits, little-endian */
};

bool fw_cfg_is_present(const fw_cfg_t *self)
{
	static const char signature[4] = { 'Q', 'E', 'M', 'U' };
	bool same = true;
	self->select(self->base, KEY_SIGNATURE);
	for (unsigned i = 0; i < sizeof signature; i++)
		same &= self->read(self->base) == (uint8_t)signature[i];
	return same;
}

unsigned fw_cfg_cpus(const fw_cfg_t *self)
{
	self->select(self->base, KEY_CPUS);
	unsigned low = self->read(self->base);
	return low | (unsigned)self->read(self->base) << 8;
}
