/* SPDX-License-Identifier: Apache-2.0 */
/* A tree with what the machines' have: memory, a bus with ranges, a device that is off, a processor. */
#include <axtest.h>
#include <device_tree/device_tree.h>
#include "blob.h"

static const void *make_tree(size_t *bytes)
{
	blob_begin();
	blob_reserve(0x81000000, 0x2000);
	blob_node("");
	CELLS("#address-cells", 2);
	CELLS("#size-cells", 2);
	blob_node("memory@40000000");
	STRING("device_type", "memory");
	CELLS("reg", 0, 0x40000000, 1, 0x80000000, 8, 0, 0, 0x1000);
	blob_end_node();
	blob_node("cpus");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 0);
	blob_node("cpu@3");
	CELLS("reg", 3);
	blob_end_node();
	blob_end_node();
	blob_node("soc");
	CELLS("#address-cells", 1);
	CELLS("#size-cells", 1);
	CELLS("ranges", 0x7e000000, 0, 0xfe000000, 0x1800000);
	blob_node("serial@7e201000");
	STRING("compatible", "brcm,bcm2835-pl011\0arm,pl011");
	CELLS("reg", 0x7e201000, 0x200);
	CELLS("interrupts", 0, 121, 4);
	blob_end_node();
	blob_node("far@10");
	STRING("compatible", "elsewhere");
	CELLS("reg", 0x10, 0x10);
	blob_end_node();
	blob_node("off@7e215040");
	STRING("status", "disabled");
	STRING("compatible", "arm,pl011");
	blob_node("below");
	blob_end_node();
	blob_end_node();
	blob_node("bridge@7d500000");
	CELLS("#address-cells", 3);
	CELLS("#size-cells", 2);
	CELLS("ranges", 0x02000000, 0, 0x40000000, 0x7e100000, 0, 0x100000, 0x02000000, 0, 0x50000000, 0x10, 0, 0x10);
	blob_end_node();
	blob_node("last");
	blob_end_node();
	blob_end_node();
	blob_node("pcie@10000000");
	CELLS("#address-cells", 3);
	CELLS("#size-cells", 2);
	CELLS("ranges", 0x01000000, 0, 0, 0, 0x3eff0000, 0, 0x10000, /* ports */
	      0x02000000, 0, 0x20000000, 1, 0x10000000, 0, 0x2eff0000);
	CELLS("interrupt-map-mask", 0x1800, 0, 0, 7);
	CELLS("interrupt-map", 0x0000, 0, 0, 1, 9, 0, 0x8000000, 0, 3, 4,
	      0x0000, 0, 0, 2, 9, 0, 0x8000000, 0, 4, 4,
	      0x0800, 0, 0, 1, 9, 0, 0x8000000, 0, 5, 4);
	blob_end_node();
	blob_node("intc@8000000");
	CELLS("phandle", 9);
	CELLS("#address-cells", 2);
	CELLS("#interrupt-cells", 3);
	blob_end_node();
	blob_end_node();
	return blob_finish(bytes);
}

static device_tree_node_t s_found;
static const char *s_wanted;
static char s_names[256];

static void visit(const device_tree_node_t *node, void *context)
{
	CHECK(context == s_names);
	strcat(strcat(s_names, device_tree_name(node)), " ");
	if (s_wanted && device_tree_is(node, s_wanted))
		s_found = *node;
}

static const device_tree_node_t *find(const char *name)
{
	size_t bytes, length;
	const void *blob = make_tree(&bytes);
	CHECK_EQ(device_tree_check(blob, &length), AX_OK);
	s_wanted = name;
	s_found.blob = NULL;
	s_names[0] = 0;
	device_tree_walk(blob, visit, s_names);
	CHECK(!name || s_found.blob);
	return &s_found;
}

TEST(device_tree_walk_shows_nodes_in_order_and_none_that_is_off)
{
	(void)find(NULL);
	CHECK_STR(s_names, " memory@40000000 cpus cpu@3 soc serial@7e201000 far@10 bridge@7d500000 last pcie@10000000 intc@8000000 ");
}

TEST(device_tree_reg_has_the_parent_s_cells)
{
	paddr_t start;
	uint64_t bytes;
	const device_tree_node_t *memory = find("memory");
	CHECK(device_tree_reg(memory, 0, &start, &bytes));
	CHECK_EQ(start, 0x40000000);
	CHECK_EQ(bytes, UINT64_C(0x180000000));
	CHECK(device_tree_reg(memory, 1, &start, &bytes));
	CHECK_EQ(start, UINT64_C(0x800000000));
	CHECK(!device_tree_reg(memory, 2, &start, &bytes));
}

TEST(device_tree_reg_goes_through_the_bus_s_ranges)
{
	paddr_t start;
	uint64_t bytes;
	CHECK(device_tree_reg(find("serial"), 0, &start, &bytes));
	CHECK_EQ(start, UINT64_C(0xfe201000));
	CHECK_EQ(bytes, 0x200);
	CHECK(!device_tree_reg(find("far"), 0, &start, &bytes));
}

