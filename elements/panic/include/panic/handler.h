/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: what the OS does when a component cannot go on. One provider an image. */
#pragma once

#pragma GCC visibility push(default)

/**
 * Report and end the image with a non-zero exit status. Never returns.
 * Any context, interrupts off included; takes no lock that its caller might hold.
 * @param file,line  where; @param format  printf-class message, without a newline
 */
[[gnu::noreturn]] __attribute__((cold, format(printf, 3, 4))) void
panic_handler(const char *file, int line, const char *format, ...);

#pragma GCC visibility pop
