/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of memory as users write them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** The bytes that "64M", "1G", "262144K" mean; a bare number counts MiB, as QEMU's -m has it. 0: not a size. */
size_t axhal_linux_parse_size(const char *text);
