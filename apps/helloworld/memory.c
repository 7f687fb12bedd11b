/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic memory: a table of squares that lives until its scope ends. */
#include <axstd/axstd.h>

#include "shapes.h"

enum { COUNT = 1000 };

int say_with_memory(void)
{
	AX_SCOPED_MEMORY unsigned *squares = ax_alloc(COUNT * sizeof *squares);
	if (!squares)
		return 1;
	unsigned sum = 0;
	for (unsigned i = 0; i < COUNT; i++)
		squares[i] = i * i;
	for (unsigned i = 0; i < COUNT; i++)
		sum += squares[i];
	ax_print("Hello, memory! The first %d squares sum up to %u.\n", COUNT, sum);
	return 0;
}
