/* SPDX-License-Identifier: Apache-2.0 */
/* Block devices for applications: the kernel's own objects, by their own names. */
#pragma once

#include <axblock/axblock.h>
#include <driver_block/driver_block.h>
