/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtio windows in memory: those that the command line names, `virtio_mmio.device=512@0xfeb00000:12`, as QEMU's microvm
 * and Firecracker say them; if it names none, those that the machine's description has.
 */
#include <axdriver/features.h>
#include <axhal/boot.h>
#include <axhal/buses.h>
#include <axhal/mem.h>
#include <axlog/axlog.h>
#include <format/format.h>
#include <memstr/memstr.h>
#include <virtio_mmio/virtio_mmio.h>

#if AXDRIVER_FEATURE_INTERRUPTS
#include <axhal/irq.h>
#endif

#include "virtio_devices.h"

#define PARAMETER "virtio_mmio.device="

static struct {
	virtio_mmio_t mmio;
	unsigned irq;
	char address[24];
} s_devices[DEVICES_MAX];
static size_t s_count;

static void add(const virtio_mmio_place_t *place)
{
	if (s_count == DEVICES_MAX) {
		ax_warn("mmio %#llx: more than %u virtio devices: passed over", (unsigned long long)place->paddr,
			(unsigned)DEVICES_MAX);
		return;
	}
	virtio_mmio_t *mmio = &s_devices[s_count].mmio;
	char *address = s_devices[s_count].address;
	format_snprintf(address, sizeof s_devices[0].address, "mmio %#llx", (unsigned long long)place->paddr);
	void *window = axhal_map_device(place->paddr, place->bytes);
	ax_err_t error = window ? virtio_mmio_init(mmio, window, place->bytes, &axdriver_virtio_memory, address) : AX_ERR_NO_MEMORY;
	if (error) {
		if (error != AX_ERR_NOT_FOUND) /* an empty window is none to speak of */
			ax_error("%s: %s", address, ax_err_text(error));
		return;
	}
	s_devices[s_count].irq = place->irq;
	s_count += axdriver_virtio_add(&mmio->device);
}

void axdriver_mmio_probe(void)
{
	bool is_named = false;
	for (char **entry = axhal_boot_args()->envp; *entry; entry++) {
		virtio_mmio_place_t place;
		if (strncmp(*entry, PARAMETER, sizeof PARAMETER - 1))
			continue;
		is_named = true;
		if (virtio_mmio_read_parameter(*entry + sizeof PARAMETER - 1, &place) == AX_OK)
			add(&place);
		else
			ax_error("%s: not of the form <size>@<address>:<interrupt>", *entry);
	}
	axhal_virtio_window_t window;
	for (unsigned i = 0; !is_named && axhal_virtio_window(i, &window); i++)
		add(&(virtio_mmio_place_t){ window.paddr, window.bytes, window.irq });
}

bool axdriver_mmio_has(const virtio_device_t *device)
{
	return (uintptr_t)device - (uintptr_t)s_devices < sizeof s_devices;
}

#if AXDRIVER_FEATURE_INTERRUPTS
ax_err_t axdriver_mmio_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument)
{
	size_t index = ((uintptr_t)device - (uintptr_t)s_devices) / sizeof s_devices[0];
	return axhal_irq_register(s_devices[index].irq, handler, argument);
}
#endif
