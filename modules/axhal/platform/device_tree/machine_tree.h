/* SPDX-License-Identifier: Apache-2.0 */
/* What the device tree says of the machine, gathered by one walk at boot. */
#pragma once

#include <axconfig/axconfig.h>
#include <device_tree/device_tree.h>

/** Devices that the kernel itself drives, in the order of the table in machine_tree.c. */
typedef enum tree_device {
	TREE_SERIAL,
	TREE_RTC,
	TREE_IRQ_CONTROLLER,
	TREE_CORES_CONTROLLER, /* of interrupts: before that one, where there are two */
	TREE_RESET, /* a register that ends the machine */
	TREE_EMULATOR, /* it takes the exit status by semihosting */
	TREE_DEVICES,
} tree_device_t;

enum { TREE_RANGES = 8, TREE_SERIALS = 4 };

typedef struct tree_range {
	paddr_t start;
	uint64_t bytes;
} tree_range_t;

typedef struct machine_tree {
	const void *blob;
	device_tree_node_t devices[TREE_DEVICES]; /* .blob is NULL: there is none */
	const char *compatible[TREE_DEVICES];     /* which of the known strings it is */
	tree_range_t ram[TREE_RANGES], reserved[TREE_RANGES];
	unsigned ram_count, reserved_count;
	const char *command_line; /* never NULL */
	tree_range_t initrd;      /* start is 0: none */
	const uint8_t *random;    /* the loader's random bytes */
	unsigned random_bytes;
	bool has_psci, psci_by_smc;
	uint64_t timebase_hz; /* 0: not told */
	uint64_t cpu_ids[AX_CONFIG_MAX_CPUS]; /* as the firmware calls the CPUs, in the tree's order */
	paddr_t cpu_release[AX_CONFIG_MAX_CPUS]; /* of each where its spin table is; 0: it has none */
	unsigned cpu_count;
	unsigned boot_cpu_index; /* of the boot CPU in the tree, all of its CPUs counted */
	device_tree_node_t serials[TREE_SERIALS];
	const char *serial_compatible[TREE_SERIALS], *stdout_path;
	unsigned serial_count;
} machine_tree_t;

extern machine_tree_t axhal_tree;

/** Read the tree at @p blob; false if there is none. Once, by the boot CPU, before anything else. */
bool axhal_tree_read(const void *blob, size_t *bytes);

/** The first interrupt of a device: its cells, at most @p most. @return how many */
unsigned axhal_tree_interrupt(tree_device_t device, uint32_t *cells, unsigned most);

/** A window onto the device's registers, range @p index of `reg`; 0 if it has none. */
uintptr_t axhal_tree_map(tree_device_t device, unsigned index);
