/* SPDX-License-Identifier: Apache-2.0 */
/* Sv39: the direct map shows 128 GiB. */
#pragma once

#include "../one_view.h"

#define DEVICE_PADDR UINT64_C(0x10000000) /* the 16550 of QEMU's virt */
#define ACROSS_PADDR UINT64_C(0xffff00000)
#define FAR_PADDR    (UINT64_C(1) << 36)
