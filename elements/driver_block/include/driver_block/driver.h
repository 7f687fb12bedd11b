/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a block driver fills. Its structure holds a block_device_t, and its source says once
 *
 *	BLOCK_DRIVER(ramdisk_ops, ramdisk_submit, ramdisk_kick, ramdisk_poll, ramdisk_wait);
 *
 * which is the table of these functions where drivers coexist, or, where this driver is the only one, makes them the
 * interface `driver_block/sole_driver`, which the driver's manifest provides. BLOCK_DRIVER_ATTACH() then completes each
 * device:
 *
 *	self->device = (block_device_t){ .name = "ram0", .block_count = n, .block_bytes = 512, ... };
 *	BLOCK_DRIVER_ATTACH(&self->device, ramdisk_ops);
 */
#pragma once

#include <driver_block/driver_block.h>
#include <driver_block/features.h>

#pragma GCC visibility push(default)

typedef struct block_ops {
	/**
	 * Take @p request, which block_device_check() accepts; it may end before this returns.
	 * @return false: the queue is full, and nothing happened
	 */
	bool (*submit)(block_device_t *self, block_request_t *request);

	/** Tell the device of what was taken: follows one or more submit(), also those that returned false. */
	void (*kick)(block_device_t *self);

	/** End the requests that the device has carried out. Any context. */
	void (*poll)(block_device_t *self);

	/**
	 * Return when @p request has ended, or, if NULL, when there is room for one more. A device that does not answer
	 * must not keep the caller forever. Threads only.
	 */
	void (*wait)(block_device_t *self, const block_request_t *request);
} block_ops_t;

#if DRIVER_BLOCK_FEATURE_DYN
#define BLOCK_DRIVER(ops_name, submit_, kick_, poll_, wait_)                                                        \
	static const block_ops_t ops_name = { (submit_), (kick_), (poll_), (wait_) }
#define BLOCK_DRIVER_ATTACH(device, ops_name)                                                                \
	((device)->ops = &(ops_name), (device)->block_shift = (uint32_t)__builtin_ctz((device)->block_bytes))
#else
#include <driver_block/sole_driver.h>
#define BLOCK_DRIVER(ops_name, submit_, kick_, poll_, wait_)                                                        \
	bool driver_block_submit(block_device_t *self, block_request_t *request)                             \
	{                                                                                                    \
		return submit_(self, request);                                                               \
	}                                                                                                    \
	void driver_block_kick(block_device_t *self)                                                         \
	{                                                                                                    \
		kick_(self);                                                                                 \
	}                                                                                                    \
	void driver_block_poll(block_device_t *self)                                                         \
	{                                                                                                    \
		poll_(self);                                                                                 \
	}                                                                                                    \
	void driver_block_wait(block_device_t *self, const block_request_t *request)                         \
	{                                                                                                    \
		wait_(self, request);                                                                        \
	}                                                                                                    \
	_Static_assert(1, "takes the semicolon")
#define BLOCK_DRIVER_ATTACH(device, ops_name)                                                                \
	((device)->block_shift = (uint32_t)__builtin_ctz((device)->block_bytes))
#endif

/** The driver is through with @p request, which may be gone when this returns. Any context that done() allows. */
static inline void block_request_complete(block_request_t *request, ax_err_t result)
{
	void (*done)(block_request_t *) = request->done;
	request->result = result;
	atomic_store_explicit(&request->is_complete, true, memory_order_release);
	if (done)
		done(request);
}

/** Whether @p request has ended. Any context. */
static inline bool block_request_is_complete(const block_request_t *request)
{
	return atomic_load_explicit(&request->is_complete, memory_order_acquire);
}

#pragma GCC visibility pop
