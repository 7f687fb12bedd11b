/* SPDX-License-Identifier: Apache-2.0 */
/* PCI: bus 0 by its configuration window, which the platform file names. Functions that firmware has left without
 * addresses get some of the platform's memory of the bus. */
#include <axconfig/axconfig.h>
#include <axdriver/features.h>
#include <axhal/mem.h>
#include <axlog/axlog.h>
#include <base/base.h>
#include <format/format.h>
#include <pci/pci.h>
#include <virtio_pci/virtio_pci.h>

#if AXDRIVER_FEATURE_INTERRUPTS
#include <axhal/irq.h>
#endif

#include "virtio_devices.h"

#define BUS_BYTES 0x100000u

static pci_window_t s_window = { .buses = 1, .read = pci_window_read, .write = pci_window_write };
static pci_space_t s_space = { AX_CONFIG_PCI_SPACE_PADDR, AX_CONFIG_PCI_SPACE_PADDR + AX_CONFIG_PCI_SPACE_BYTES };

static virtio_pci_t s_devices[DEVICES_MAX];
static char s_addresses[DEVICES_MAX][16];
static size_t s_count;

static void add(const pci_function_t *function)
{
	if (s_count == DEVICES_MAX) {
		ax_warn("pci %02x:%02x.%u: more than %u virtio devices: passed over", function->bus, function->device,
			function->function, (unsigned)DEVICES_MAX);
		return;
	}
	char *address = s_addresses[s_count];
	format_snprintf(address, sizeof s_addresses[0], "pci %02x:%02x.%u", function->bus, function->device, function->function);
	ax_err_t error = pci_assign_bars(function, &s_space);
	virtio_pci_t *device = &s_devices[s_count];
	if (!error)
		error = virtio_pci_init(device, function, &axdriver_virtio_memory, axhal_map_device, address);
	if (error)
		ax_error("%s: %s", address, ax_err_text(error));
	else
		s_count += axdriver_virtio_add(&device->device);
}

void axdriver_pci_probe(void)
{
	if (!AX_CONFIG_PCI_CONFIG_PADDR)
		return;
	s_window.base = (uintptr_t)axhal_map_device(AX_CONFIG_PCI_CONFIG_PADDR, BUS_BYTES);
	if (!s_window.base) {
		ax_error("pci: no memory for the page tables of its configuration window");
		return;
	}
	pci_function_t function = { .window = &s_window };
	for (bool found = pci_find(&function); found; found = pci_find_next(&function)) {
		if (virtio_pci_id(&function))
			add(&function);
	}
}

bool axdriver_pci_has(const virtio_device_t *device)
{
	return (uintptr_t)device - (uintptr_t)s_devices < sizeof s_devices;
}

#if AXDRIVER_FEATURE_INTERRUPTS
ax_err_t axdriver_pci_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument)
{
	virtio_pci_t *pci = container_of(device, virtio_pci_t, device);
	axhal_irq_message_t message;
	if (!pci->msix.capability || axhal_irq_take_message(&message) != AX_OK)
		return AX_ERR_NOT_SUPPORTED;
	ax_err_t error = axhal_irq_register(message.irq, handler, argument);
	return error ? error : virtio_pci_set_message(pci, message.address_paddr, message.data);
}
#endif