TEST(device_tree_pci_range_says_what_the_bridge_shows)
{
	device_tree_pci_range_t range;
	const device_tree_node_t *bridge = find("pcie");
	CHECK(device_tree_pci_range(bridge, 0, &range));
	CHECK_EQ(range.space, DEVICE_TREE_PCI_PORTS);
	CHECK(device_tree_pci_range(bridge, 1, &range));
	CHECK_EQ(range.space, DEVICE_TREE_PCI_MEMORY);
	CHECK_EQ(range.bus_address, 0x20000000);
	CHECK_EQ(range.start, UINT64_C(0x110000000));
	CHECK_EQ(range.bytes, 0x2eff0000);
	CHECK(!device_tree_pci_range(bridge, 2, &range));
	CHECK(!device_tree_pci_range(find("serial"), 0, &range));
}

TEST(device_tree_pci_range_goes_through_the_buses_above)
{
	device_tree_pci_range_t range;
	const device_tree_node_t *bridge = find("bridge");
	CHECK(device_tree_pci_range(bridge, 0, &range));
	CHECK_EQ(range.start, 0xfe100000);
	CHECK_EQ(range.bus_address, 0x40000000);
	CHECK_EQ(range.bytes, 0x100000);
	CHECK(device_tree_pci_range(bridge, 1, &range));
	CHECK_EQ(range.bytes, 0); /* the bus above does not show it */
	CHECK(!device_tree_pci_range(bridge, 2, &range));
}

TEST(device_tree_pci_interrupt_follows_the_map_of_device_and_pin)
{
	uint32_t cells[3];
	const device_tree_node_t *bridge = find("pcie");
	CHECK_EQ(device_tree_pci_interrupt(bridge, 0, 2, cells, 3), 3);
	CHECK_EQ(cells[1], 4);
	CHECK_EQ(device_tree_pci_interrupt(bridge, 1, 1, cells, 3), 3);
	CHECK_EQ(cells[0], 0);
	CHECK_EQ(cells[1], 5);
	CHECK_EQ(cells[2], 4);
	CHECK_EQ(device_tree_pci_interrupt(bridge, 5, 1, cells, 2), 2); /* by the mask the same as device 1 */
	CHECK_EQ(cells[1], 5);
	CHECK_EQ(device_tree_pci_interrupt(bridge, 2, 1, cells, 3), 0);
	CHECK_EQ(device_tree_pci_interrupt(find("serial"), 0, 1, cells, 3), 0);
}

TEST(device_tree_properties_are_read_by_kind)
{
	uint32_t cell;
	uint64_t unit;
	const device_tree_node_t *serial = find("serial");
	CHECK(device_tree_is_compatible(serial, "arm,pl011"));
	CHECK(!device_tree_is_compatible(serial, "arm,pl01"));
	CHECK(device_tree_cell(serial, "interrupts", 1, &cell));
	CHECK_EQ(cell, 121);
	CHECK(!device_tree_cell(serial, "interrupts", 3, &cell));
	CHECK(!device_tree_string(serial, "nothing"));
	CHECK_STR(device_tree_ancestor_name(serial, 1), "soc");
	CHECK(device_tree_unit(find("cpu"), &unit));
	CHECK_EQ(unit, 3);
}

TEST(device_tree_reserved_ends_after_the_last)
{
	size_t bytes;
	paddr_t start;
	uint64_t length;
	const void *blob = make_tree(&bytes);
	CHECK(device_tree_reserved(blob, 0, &start, &length));
	CHECK_EQ(start, 0x81000000);
	CHECK_EQ(length, 0x2000);
	CHECK(!device_tree_reserved(blob, 1, &start, &length));
}

TEST(device_tree_check_refuses_what_is_none)
{
	size_t bytes;
	unsigned char *blob = (unsigned char *)make_tree(&bytes);
	CHECK_EQ(device_tree_check(NULL, &bytes), AX_ERR_INVALID_INPUT);
	blob[0] ^= 1;
	CHECK_EQ(device_tree_check(blob, &bytes), AX_ERR_INVALID_INPUT);
}

static void read_everything(const device_tree_node_t *node, [[maybe_unused]] void *context)
{
	paddr_t start;
	uint64_t bytes;
	uint32_t cell;
	(void)device_tree_reg(node, 0, &start, &bytes);
	(void)device_tree_cell(node, "interrupts", 1, &cell);
	(void)device_tree_is_compatible(node, "arm,pl011");
	device_tree_pci_range_t range;
	uint32_t cells[3];
	(void)device_tree_pci_range(node, 1, &range);
	(void)device_tree_pci_interrupt(node, 3, 4, cells, 3);
}

/* Under the address sanitizer's eyes: whatever one byte says, nothing outside the blob is read, and the walk ends. */
TEST(device_tree_walk_survives_any_damaged_byte)
{
	size_t bytes, length;
	(void)make_tree(&bytes);
	for (size_t i = 0; i < bytes; i++) {
		for (unsigned value = 0; value < 256; value += 51) {
			unsigned char *blob = (unsigned char *)make_tree(&bytes);
			blob[i] = (unsigned char)value;
			unsigned char *exact = aligned_alloc(8, (bytes + 7) & ~(size_t)7);
			memcpy(exact, blob, bytes);
			if (device_tree_check(exact, &length) == AX_OK && length <= bytes)
				device_tree_walk(exact, read_everything, NULL);
			free(exact);
		}
	}
}
