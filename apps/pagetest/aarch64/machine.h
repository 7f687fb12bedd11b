/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "../one_view.h"

#define DEVICE_PADDR UINT64_C(0x09000000) /* the PL011 of QEMU's virt */
#define ACROSS_PADDR UINT64_C(0x3ffff00000)
#define FAR_PADDR    (UINT64_C(1) << 40)
