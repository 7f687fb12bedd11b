/* SPDX-License-Identifier: Apache-2.0 */
/* Buses by the platform file's constants. Feature `buses`. */
#include <axconfig/axconfig.h>
#include <axhal/buses.h>

bool axhal_virtio_window(unsigned index, axhal_virtio_window_t *window)
{
	const unsigned count = AX_CONFIG_VIRTIO_MMIO_COUNT;
	if (index >= count)
		return false;
	window->paddr = AX_CONFIG_VIRTIO_MMIO_PADDR + (paddr_t)index * AX_CONFIG_VIRTIO_MMIO_STRIDE;
	window->bytes = AX_CONFIG_VIRTIO_MMIO_STRIDE;
	window->irq = AX_CONFIG_VIRTIO_MMIO_IRQ + index;
	return true;
}

bool axhal_pci_host(axhal_pci_host_t *host)
{
	*host = (axhal_pci_host_t){ AX_CONFIG_PCI_CONFIG_PADDR, 1, AX_CONFIG_PCI_SPACE_PADDR, AX_CONFIG_PCI_SPACE_PADDR,
				    AX_CONFIG_PCI_SPACE_BYTES };
	return host->config_paddr;
}

/* Intel I/O Controller Hub 9, sections 5.10 and 10.1.44 ff.: each device has a register that leads its pins to PIRQs. Those
 * of the chip's own devices, from 25 on, are set one by one; the others' are spread as PCI bridges do (PCI-to-PCI Bridge
 * Architecture 1.2, section 9.1). */
unsigned axhal_pci_line(unsigned device, unsigned pin)
{
	enum { PINS = 4, FIRST_OWN_DEVICE = 25 };
	const unsigned first = AX_CONFIG_PCI_PINS_IRQ;
	if (!first || device >= FIRST_OWN_DEVICE || pin < 1 || pin > PINS)
		return AXHAL_NO_LINE;
	return first + (device + pin - 1) % PINS;
}
