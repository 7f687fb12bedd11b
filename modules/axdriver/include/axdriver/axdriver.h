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
#include <stdint.h>

#if AXDRIVER_FEATURE_VIRTIO
#include <virtio_device/virtio_device.h>
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
#endif

#pragma GCC visibility pop
