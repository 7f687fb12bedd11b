/* SPDX-License-Identifier: Apache-2.0 */
/* An application's error: the same block freed twice. */
#include <axstd/axstd.h>

#include "memtest.h"

[[gnu::noinline]] int free_twice(const char *what)
{
	void *block = ax_alloc(100);
	ax_print("memtest: %s\n", what);
	ax_free(block);
	ax_free(block);
	ax_print("nobody noticed\n");
	return 1;
}
