/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Block devices: an array of blocks of equal size, read and written whole. For users of a device; who writes a driver
 * reads driver_block/driver.h.
 *
 * The simple way waits:
 *
 *	error = block_device_read(device, first, count, buffer);
 *
 * The other one has many requests under way. The caller fills a block_request_t, hands any number of them to
 * block_device_submit(), and learns of each one's end by its function `done`, or by block_device_wait():
 *
 *	block_segment_t piece = { buffer, 8 * device->block_bytes };
 *	block_request_t request = BLOCK_REQUEST(BLOCK_READ, first, 8, &piece, 1), *list[] = { &request };
 *	block_device_submit_all(device, list, 1);
 *	error = block_device_wait(device, &request);
 *
 * Order: requests under way at the same time may take effect in any order, those on the same blocks too. A write that
 * is complete may still be in a cache of the device, and lost with its power; BLOCK_FLUSH, when complete, has made
 * durable every write that was complete when it was submitted. A write in progress when power fails leaves each of its
 * blocks old or new.
 *
 * Dispatch: in an image with one block driver these are direct calls of it (choice `dispatch`, "sole"); with "dyn"
 * they go through the driver's table. Nothing else differs.
 *
 * Any number of threads and CPUs may use one device at the same time, where its driver does not say otherwise.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <driver_block/features.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** The least size of a block, and the largest that users must cope with; always a power of two. */
#define BLOCK_BYTES_MIN 512u
#define BLOCK_BYTES_MAX 4096u

typedef enum block_op {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH,        /* first, count and segments are 0 */
	BLOCK_DISCARD,      /* the contents are not needed any more, and undefined until written; no segments */
	BLOCK_WRITE_ZEROES, /* no segments */
} block_op_t;

/** A piece of memory, of any alignment, its size a multiple of the device's block. */
typedef struct block_segment {
	void *start;
	size_t bytes;
} block_segment_t;

typedef struct block_request block_request_t;

/** One request. The caller fills the first part. From the submission to the end, it, its segments and their memory must
 *  stay as and where they are. */
struct block_request {
	block_op_t op;
	uint64_t first; /* block */
	uint64_t count; /* blocks; those of the segments together for a read or write */
	const block_segment_t *segments;
	size_t segment_count;
	/* Called at the end, or NULL. In any context, interrupts and the submission itself included, so it must neither
	 * sleep nor submit. The request is the caller's again. */
	void (*done)(block_request_t *request);
	void *context; /* the caller's, for done() */

	ax_err_t result;         /* valid at the end */
	atomic_bool is_complete; /* with done(): set before it is called */
	union {                  /* the driver's, while it has the request */
		void *driver_pointer;
		uint64_t driver_word;
	};
};

/** The initial value of a request, without done(). */
#define BLOCK_REQUEST(op_, first_, count_, segments_, segment_count_)                                       \
	((block_request_t){                                                                                 \
		.op = (op_), .first = (first_), .count = (count_), .segments = (segments_),                 \
		.segment_count = (segment_count_),                                                          \
	})

struct block_ops;

/** A device. A driver has it inside its own structure and fills it; users read it only. */
typedef struct block_device {
#if DRIVER_BLOCK_FEATURE_DYN
	const struct block_ops *ops;
#endif
	const char *name;          /* "vda", for messages and devfs; as long-lived as the device */
	uint64_t block_count;
	uint32_t block_bytes;
	uint32_t block_shift;      /* log2 of block_bytes */
	uint32_t preferred_blocks; /* transfers of multiples of this are quickest (physical sector, page); at least 1 */
	uint32_t max_segments;     /* of one request; at least 1 */
	uint64_t max_blocks;       /* of one read or write; at least 1 */
	uint64_t max_erase_blocks; /* of one discard or zeroing; at least 1 where there is either */
	bool read_only;
	bool can_discard;
	bool can_write_zeroes;
	bool is_volatile;          /* what is written needs a flush to be durable */
} block_device_t;

/** Bytes of the whole device. Any context. */
static inline uint64_t block_device_bytes(const block_device_t *self)
{
	return self->block_count << self->block_shift;
}

/**
 * Whether the device could carry @p request out, as submission asks. Any context.
 * @retval AX_ERR_INVALID_INPUT  more segments or blocks than the device takes, segments that are not blocks, or whose
 *                               sum is not the count
 * @retval AX_ERR_OUT_OF_RANGE   past the end of the device
 * @retval AX_ERR_READ_ONLY      would change a read-only device
 * @retval AX_ERR_NOT_SUPPORTED  the device cannot discard or write zeroes
 */
ax_err_t block_device_check(const block_device_t *self, const block_request_t *request);

/**
 * Start requests, in one batch: the device is notified once. A request that block_device_check() refuses, or that the
 * device fails at once, has ended with that error when this returns. Any context.
 * @return how many were taken, from the first one on: fewer than @p count if the device's queue is full, see
 *         block_device_wait_for_room()
 */
size_t block_device_submit(block_device_t *self, block_request_t *const requests[], size_t count);

/** As block_device_submit(), but waits for room until all are taken. Threads only. */
void block_device_submit_all(block_device_t *self, block_request_t *const requests[], size_t count);

/** Look whether requests have ended, and call their done(): for who does not wait and has no interrupts. Any context. */
void block_device_poll(block_device_t *self);

/**
 * Wait for the end of @p request, which has been submitted and has no done(). Threads only; may sleep.
 * @return its result: AX_OK, or an error as below
 */
ax_err_t block_device_wait(block_device_t *self, block_request_t *request);

/** Wait until a submission may be taken that was not just now. Threads only; may sleep. */
void block_device_wait_for_room(block_device_t *self);

/*
 * Synchronous transfers: threads only, may sleep. All cut what is larger than the device takes in one request into
 * several that are under way together, so an error leaves open which blocks were written.
 *
 * Errors of all: those of block_device_check(), before anything is done, and
 * AX_ERR_IO         the device failed
 * AX_ERR_TIMED_OUT  the device did not answer, and has been reset
 * AX_ERR_NO_DEVICE  the device is gone, or failed for good
 */

/** Read @p count blocks, block @p first being the first, into @p buffer. */
ax_err_t block_device_read(block_device_t *self, uint64_t first, uint64_t count, void *buffer);

/** Write them from @p buffer. */
ax_err_t block_device_write(block_device_t *self, uint64_t first, uint64_t count, const void *buffer);

/** Read into several pieces of memory; any number of segments, each a multiple of the block. */
ax_err_t block_device_read_segments(block_device_t *self, uint64_t first, const block_segment_t *segments,
				    size_t segment_count);

/** Write from several pieces. */
ax_err_t block_device_write_segments(block_device_t *self, uint64_t first, const block_segment_t *segments,
				     size_t segment_count);

/** Make durable every write that is complete. At once where the device has no volatile cache. */
ax_err_t block_device_flush(block_device_t *self);

/** The contents of these blocks are not needed any more. */
ax_err_t block_device_discard(block_device_t *self, uint64_t first, uint64_t count);

/** Fill these blocks with zeroes: by the device if it can, else by writing. */
ax_err_t block_device_write_zeroes(block_device_t *self, uint64_t first, uint64_t count);

#pragma GCC visibility pop
