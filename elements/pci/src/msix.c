/* SPDX-License-Identifier: Apache-2.0 */
/* MSI-X: PCI 3.0, section 6.8.2. */
#include <pci/pci.h>

enum {
	MSIX_CONTROL = 2,
	MSIX_TABLE = 4,
	CONTROL_SIZE = 0x7ff,
	CONTROL_MASK_ALL = 0x4000,
	CONTROL_ENABLE = 0x8000,
	TABLE_BAR = 7,
	ENTRY_WORDS = PCI_MSIX_ENTRY_BYTES / 4,
};

pci_msix_t pci_msix(const pci_function_t *self)
{
	pci_msix_t msix = { .capability = pci_find_capability(self, PCI_CAPABILITY_MSIX, 0) };
	if (!msix.capability)
		return msix;
	uint32_t table = pci_read(self, msix.capability + MSIX_TABLE, 4);
	msix.vectors = (pci_read(self, msix.capability + MSIX_CONTROL, 2) & CONTROL_SIZE) + 1;
	msix.bar = table & TABLE_BAR;
	msix.offset = table & ~(uint32_t)TABLE_BAR;
	return msix;
}

void pci_msix_set(volatile void *table, unsigned entry, uint64_t address, uint32_t data)
{
	volatile uint32_t *words = (volatile uint32_t *)table + entry * ENTRY_WORDS;
	words[3] = 1; /* masked meanwhile */
	words[0] = (uint32_t)address;
	words[1] = (uint32_t)(address >> 32);
	words[2] = data;
	words[3] = 0;
}

void pci_msix_enable(const pci_function_t *self, const pci_msix_t *msix)
{
	uint32_t control = pci_read(self, msix->capability + MSIX_CONTROL, 2);
	pci_write(self, msix->capability + MSIX_CONTROL, 2, (control | CONTROL_ENABLE) & ~(uint32_t)CONTROL_MASK_ALL);
}
