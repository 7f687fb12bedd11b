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
static device_tree_node_t s_bridge;
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

static void read_once(void)
{
	if (!s_is_read)
		device_tree_walk(axhal_tree.blob, visit, NULL);
	s_is_read = true;
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
