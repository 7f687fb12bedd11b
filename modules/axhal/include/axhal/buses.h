/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the machine's devices are to be looked for, from its description: the platform file's constants, or the device
 * tree. Feature `buses`. Boot, one thread.
 */
#pragma once

#include <memory_addr/memory_addr.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** An interrupt line that there is none of. */
#define AXHAL_NO_LINE UINT32_MAX

/** A window that may have a virtio device in it. */
typedef struct axhal_virtio_window {
	paddr_t paddr;
	uint64_t bytes;
	unsigned irq; /* for axhal_irq_register(), or AXHAL_NO_LINE */
} axhal_virtio_window_t;

/** Window @p index, in the order of their addresses. @return false after the last */
bool axhal_virtio_window(unsigned index, axhal_virtio_window_t *window);

/** A window onto the registers of the first device that the description calls @p compatible; 0: there is none. Machines with a device
 *  tree. */
uintptr_t axhal_find_device(const char *compatible);

/** A PCI host bridge. */
typedef struct axhal_pci_host {
	paddr_t config_paddr;    /* the configuration window (ECAM) of bus 0 */
	unsigned buses;          /* that the window shows */
	paddr_t memory_paddr;    /* memory for base address registers that have no address yet, as the processor sees it, */
	uint64_t memory_address; /* and as the bus does */
	uint64_t memory_bytes;
} axhal_pci_host_t;

/** The machine's bridge. @return false: it has none */
bool axhal_pci_host(axhal_pci_host_t *host);

/** The line of @p pin (1: INTA) of @p device on bus 0, function 0; AXHAL_NO_LINE if it is not known. Several share one. */
unsigned axhal_pci_line(unsigned device, unsigned pin);

#pragma GCC visibility pop
