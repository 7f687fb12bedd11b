/* SPDX-License-Identifier: Apache-2.0 */
/* MSI: PCI 3.0, section 6.8.1. */
#include <pci/pci.h>

enum {
	MSI_CONTROL = 2,
	MSI_ADDRESS = 4,
	MSI_ADDRESS_HIGH = 8,
	MSI_DATA = 8, MSI_DATA_WIDE = 12,
	CONTROL_ENABLE = 0x0001,
	CONTROL_VECTORS = 0x0070, /* enabled; 0: one */
	CONTROL_WIDE = 0x0080,
};

bool pci_msi_enable(const pci_function_t *self, uint64_t address, uint16_t data)
{
	unsigned at = pci_find_capability(self, PCI_CAPABILITY_MSI, 0);
	uint32_t control = at ? pci_read(self, at + MSI_CONTROL, 2) : 0;
	if (!at || (!(control & CONTROL_WIDE) && address >> 32))
		return false;
	pci_write(self, at + MSI_ADDRESS, 4, (uint32_t)address);
	if (control & CONTROL_WIDE)
		pci_write(self, at + MSI_ADDRESS_HIGH, 4, (uint32_t)(address >> 32));
	pci_write(self, at + (control & CONTROL_WIDE ? MSI_DATA_WIDE : MSI_DATA), 2, data);
	pci_write(self, at + MSI_CONTROL, 2, (control & ~(uint32_t)CONTROL_VECTORS) | CONTROL_ENABLE);
	return true;
}
