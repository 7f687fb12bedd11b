/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the device tree: see machine_tree.h. Properties of /chosen, /memory, /cpus: Devicetree Specification, chapter 3. */
#include <axhal/mem.h>
#include <base/base.h>
#include <memstr/memstr.h>
#include "cpu_setup.h"
#include "device_tree.h"
#include "machine_tree.h"

machine_tree_t axhal_tree = { .command_line = "" };

static const struct {
	const char *compatible;
	tree_device_t device;
} s_known[] = {
	{ "arm,pl011", TREE_SERIAL },
	{ "snps,dw-apb-uart", TREE_SERIAL },
	{ "ns16550a", TREE_SERIAL },
	{ "brcm,bcm2835-aux-uart", TREE_SERIAL },
	{ "arm,pl031", TREE_RTC },
	{ "google,goldfish-rtc", TREE_RTC },
	{ "arm,cortex-a15-gic", TREE_IRQ_CONTROLLER },
	{ "arm,gic-400", TREE_IRQ_CONTROLLER },
	{ "arm,gic-v3", TREE_IRQ_CONTROLLER },
	{ "brcm,bcm2836-armctrl-ic", TREE_IRQ_CONTROLLER },
	{ "brcm,bcm2836-l1-intc", TREE_CORES_CONTROLLER },
	{ "sifive,plic-1.0.0", TREE_IRQ_CONTROLLER },
	{ "riscv,plic0", TREE_IRQ_CONTROLLER },
	{ "sifive,test1", TREE_RESET },
	{ "sifive,test0", TREE_RESET },
	{ "linux,dummy-virt", TREE_EMULATOR }, /* QEMU's virt machine calls itself so */
	{ "arm,semihosting", TREE_EMULATOR },
};

static unsigned s_cpus_seen;

static void add_ranges(const device_tree_node_t *node, tree_range_t *ranges, unsigned *count)
{
	for (unsigned i = 0; *count < TREE_RANGES; i++) {
		tree_range_t *range = &ranges[*count];
		if (!device_tree_reg(node, i, &range->start, &range->bytes))
			return;
		*count += range->bytes != 0;
	}
}

/* One or two cells. */
static uint64_t number(const device_tree_node_t *node, const char *name)
{
	size_t bytes;
	const char *cells = device_tree_property(node, name, &bytes);
	if (!cells || (bytes != 4 && bytes != 8))
		return 0;
	return bytes == 4 ? device_tree_be32(cells) : (uint64_t)device_tree_be32(cells) << 32 | device_tree_be32(cells + 4);
}

static void read_chosen(const device_tree_node_t *node)
{
	size_t bytes;
	const char *line = device_tree_string(node, "bootargs");
	if (line)
		axhal_tree.command_line = line;
	axhal_tree.stdout_path = device_tree_string(node, "stdout-path");
	axhal_tree.initrd.start = number(node, "linux,initrd-start");
	axhal_tree.initrd.bytes = AX_MAX(number(node, "linux,initrd-end"), axhal_tree.initrd.start) - axhal_tree.initrd.start;
	axhal_tree.random = device_tree_property(node, "rng-seed", &bytes);
	axhal_tree.random_bytes = (unsigned)bytes;
}

static void read_cpu(const device_tree_node_t *node)
{
	const char *type = device_tree_string(node, "device_type");
	uint64_t id;
	if (!type || strcmp(type, "cpu") || !device_tree_unit(node, &id))
		return;
	if (id == axhal_boot_cpu_id())
		axhal_tree.boot_cpu_index = s_cpus_seen;
	s_cpus_seen++;
	if (axhal_tree.cpu_count == AX_CONFIG_MAX_CPUS)
		return;
	axhal_tree.cpu_release[axhal_tree.cpu_count] = number(node, "cpu-release-addr");
	axhal_tree.cpu_ids[axhal_tree.cpu_count++] = id;
}

