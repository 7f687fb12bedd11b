/* SPDX-License-Identifier: Apache-2.0 */
/* What the ABI keeps between the thread pointer and the TLS block: two words (Arm, ELF for AArch64 ABI, section 8.3). */
#pragma once

#define AXHAL_ARCH_TLS_GAP 16
