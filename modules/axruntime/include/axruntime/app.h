/* SPDX-License-Identifier: Apache-2.0 */
/* Glue: the user library's way into the application. One provider an image: axstd or axlibc. */
#pragma once

#pragma GCC visibility push(default)

/**
 * Make the library ready, run the application's main() and return its status; or end the image by itself.
 * Called once, on the thread "main", interrupts unmasked where the image has them.
 */
int axruntime_app_main(int argc, char **argv, char **envp);

#pragma GCC visibility pop
