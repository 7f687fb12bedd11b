/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <axblock/axblock.h>

/** virtio.c, host.c, sdhci.c or none.c: make device @p index, called @p name. @return NULL: there are no more, or it cannot be used */
block_device_t *axblock_make(size_t index, const char *name);
