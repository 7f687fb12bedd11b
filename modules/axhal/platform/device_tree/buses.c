/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buses by the device tree: its nodes "virtio,mmio" (bindings/virtio/mmio.yaml) and "pci-host-ecam-generic"
 * (bindings/pci/host-generic-pci.yaml), and devices by their names. The tree is walked again, by images that look for devices. Feature `buses`.
 */
#include <axhal/buses.h>
#include <axhal/features.h>
#include <axhal/mem.h>
#include <base/base.h>
#include "irq_chip.h"
#include "machine_tree.h"

enum { WINDOWS_MOST = 64, CELLS_MOST = 4, BUS_BYTES = 0x100000 };

static axhal_virtio_window_t s_windows[WINDOWS_MOST];
static unsigned s_window_count;
static device_tree_node_t s_bridge, s_message_controller;
static bool s_is_read;

static unsigned line_of([[maybe_unused]] const uint32_t *cells, [[maybe_unused]] unsigned count)
{
#if AXHAL_FEATURE_IRQ
	return axhal_irq_chip_line(cells, count);
#else
	return AXHAL_NO_LINE;
#endif
}

/* Kept in the order of their addresses: QEMU's tree has the last one first. */
static void add_window(const device_tree_node_t *node)
{
	axhal_virtio_window_t window;
	uint32_t cells[CELLS_MOST];
	unsigned count = 0, at = s_window_count;
	if (s_window_count == WINDOWS_MOST || !device_tree_reg(node, 0, &window.paddr, &window.bytes))
		return;
	while (count < CELLS_MOST && device_tree_cell(node, "interrupts", count, &cells[count]))
		count++;
	window.irq = line_of(cells, count);
	for (; at && s_windows[at - 1].paddr > window.paddr; at--)
		s_windows[at] = s_windows[at - 1];
	s_windows[at] = window;
	s_window_count++;
}

static void visit(const device_tree_node_t *node, [[maybe_unused]] void *unused)
{
	if (device_tree_is_compatible(node, "virtio,mmio"))
		add_window(node);
	else if (!s_bridge.blob && device_tree_is_compatible(node, "pci-host-ecam-generic"))
		s_bridge = *node;
}

static void find_message_controller(const device_tree_node_t *node, void *wanted)
{
	uint32_t phandle;
	if (device_tree_cell(node, "phandle", 0, &phandle) && phandle == *(const uint32_t *)wanted)
		s_message_controller = *node;
}

/* Where the bridge's messages go: bindings/pci/pci-msi.txt. One controller for all devices. */
static void read_once(void)
{
	uint32_t phandle;
	if (s_is_read)
		return;
	s_is_read = true;
	device_tree_walk(axhal_tree.blob, visit, NULL);
	if (s_bridge.blob && (device_tree_cell(&s_bridge, "msi-map", 1, &phandle) || device_tree_cell(&s_bridge, "msi-parent", 0, &phandle)))
		device_tree_walk(axhal_tree.blob, find_message_controller, &phandle);
}

bool axhal_virtio_window(unsigned index, axhal_virtio_window_t *window)
{
	read_once();
	if (index >= s_window_count)
		return false;
	*window = s_windows[index];
	return true;
}

/* The first range of memory below 4 GiB: any base address register can hold such an address. */
bool axhal_pci_host(axhal_pci_host_t *host)
{
	uint64_t bytes;
	device_tree_pci_range_t range;
	read_once();
	*host = (axhal_pci_host_t){ 0 };
	if (!s_bridge.blob || !device_tree_reg(&s_bridge, 0, &host->config_paddr, &bytes))
		return false;
	host->buses = (unsigned)(bytes / BUS_BYTES);
	for (unsigned i = 0; device_tree_pci_range(&s_bridge, i, &range); i++) {
		if (range.space != DEVICE_TREE_PCI_MEMORY || !range.bytes)
			continue;
		host->memory_paddr = range.start;
		host->memory_address = range.bus_address;
		host->memory_bytes = range.bytes;
		break;
	}
	return host->buses;
}

unsigned axhal_pci_line(unsigned device, unsigned pin)
{
	uint32_t cells[CELLS_MOST];
	read_once();
	unsigned count = s_bridge.blob ? device_tree_pci_interrupt(&s_bridge, device, pin, cells, CELLS_MOST) : 0;
	return count ? line_of(cells, count) : AXHAL_NO_LINE;
}

#if AXHAL_FEATURE_IRQ
ax_err_t axhal_irq_take_message(axhal_irq_message_t *message)
{
	read_once();
	return s_message_controller.blob && axhal_irq_chip_take_message(&s_message_controller, message) ? AX_OK : AX_ERR_NO_SPACE;
}
#endif

typedef struct search {
	const char *compatible;
	paddr_t start;
	uint64_t bytes; /* 0: not found yet */
} search_t;

static void look(const device_tree_node_t *node, void *context)
{
	search_t *search = context;
	if (!search->bytes && device_tree_is_compatible(node, search->compatible) &&
	    !device_tree_reg(node, 0, &search->start, &search->bytes))
		search->bytes = 0;
}

uintptr_t axhal_find_device(const char *compatible)
{
	search_t search = { .compatible = compatible };
	device_tree_walk(axhal_tree.blob, look, &search);
	return search.bytes ? (uintptr_t)axhal_map_device(search.start, search.bytes) : 0;
}
