/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums of metadata. No state; any context. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** CRC-32C (Castagnoli, reflected), without the final inversion: results chain. */
uint32_t crc32c(uint32_t crc, const void *start, size_t bytes);

/** CRC-16 (ANSI, reflected), as the feature GDT_CSUM has it. */
uint16_t crc16(uint16_t crc, const void *start, size_t bytes);

/** CRC-32C of @p bytes with @p hole_bytes at @p hole taken as zeroes. */
uint32_t crc32c_with_hole(uint32_t crc, const void *start, size_t bytes, size_t hole, size_t hole_bytes);
