/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio entropy device as a source of axhal's. Its bytes are taken in lots, and each is used once. */
#include <axdriver/axdriver.h>
#include <axentropy/axentropy.h>
#include <axhal/cpu.h>
#include <axhal/entropy_source.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <spinlock/spinlock.h>
#include <virtio_rng/virtio_rng.h>

enum { WORDS = 32 };

/* A host that has no entropy for so long is out of order. */
#define PATIENCE_NS AX_NS_PER_SEC

static virtio_rng_t s_rng;
static uint64_t s_words[WORDS];
static size_t s_left;
static spinlock_t s_lock = SPINLOCK_INIT; /* protects all of the above; held while the host is asked */

/* Lock held. The device is polled: an answer takes microseconds. */
static bool refill(void)
{
	const uint64_t deadline_ns = axhal_now_ns() + PATIENCE_NS;
	size_t bytes = 0;
	while (bytes < sizeof s_words[0]) {
		ax_err_t error = virtio_rng_ask(&s_rng, s_words, sizeof s_words);
		while (!error && (error = virtio_rng_take(&s_rng, &bytes)) == AX_ERR_WOULD_BLOCK && axhal_now_ns() < deadline_ns) {
			error = AX_OK;
			axhal_cpu_relax();
		}
		if (error) {
			virtio_rng_end(&s_rng);
			ax_error("the entropy device gives nothing: %s; it is not asked any more", ax_err_text(error));
			return false;
		}
	}
	s_left = bytes / sizeof s_words[0];
	return true;
}

static bool take(uint64_t *value)
{
	SPIN_GUARD(&s_lock);
	if (!s_rng.virtio || (!s_left && !refill()))
		return false;
	*value = s_words[--s_left];
	s_words[s_left] = 0;
	return true;
}

void axentropy_init(void)
{
	axdriver_init();
	virtio_device_t *virtio = axdriver_virtio_take(VIRTIO_ID_ENTROPY);
	if (!virtio)
		return;
	ax_err_t error = virtio_rng_init(&s_rng, virtio);
	if (error) {
		ax_error("%s: an entropy device that cannot be used: %s", virtio->address, ax_err_text(error));
		return;
	}
	ax_info("%s: entropy", virtio->address);
	axhal_entropy_add(take);
}

bool axentropy_has_device(void)
{
	SPIN_GUARD(&s_lock);
	return s_rng.virtio;
}
