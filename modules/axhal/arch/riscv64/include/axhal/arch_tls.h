/* SPDX-License-Identifier: Apache-2.0 */
/* What the ABI keeps between the thread pointer and the TLS block: nothing (RISC-V ELF psABI, "Thread Local Storage"). */
#pragma once

#define AXHAL_ARCH_TLS_GAP 0
