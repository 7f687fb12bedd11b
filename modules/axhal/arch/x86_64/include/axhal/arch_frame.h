/* SPDX-License-Identifier: Apache-2.0 */
/* A frame-pointer record on x86_64 (System V ABI, section 3.2.2): rbp points at the caller's rbp, then its return address. */
#pragma once

#define AXHAL_ARCH_FRAME_CALLER_OFFSET 0
#define AXHAL_ARCH_FRAME_RETURN_OFFSET 8
