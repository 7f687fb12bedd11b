/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the machine. */
#pragma once

#pragma GCC visibility push(default)

/** Power off and hand @p status (0 to 255) to whoever started the image. Any context. */
[[gnu::noreturn]] void axhal_exit(int status);

#pragma GCC visibility pop
