/* SPDX-License-Identifier: Apache-2.0 */
/* Against a model with two items. */
#include <axtest.h>
#include <fw_cfg/fw_cfg.h>

#define BASE 0x510u

static struct {
	bool absent;
	char signature[4];
	uint8_t cpus[2];
	uint16_t key;
	size_t at;
} s_model;

static void model_select(uintptr_t base, uint16_t key)
{
	CHECK_EQ(base, BASE);
	s_model.key = key;
	s_model.at = 0;
}

static uint8_t model_read(uintptr_t base)
{
	CHECK_EQ(base, BASE);
	size_t at = s_model.at++;
	if (s_model.absent)
		return 0xff; /* a port that nobody answers */
	if (s_model.key == 0x00 && at < sizeof s_model.signature)
		return (uint8_t)s_model.signature[at];
	if (s_model.key == 0x05 && at < sizeof s_model.cpus)
		return s_model.cpus[at];
	return 0;
}

static const fw_cfg_t s_device = { BASE, model_select, model_read };

static void reset(void)
{
	memset(&s_model, 0, sizeof s_model);
	memcpy(s_model.signature, "QEMU", 4);
}

TEST(fw_cfg_is_present_by_its_signature)
{
	reset();
	CHECK(fw_cfg_is_present(&s_device));
	CHECK(fw_cfg_is_present(&s_device));
}

TEST(fw_cfg_is_absent_where_nobody_answers_or_another_does)
{
	reset();
	s_model.absent = true;
	CHECK(!fw_cfg_is_present(&s_device));
	for (size_t i = 0; i < 4; i++) {
		reset();
		s_model.signature[i] ^= 1;
		CHECK(!fw_cfg_is_present(&s_device));
	}
}

TEST(fw_cfg_cpus_is_a_little_endian_number_of_16_bits)
{
	reset();
	s_model.cpus[0] = 4;
	CHECK_EQ(fw_cfg_cpus(&s_device), 4);
	s_model.cpus[1] = 1;
	CHECK_EQ(fw_cfg_cpus(&s_device), 260);
	CHECK_EQ(fw_cfg_cpus(&s_device), 260);
}
