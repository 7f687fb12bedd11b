/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCI: bus 0 by its configuration window. Functions that firmware has left without addresses get some of the host
 * bridge's memory. Interrupts are messages where the machine takes them, else lines, which several devices may share.
 */
#include <axdriver/features.h>
#include <axhal/buses.h>
#include <axhal/mem.h>
#include <axlog/axlog.h>
#include <base/base.h>
#include <format/format.h>
#include <pci/pci.h>
#include <stdatomic.h>
#include <virtio_pci/virtio_pci.h>

#if AXDRIVER_FEATURE_INTERRUPTS
#include <axhal/irq.h>
#endif

#include "virtio_devices.h"

#define BUS_BYTES 0x100000u

static pci_window_t s_window = { .buses = 1, .read = pci_window_read, .write = pci_window_write };
static axhal_pci_host_t s_host;
static pci_space_t s_space;

static virtio_pci_t s_devices[DEVICES_MAX];
static char s_addresses[DEVICES_MAX][16];
static size_t s_count;

/* A base address register's contents are the bus's addresses. */
static void *map_bar(uint64_t bus_address, size_t bytes)
{
	return axhal_map_device(bus_address - s_host.memory_address + s_host.memory_paddr, bytes);
}

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
		error = virtio_pci_init(device, function, &axdriver_virtio_memory, map_bar, address);
	if (error)
		ax_error("%s: %s", address, ax_err_text(error));
	else
		s_count += axdriver_virtio_add(&device->device);
}

void axdriver_pci_probe(void)
{
	if (!axhal_pci_host(&s_host))
		return;
	s_space = (pci_space_t){ s_host.memory_address, s_host.memory_address + s_host.memory_bytes };
	s_window.base = (uintptr_t)axhal_map_device(s_host.config_paddr, BUS_BYTES);
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

bool axdriver_pci_take(uint16_t vendor, uint16_t device, pci_function_t *function)
{
	static uint32_t taken[DEVICES_MAX];
	static size_t count;
	if (!s_window.base)
		return false;
	*function = (pci_function_t){ .window = &s_window };
	for (bool found = pci_find(function); found; found = pci_find_next(function)) {
		uint32_t place = (uint32_t)function->device << 8 | function->function;
		bool is_free = count < DEVICES_MAX;
		for (size_t i = 0; i < count; i++)
			is_free &= taken[i] != place;
		if (!is_free || pci_read(function, PCI_VENDOR_ID, 4) != (vendor | (uint32_t)device << 16))
			continue;
		taken[count++] = place;
		ax_err_t error = pci_assign_bars(function, &s_space);
		if (error)
			ax_error("pci %02x:%02x.%u: %s", function->bus, function->device, function->function, ax_err_text(error));
		pci_enable(function);
		return !error;
	}
	return false;
}

void *axdriver_pci_map(const pci_function_t *function, unsigned number)
{
	uint32_t command = pci_read(function, PCI_COMMAND, 2);
	pci_write(function, PCI_COMMAND, 2, command & ~(uint32_t)PCI_COMMAND_MEMORY); /* its size is found by writing */
	pci_bar_t bar = pci_bar(function, number);
	pci_write(function, PCI_COMMAND, 2, command);
	return bar.address ? map_bar(bar.address, bar.bytes) : NULL;
}

bool axdriver_pci_has(const virtio_device_t *device)
{
	return (uintptr_t)device - (uintptr_t)s_devices < sizeof s_devices;
}

#if AXDRIVER_FEATURE_INTERRUPTS

/* Who shares a line; written at boot, before the device can raise it. */
static struct {
	void (*handler)(void *argument);
	void *argument;
	unsigned irq;
} s_sharers[DEVICES_MAX];
static atomic_size_t s_sharer_count;

/* Each driver asks its device, which lets go of the line. */
static void on_line(void *irq)
{
	for (size_t i = 0; i < atomic_load_explicit(&s_sharer_count, memory_order_acquire); i++) {
		if (s_sharers[i].irq == (uintptr_t)irq)
			s_sharers[i].handler(s_sharers[i].argument);
	}
}

static ax_err_t share_line(const pci_function_t *function, void (*handler)(void *argument), void *argument)
{
	size_t count = atomic_load(&s_sharer_count);
	unsigned pin = pci_read(function, PCI_INTERRUPT_PIN, 1);
	unsigned irq = pin ? axhal_pci_line(function->device, pin) : AXHAL_NO_LINE;
	if (irq == AXHAL_NO_LINE || count == DEVICES_MAX)
		return AX_ERR_NOT_SUPPORTED;
	s_sharers[count].handler = handler;
	s_sharers[count].argument = argument;
	s_sharers[count].irq = irq;
	atomic_store_explicit(&s_sharer_count, count + 1, memory_order_release);
	ax_err_t error = axhal_irq_register(irq, on_line, (void *)(uintptr_t)irq);
	if (error && error != AX_ERR_ALREADY_EXISTS) {
		atomic_store(&s_sharer_count, count);
		return error;
	}
	return AX_OK;
}

ax_err_t axdriver_pci_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument)
{
	virtio_pci_t *pci = container_of(device, virtio_pci_t, device);
	axhal_irq_message_t message;
	if (!pci->msix.capability || axhal_irq_take_message(&message) != AX_OK) {
		ax_err_t line_error = share_line(&pci->function, handler, argument);
		if (!line_error)
			virtio_pci_use_line(pci);
		return line_error;
	}
	ax_err_t error = axhal_irq_register(message.irq, handler, argument);
	return error ? error : virtio_pci_set_message(pci, message.address_paddr, message.data);
}

ax_err_t axdriver_pci_function_on_interrupt(const pci_function_t *function, void (*handler)(void *argument), void *argument)
{
	axhal_irq_message_t message;
	if (pci_find_capability(function, PCI_CAPABILITY_MSI, 0) && axhal_irq_take_message(&message) == AX_OK) {
		ax_err_t error = axhal_irq_register(message.irq, handler, argument);
		if (error || pci_msi_enable(function, message.address_paddr, (uint16_t)message.data))
			return error;
	}
	ax_err_t error = share_line(function, handler, argument);
	if (!error)
		pci_use_line(function);
	return error;
}

#else

ax_err_t axdriver_pci_function_on_interrupt([[maybe_unused]] const pci_function_t *function,
					    [[maybe_unused]] void (*handler)(void *argument), [[maybe_unused]] void *argument)
{
	return AX_ERR_NOT_SUPPORTED;
}
#endif
