/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's devices. axdriver_init() finds them; a module for a class of devices (axblock, axnet) takes those of its
 * type, one after the other, and gives each a driver:
 *
 *	for (virtio_device_t *device = NULL; (device = axdriver_virtio_take(VIRTIO_ID_BLOCK)); )
 *		...
 */
#pragma once

#include <axdriver/features.h>
#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if AXDRIVER_FEATURE_VIRTIO
#include <virtio_device/virtio_device.h>
#endif

#if AXDRIVER_FEATURE_PCI
#include <pci/pci.h>
#endif

#pragma GCC visibility push(default)

/** Probe the buses of the machine. Called by each class before it takes devices; the first call does it. Boot, one thread. */
void axdriver_init(void);

/** Drivers are told by interrupts; else their waiters poll. */
#define AXDRIVER_HAS_INTERRUPTS AXDRIVER_FEATURE_INTERRUPTS

#if AXDRIVER_FEATURE_VIRTIO
/** A device of this type that nobody has taken, in the order of their addresses, for good; NULL: no more. Boot. */
virtio_device_t *axdriver_virtio_take(uint32_t id);

/**
 * Have @p handler(argument) called at the device's interrupts, before virtio_device_begin(). Interrupts masked, on any CPU.
 * @retval AX_ERR_NOT_SUPPORTED  the device, or this image (`polled`), has none: its driver must poll
 */
ax_err_t axdriver_virtio_on_interrupt(virtio_device_t *device, void (*handler)(void *argument), void *argument);

/** Memory for a device, zeroed, whole pages; and the address that devices know memory of the image's or of the heap's by. */
void *axdriver_memory_alloc(size_t bytes);
void axdriver_memory_free(void *memory, size_t bytes);
uint64_t axdriver_bus_address(const void *memory);
#endif

#if AXDRIVER_FEATURE_PCI
/** The first PCI function of this vendor's that nobody has taken, its BARs assigned, enabled. @return false: there is none. Boot */
bool axdriver_pci_take(uint16_t vendor, uint16_t device, pci_function_t *function);

/** Map the memory of its BAR @p number; NULL: it has none, or there is no memory for page tables. */
void *axdriver_pci_map(const pci_function_t *function, unsigned number);

/** As axdriver_virtio_on_interrupt(): by a message if it has MSI, else by its line, which others may raise too. */
ax_err_t axdriver_pci_function_on_interrupt(const pci_function_t *function, void (*handler)(void *argument), void *argument);
#endif

#pragma GCC visibility pop
