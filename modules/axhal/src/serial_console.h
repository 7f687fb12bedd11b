/* SPDX-License-Identifier: Apache-2.0 */
/* Between the console of a bare machine and its serial port. */
#pragma once

#include <stddef.h>

/** The port: write all, or take what has come. Each machine has its own. One caller at a time. */
void axhal_serial_write(const char *bytes, size_t length);
size_t axhal_serial_read(char *buffer, size_t capacity);

/** What had come before the port was set up, -1 if nothing: the first byte that is read. Once, by the boot CPU. */
void axhal_serial_keep_early(int byte);

/** Who waits for input is told. Interrupt context. */
void axhal_serial_input_has_come(void);
