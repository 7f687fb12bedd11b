/* SPDX-License-Identifier: Apache-2.0 */
/* A virtio block device in memory: it does what it shall, or what `lie` says. Bus addresses are the program's. */
#pragma once

#include <virtio_blk/virtio_blk.h>

enum { MODEL_SECTORS = 256, MODEL_QUEUES = 3 };

typedef enum model_lie {
	MODEL_HONEST,
	MODEL_BAD_INDEX,    /* uses a descriptor that there is not */
	MODEL_NO_ANSWER,    /* never uses anything */
	MODEL_NO_STATUS,    /* uses, but writes no status */
	MODEL_NEEDS_RESET,
} model_lie_t;

struct model {
	virtio_device_t virtio;
	uint64_t features, driver_features;
	uint8_t status, config[64], memory[MODEL_SECTORS * 512];
	uint16_t queues, max, seen[MODEL_QUEUES];
	virtio_queue_place_t places[MODEL_QUEUES];
	uint32_t interrupt;
	model_lie_t lie;
	uint64_t bad_sector; /* reading or writing it fails */
	size_t requests, flushes, discards, zeroings, resets, allocated;
	bool no_memory;
};

extern struct model g_model;

/** A device of MODEL_SECTORS sectors with @p features besides those of every device. */
virtio_device_t *model_fresh(uint64_t features);

/** Set a field of the configuration. */
void model_config(size_t offset, uint64_t value, size_t bytes);

/** Carry out what is available in every queue. */
void model_run(void);
