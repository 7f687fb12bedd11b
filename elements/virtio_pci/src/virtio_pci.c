/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a device's registers: VirtIO 1.2, sections 4.1.2 to 4.1.4. */
#include <base/base.h>
#include "registers.h"

enum {
	VENDOR_VIRTIO = 0x1af4,
	DEVICE_TRANSITIONAL = 0x1000, /* up to 0x103f: the subsystem is the type */
	DEVICE_MODERN = 0x1040,       /* up to 0x107f: the type is added */
	DEVICE_END = 0x1080,
	SUBSYSTEM_ID = 0x2e,
};

enum { /* the vendor capability */
	CAP_LENGTH = 2,
	CAP_TYPE = 3,
	CAP_BAR = 4,
	CAP_OFFSET = 8,
	CAP_BYTES = 12,
	CAP_NOTIFY_MULTIPLIER = 16,

	TYPE_COMMON = 1,
	TYPE_NOTIFY = 2,
	TYPE_ISR = 3,
	TYPE_DEVICE = 4,
};

/* A BAR is mapped as far as a register lies in it; none of a virtio device's needs more. */
#define MAPPED_MAX 0x100000u

/* The capability of @p type that the device prefers: the first one (section 4.1.4.1). */
static unsigned find_region(const pci_function_t *function, uint8_t type)
{
	unsigned capability = 0;
	while ((capability = pci_find_capability(function, PCI_CAPABILITY_VENDOR, capability))) {
		if (pci_read(function, capability + CAP_TYPE, 1) == type)
			return capability;
	}
	return 0;
}

uint32_t virtio_pci_id(const pci_function_t *function)
{
	uint32_t device = pci_read(function, PCI_DEVICE_ID, 2);
	if (pci_read(function, PCI_VENDOR_ID, 2) != VENDOR_VIRTIO || device < DEVICE_TRANSITIONAL || device >= DEVICE_END ||
	    !find_region(function, TYPE_COMMON))
		return 0;
	return device >= DEVICE_MODERN ? device - DEVICE_MODERN : pci_read(function, SUBSYSTEM_ID, 2);
}

/* [offset, offset + bytes) of a BAR; bytes 0 is what the function does not have. */
static ax_err_t map_region(const pci_function_t *function, unsigned number, uint32_t offset, uint32_t bytes,
			   void *(*map)(uint64_t paddr, size_t bytes), virtio_pci_region_t *region)
{
	pci_bar_t bar = pci_bar(function, number);
	if (!bar.address || offset > bar.bytes || bytes > bar.bytes - offset || offset % 4)
		return AX_ERR_NO_DEVICE;
	region->bytes = AX_MIN(bytes, MAPPED_MAX);
	region->start = map(bar.address + offset, region->bytes);
	return region->start ? AX_OK : AX_ERR_NO_MEMORY;
}

static ax_err_t map_capability(const pci_function_t *function, uint8_t type, uint32_t least_bytes,
			       void *(*map)(uint64_t paddr, size_t bytes), virtio_pci_region_t *region)
{
	unsigned capability = find_region(function, type);
	if (!capability)
		return AX_ERR_NO_DEVICE;
	uint32_t bytes = pci_read(function, capability + CAP_BYTES, 4);
	if (bytes < least_bytes)
		return AX_ERR_NO_DEVICE;
	return map_region(function, pci_read(function, capability + CAP_BAR, 1), pci_read(function, capability + CAP_OFFSET, 4),
			  bytes, map, region);
}

static ax_err_t map_all(virtio_pci_t *self, void *(*map)(uint64_t paddr, size_t bytes))
{
	const pci_function_t *function = &self->function;
	ax_err_t error = map_capability(function, TYPE_COMMON, COMMON_BYTES, map, &self->common);
	if (!error)
		error = map_capability(function, TYPE_NOTIFY, 2, map, &self->notify);
	if (!error)
		error = map_capability(function, TYPE_ISR, 1, map, &self->isr);
	if (!error && find_region(function, TYPE_DEVICE)) /* a device may have no configuration */
		error = map_capability(function, TYPE_DEVICE, 1, map, &self->config);
	if (error)
		return error;
	self->notify_multiplier = pci_read(function, find_region(function, TYPE_NOTIFY) + CAP_NOTIFY_MULTIPLIER, 4);
	self->msix = pci_msix(function);
	if (!self->msix.capability)
		return AX_OK;
	return map_region(function, self->msix.bar, self->msix.offset, self->msix.vectors * PCI_MSIX_ENTRY_BYTES, map,
			  &self->msix_table);
}

ax_err_t virtio_pci_init(virtio_pci_t *self, const pci_function_t *function, const virtio_memory_t *memory,
			 void *(*map)(uint64_t paddr, size_t bytes), const char *address)
{
	*self = (virtio_pci_t){
		.device = { &virtio_pci_transport, memory, virtio_pci_id(function), 0, address },
		.function = *function,
		.vector = VIRTIO_PCI_NO_VECTOR,
	};
	if (!self->device.id)
		return AX_ERR_NO_DEVICE;
	ax_err_t error = map_all(self, map);
	if (!error)
		pci_enable(function);
	return error;
}

ax_err_t virtio_pci_set_message(virtio_pci_t *self, uint64_t address, uint32_t data)
{
	if (!self->msix.capability)
		return AX_ERR_NOT_SUPPORTED;
	pci_msix_set(self->msix_table.start, 0, address, data);
	pci_msix_enable(&self->function, &self->msix);
	self->vector = 0;
	return AX_OK;
}

void virtio_pci_use_line(virtio_pci_t *self)
{
	self->device.transport = &virtio_pci_line_transport;
	pci_use_line(&self->function);
}
