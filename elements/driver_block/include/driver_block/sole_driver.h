/* SPDX-License-Identifier: Apache-2.0 */
/* Glue, choice `sole`: the only block driver of the image. BLOCK_DRIVER() defines these; driver.h says what they do. */
#pragma once

#include <driver_block/driver_block.h>

#pragma GCC visibility push(default)

bool driver_block_submit(block_device_t *self, block_request_t *request);
void driver_block_kick(block_device_t *self);
void driver_block_poll(block_device_t *self);
void driver_block_wait(block_device_t *self, const block_request_t *request);

#pragma GCC visibility pop
