/* SPDX-License-Identifier: Apache-2.0 */
/* Many more numbers than the device gives at once: each must come, and none twice. */
#include <axentropy/axentropy.h>
#include <axhal/boot.h>
#include <axstd/axstd.h>

enum { NUMBERS = 1000 };

static void say_device(void)
{
	ax_print("an entropy device: %s\n", axentropy_has_device() ? "yes" : "no");
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	static uint64_t numbers[NUMBERS];
	size_t got = 0;
	bool differ = true;
	say_device();
	while (got < NUMBERS && axhal_entropy(&numbers[got]))
		got++;
	for (size_t i = 0; i < got; i++) {
		for (size_t j = 0; j < i; j++)
			differ &= numbers[i] != numbers[j];
	}
	ax_print("%u numbers: %s, %s\n", NUMBERS, got == NUMBERS ? "all of them" : "not all", differ ? "all different" : "some twice");
	say_device();
	return got != NUMBERS || !differ;
}
