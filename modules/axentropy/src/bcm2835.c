/* SPDX-License-Identifier: Apache-2.0 */
/* The BCM2835's generator as a source of axhal's. Feature `bcm2835`. */
#include <axentropy/axentropy.h>
#include <axhal/buses.h>
#include <axhal/cpu.h>
#include <axhal/entropy_source.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <bcm2835_rng/bcm2835_rng.h>
#include <spinlock/spinlock.h>

/* The first word comes when the generator has warmed up; later ones take microseconds. */
#define PATIENCE_NS AX_NS_PER_SEC

static uintptr_t s_registers; /* 0: there is none, or it gives nothing */
static spinlock_t s_lock = SPINLOCK_INIT;

/* Lock held. */
static bool take_word(uint32_t *word)
{
	const uint64_t deadline_ns = axhal_now_ns() + PATIENCE_NS;
	while (!bcm2835_rng_take(s_registers, word)) {
		if (axhal_now_ns() > deadline_ns) {
			s_registers = 0;
			ax_error("the random number generator gives nothing; it is not asked any more");
			return false;
		}
		axhal_cpu_relax();
	}
	return true;
}

static bool take(uint64_t *value)
{
	uint32_t low, high;
	SPIN_GUARD(&s_lock);
	if (!s_registers || !take_word(&low) || !take_word(&high))
		return false;
	*value = (uint64_t)high << 32 | low;
	return true;
}

void axentropy_init(void)
{
	s_registers = axhal_find_device("brcm,bcm2835-rng");
	if (!s_registers)
		return;
	bcm2835_rng_init(s_registers);
	axhal_entropy_add(take);
}

bool axentropy_has_device(void)
{
	SPIN_GUARD(&s_lock);
	return s_registers;
}
