/* SPDX-License-Identifier: Apache-2.0 */
/* A frame record on aarch64 (AAPCS64, section 6.4.6): x29 points at the caller's x29, then the return address. */
#pragma once

#define AXHAL_ARCH_FRAME_CALLER_OFFSET 0
#define AXHAL_ARCH_FRAME_RETURN_OFFSET 8
