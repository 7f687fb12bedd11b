/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration window, the functions in it, and their capabilities. */
#include <pci/pci.h>

enum {
	DEVICES = 32,
	FUNCTIONS = 8,
	NO_VENDOR = 0xffff,
	HEADER_MULTIFUNCTION = 0x80,
	STATUS_CAPABILITIES = 0x10,
	FIRST_CAPABILITY = 0x40,
};

uint32_t pci_window_read(uintptr_t base, size_t offset, unsigned bytes)
{
	switch (bytes) {
	case 1:
		return *(volatile uint8_t *)(base + offset);
	case 2:
		return *(volatile uint16_t *)(base + offset);
	default:
		return *(volatile uint32_t *)(base + offset);
	}
}

void pci_window_write(uintptr_t base, size_t offset, unsigned bytes, uint32_t value)
{
	switch (bytes) {
	case 1:
		*(volatile uint8_t *)(base + offset) = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)(base + offset) = (uint16_t)value;
		break;
	default:
		*(volatile uint32_t *)(base + offset) = value;
	}
}

/* Table 7-1: bus, device, function, register. */
static size_t place_of(const pci_function_t *self, unsigned offset)
{
	return (size_t)self->bus << 20 | (size_t)self->device << 15 | (size_t)self->function << 12 | offset;
}

uint32_t pci_read(const pci_function_t *self, unsigned offset, unsigned bytes)
{
	return self->window->read(self->window->base, place_of(self, offset), bytes);
}

void pci_write(const pci_function_t *self, unsigned offset, unsigned bytes, uint32_t value)
{
	self->window->write(self->window->base, place_of(self, offset), bytes, value);
}

static bool is_present(const pci_function_t *self)
{
	return pci_read(self, PCI_VENDOR_ID, 2) != NO_VENDOR;
}

/* To the next number; those of a device without function 0 or with that one alone are passed over. */
static bool advance(pci_function_t *self)
{
	pci_function_t first = { self->window, self->bus, self->device, 0 };
	bool has_more = is_present(&first) && pci_read(&first, PCI_HEADER_TYPE, 1) & HEADER_MULTIFUNCTION;
	if (has_more && ++self->function < FUNCTIONS)
		return true;
	self->function = 0;
	if (++self->device < DEVICES)
		return true;
	self->device = 0;
	return ++self->bus < self->window->buses && self->bus;
}

bool pci_find(pci_function_t *self)
{
	while (!is_present(self)) {
		if (!advance(self))
			return false;
	}
	return true;
}

bool pci_find_next(pci_function_t *self)
{
	return advance(self) && pci_find(self);
}

unsigned pci_find_capability(const pci_function_t *self, uint8_t id, unsigned after)
{
	if (!(pci_read(self, PCI_STATUS, 2) & STATUS_CAPABILITIES))
		return 0;
	uint64_t visited = 0; /* a bit for each word, so that a list which is a ring ends */
	bool is_behind = !after;
	unsigned offset = pci_read(self, PCI_CAPABILITIES, 1) & ~3u;
	while (offset >= FIRST_CAPABILITY && !(visited >> offset / 4 & 1)) {
		if (is_behind && pci_read(self, offset, 1) == id)
			return offset;
		is_behind |= offset == after;
		visited |= UINT64_C(1) << offset / 4;
		offset = pci_read(self, offset + 1, 1) & ~3u;
	}
	return 0;
}
