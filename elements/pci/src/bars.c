/* SPDX-License-Identifier: Apache-2.0 */
/* Base address registers: PCI 3.0, section 6.2.5.1. */
#include <pci/pci.h>

enum {
	BAR_IS_IO = 1,
	BAR_TYPE = 6,
	BAR_TYPE_WIDE = 4,
	BAR_FLAGS = 15,
	HEADER_LAYOUT = 0x7f,
};

/* A bridge has two of them: section 6.1 of the PCI-to-PCI Bridge specification. */
static unsigned bars_of(const pci_function_t *self)
{
	switch (pci_read(self, PCI_HEADER_TYPE, 1) & HEADER_LAYOUT) {
	case 0:
		return PCI_BARS;
	case 1:
		return 2;
	default:
		return 0;
	}
}

static unsigned bar_offset(unsigned number)
{
	return PCI_BAR0 + 4 * number;
}

/* The bits that can be written, while nothing is decoded. */
static uint32_t writable_bits(const pci_function_t *self, unsigned number)
{
	uint32_t before = pci_read(self, bar_offset(number), 4);
	pci_write(self, bar_offset(number), 4, UINT32_MAX);
	uint32_t bits = pci_read(self, bar_offset(number), 4);
	pci_write(self, bar_offset(number), 4, before);
	return bits;
}

pci_bar_t pci_bar(const pci_function_t *self, unsigned number)
{
	unsigned count = bars_of(self);
	pci_bar_t bar = {};
	if (number >= count)
		return bar;
	uint32_t low = pci_read(self, bar_offset(number), 4);
	if (low & BAR_IS_IO)
		return bar;
	bar.is_wide = (low & BAR_TYPE) == BAR_TYPE_WIDE && number + 1 < count;
	uint32_t command = pci_read(self, PCI_COMMAND, 2);
	pci_write(self, PCI_COMMAND, 2, command & ~(uint32_t)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	uint64_t bits = writable_bits(self, number) & ~(uint32_t)BAR_FLAGS;
	if (bar.is_wide)
		bits |= (uint64_t)writable_bits(self, number + 1) << 32;
	else if (bits)
		bits |= UINT64_C(0xffffffff) << 32;
	pci_write(self, PCI_COMMAND, 2, command);
	bar.bytes = bits & -bits; /* the lowest one is the size */
	bar.address = low & ~(uint32_t)BAR_FLAGS;
	if (bar.is_wide)
		bar.address |= (uint64_t)pci_read(self, bar_offset(number + 1), 4) << 32;
	return bar;
}

ax_err_t pci_assign_bars(const pci_function_t *self, pci_space_t *space)
{
	for (unsigned number = 0; number < PCI_BARS; number++) {
		pci_bar_t bar = pci_bar(self, number);
		if (bar.bytes && !bar.address) {
			uint64_t address = (space->next + bar.bytes - 1) & -bar.bytes;
			if (address < space->next || address > space->end || bar.bytes > space->end - address ||
			    (!bar.is_wide && address + bar.bytes > UINT64_C(1) << 32))
				return AX_ERR_NO_SPACE;
			space->next = address + bar.bytes;
			pci_write(self, bar_offset(number), 4, (uint32_t)address);
			if (bar.is_wide)
				pci_write(self, bar_offset(number + 1), 4, (uint32_t)(address >> 32));
		}
		number += bar.is_wide;
	}
	return AX_OK;
}

void pci_use_line(const pci_function_t *self)
{
	pci_write(self, PCI_COMMAND, 2, pci_read(self, PCI_COMMAND, 2) & ~(uint32_t)PCI_COMMAND_NO_INTX);
}

void pci_enable(const pci_function_t *self)
{
	uint32_t command = pci_read(self, PCI_COMMAND, 2);
	pci_write(self, PCI_COMMAND, 2, command | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_NO_INTX);
}
