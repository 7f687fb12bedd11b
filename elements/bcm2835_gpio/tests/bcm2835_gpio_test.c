/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <bcm2835_gpio/bcm2835_gpio.h>

TEST(bcm2835_gpio_select_changes_these_pins_alone_across_registers)
{
	uint32_t registers[7] = { 1, 2, 3, 0, 0x3fffffff, 0x3fffffff, 7 };
	bcm2835_gpio_select((uintptr_t)registers, 48, 6, BCM2835_GPIO_ALT0);
	CHECK_EQ(registers[4], (0x3fffffff & ~(077u << 24)) | 044u << 24);
	CHECK_EQ(registers[5], (0x3fffffff & ~07777u) | 04444u);
	CHECK(registers[0] == 1 && registers[3] == 0 && registers[6] == 7);
}

TEST(bcm2835_gpio_select_ends_at_the_last_pin)
{
	uint32_t registers[7] = { 0 };
	bcm2835_gpio_select((uintptr_t)registers, 53, 20, BCM2835_GPIO_OUTPUT);
	CHECK_EQ(registers[5], 1u << 9);
	CHECK_EQ(registers[6], 0);
}
