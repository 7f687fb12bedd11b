/* SPDX-License-Identifier: Apache-2.0 */
/* A frame record on riscv64 (RISC-V ELF psABI, "Frame Pointer Convention"): below s0 the return address, then the caller's s0. */
#pragma once

#include <stdint.h>

#define AXHAL_ARCH_FRAME_CALLER_OFFSET ((uintptr_t)-16)
#define AXHAL_ARCH_FRAME_RETURN_OFFSET ((uintptr_t)-8)
