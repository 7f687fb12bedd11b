/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCI functions through the enhanced configuration access mechanism (PCI Express Base Specification 5.0, section
 * 7.2.2): each function has 4 KiB of a window in memory, which is reached through the user's accessors. Registers are
 * those of PCI Local Bus Specification 3.0, chapter 6.
 *
 * What firmware leaves undone, pci_assign_bars() does. No lock: the user serializes. Any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** Registers of the configuration space that every function has: section 6.1. */
enum {
	PCI_VENDOR_ID = 0x00,
	PCI_DEVICE_ID = 0x02,
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_REVISION = 0x08,
	PCI_CLASS = 0x0a, /* 16 bits: class and subclass */
	PCI_HEADER_TYPE = 0x0e,
	PCI_BAR0 = 0x10,
	PCI_CAPABILITIES = 0x34,
	PCI_INTERRUPT_LINE = 0x3c,
	PCI_INTERRUPT_PIN = 0x3d,
};

enum {
	PCI_COMMAND_IO = 0x001,
	PCI_COMMAND_MEMORY = 0x002,
	PCI_COMMAND_MASTER = 0x004,
	PCI_COMMAND_NO_INTX = 0x400,
};

enum { /* capability identifiers */
	PCI_CAPABILITY_MSI = 0x05,
	PCI_CAPABILITY_VENDOR = 0x09,
	PCI_CAPABILITY_MSIX = 0x11,
};

#define PCI_CONFIG_BYTES 256u
#define PCI_BARS         6u

/** The window of some buses. */
typedef struct pci_window {
	uintptr_t base; /* handed to the accessors: where bus 0 lies */
	unsigned buses; /* that it shows, from bus 0 on; at most 256 */
	uint32_t (*read)(uintptr_t base, size_t offset, unsigned bytes); /* naturally aligned, 1, 2 or 4 bytes */
	void (*write)(uintptr_t base, size_t offset, unsigned bytes, uint32_t value);
} pci_window_t;

/** Accessors of the hardware's window at @p base, mapped uncached. */
uint32_t pci_window_read(uintptr_t base, size_t offset, unsigned bytes);
void pci_window_write(uintptr_t base, size_t offset, unsigned bytes, uint32_t value);

/** One function of a device. */
typedef struct pci_function {
	const pci_window_t *window;
	uint8_t bus, device, function;
} pci_function_t;

/** Read and write a register; naturally aligned. */
uint32_t pci_read(const pci_function_t *self, unsigned offset, unsigned bytes);
void pci_write(const pci_function_t *self, unsigned offset, unsigned bytes, uint32_t value);

/**
 * The first function from @p self on, in the order of the numbers, @p self included; { window, 0, 0, 0 } begins.
 * @return false: no more
 */
bool pci_find(pci_function_t *self);

/** Go on behind @p self. @return false: no more */
bool pci_find_next(pci_function_t *self);

/**
 * The first capability @p id behind offset @p after, 0 for the first of all. A list that is a ring ends all the same.
 * @return its offset, 0 if there is none
 */
unsigned pci_find_capability(const pci_function_t *self, uint8_t id, unsigned after);

/** A base address register that maps memory. */
typedef struct pci_bar {
	uint64_t address; /* 0: not assigned */
	uint64_t bytes;   /* 0: there is none of that number, or it is no memory */
	bool is_wide;     /* takes the next number too */
} pci_bar_t;

/** Look at BAR @p number: section 6.2.5.1. Its size is found by writing it, so the function must not be in use. */
pci_bar_t pci_bar(const pci_function_t *self, unsigned number);

/** Memory of the bus that is nobody's. */
typedef struct pci_space {
	uint64_t next, end;
} pci_space_t;

/**
 * Give an address to each memory BAR that has none.
 * @retval AX_ERR_NO_SPACE  @p space is too small; what has been assigned stays
 */
ax_err_t pci_assign_bars(const pci_function_t *self, pci_space_t *space);

/** Turn on memory decoding and bus mastering, and INTx off. */
void pci_enable(const pci_function_t *self);

/** Turn INTx on. */
void pci_use_line(const pci_function_t *self);

/** Have the function raise its interrupts by writing @p data to @p address: section 6.8.1. @return false: it has no MSI */
bool pci_msi_enable(const pci_function_t *self, uint64_t address, uint16_t data);

/** Where the MSI-X table lies: section 6.8.2. */
typedef struct pci_msix {
	unsigned capability; /* offset; 0: the function has no MSI-X */
	unsigned vectors;
	unsigned bar;
	uint32_t offset; /* in that BAR */
} pci_msix_t;

pci_msix_t pci_msix(const pci_function_t *self);

/** Bytes of a table entry. */
#define PCI_MSIX_ENTRY_BYTES 16u

/** Have vector @p entry raise an interrupt by writing @p data to @p address; @p table is the mapped table. Unmasked. */
void pci_msix_set(volatile void *table, unsigned entry, uint64_t address, uint32_t data);

/** Interrupts are messages from now on. */
void pci_msix_enable(const pci_function_t *self, const pci_msix_t *msix);

#pragma GCC visibility pop
