/* SPDX-License-Identifier: Apache-2.0 */
/* Buses by the platform file's constants. PCI's lines are for ACPI to tell, and are not used. Feature `buses`. */
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

unsigned axhal_pci_line([[maybe_unused]] unsigned device, [[maybe_unused]] unsigned pin)
{
	return AXHAL_NO_LINE;
}
