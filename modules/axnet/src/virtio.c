/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a machine with virtio: its first network card; without, another one that the image has a driver for. */
#include "core.h"

#include <axdriver/axdriver.h>
#include <axlog/axlog.h>
#include <axnet/features.h>
#include <virtio_net/virtio_net.h>

static virtio_net_t s_card;

static void on_interrupt([[maybe_unused]] void *argument)
{
	virtio_net_interrupt(&s_card);
}

/* A thread that sleeps until the card interrupts would not hear of one that cannot. */
static ax_err_t start(virtio_device_t *device)
{
	ax_err_t error = axdriver_virtio_on_interrupt(device, on_interrupt, NULL);
	if (error != AX_OK && !AXNET_FEATURE_POLLED)
		return error;
	return virtio_net_init(&s_card, device, "eth0");
}

net_device_t *axnet_interface(void)
{
	axdriver_init();
	virtio_device_t *device = axdriver_virtio_take(VIRTIO_ID_NET);
	if (!device)
		return axnet_other_card();
	ax_err_t error = start(device);
	if (error != AX_OK) {
		ax_error("net: the card at %s: %s", device->address, ax_err_text(error));
		return NULL;
	}
	return &s_card.device;
}