static void read_device(const device_tree_node_t *node)
{
	if (!node->compatible)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(s_known); i++) {
		tree_device_t device = s_known[i].device;
		if (axhal_tree.devices[device].blob || !device_tree_is_compatible(node, s_known[i].compatible))
			continue;
		if (device != TREE_SERIAL) {
			axhal_tree.devices[device] = *node;
			axhal_tree.compatible[device] = s_known[i].compatible;
		} else if (axhal_tree.serial_count < TREE_SERIALS && axhal_port_drives(s_known[i].compatible)) {
			axhal_tree.serials[axhal_tree.serial_count] = *node;
			axhal_tree.serial_compatible[axhal_tree.serial_count++] = s_known[i].compatible;
		}
		return;
	}
}

static void visit(const device_tree_node_t *node, [[maybe_unused]] void *unused)
{
	const char *type;
	if (node->depth == 1 && device_tree_is(node, "chosen")) {
		read_chosen(node);
	} else if (node->depth == 1 && device_tree_is(node, "memory")) {
		type = device_tree_string(node, "device_type");
		if (type && !strcmp(type, "memory"))
			add_ranges(node, axhal_tree.ram, &axhal_tree.ram_count);
	} else if (node->depth == 2 && !strcmp(device_tree_ancestor_name(node, 1), "reserved-memory")) {
		add_ranges(node, axhal_tree.reserved, &axhal_tree.reserved_count);
	} else if (node->depth == 1 && device_tree_is(node, "cpus")) {
		axhal_tree.timebase_hz = number(node, "timebase-frequency");
	} else if (node->depth == 2 && !strcmp(device_tree_ancestor_name(node, 1), "cpus")) {
		read_cpu(node);
	} else if (node->depth == 1 && device_tree_is(node, "psci")) {
		const char *method = device_tree_string(node, "method");
		axhal_tree.has_psci = method && (!strcmp(method, "hvc") || !strcmp(method, "smc"));
		axhal_tree.psci_by_smc = axhal_tree.has_psci && !strcmp(method, "smc");
	} else {
		read_device(node);
	}
}

/* The serial port that /chosen names, by the last part of its path; else the first one. */
static void choose_serial(void)
{
	const char *path = axhal_tree.stdout_path;
	const char *last = path ? strrchr(path, '/') : NULL;
	unsigned chosen = 0;
	for (unsigned i = 0; last && i < axhal_tree.serial_count; i++) {
		const char *name = device_tree_name(&axhal_tree.serials[i]);
		size_t length = strlen(name);
		if (!strncmp(last + 1, name, length) && (!last[1 + length] || last[1 + length] == ':'))
			chosen = i;
	}
	if (axhal_tree.serial_count) {
		axhal_tree.devices[TREE_SERIAL] = axhal_tree.serials[chosen];
		axhal_tree.compatible[TREE_SERIAL] = axhal_tree.serial_compatible[chosen];
	}
}

bool axhal_tree_read(const void *blob, size_t *bytes)
{
	if (device_tree_check(blob, bytes) != AX_OK)
		return false;
	axhal_tree.blob = blob;
	device_tree_walk(blob, visit, NULL);
	choose_serial();
	return true;
}

unsigned axhal_tree_interrupt(tree_device_t device, uint32_t *cells, unsigned most)
{
	const device_tree_node_t *node = &axhal_tree.devices[device];
	unsigned count = 0;
	while (node->blob && count < most && device_tree_cell(node, "interrupts", count, &cells[count]))
		count++;
	return count;
}

uintptr_t axhal_tree_map(tree_device_t device, unsigned index)
{
	paddr_t start;
	uint64_t bytes;
	const device_tree_node_t *node = &axhal_tree.devices[device];
	if (!node->blob || !device_tree_reg(node, index, &start, &bytes))
		return 0;
	return (uintptr_t)axhal_map_device(start, bytes);
}
