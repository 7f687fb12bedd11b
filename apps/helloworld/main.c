/* SPDX-License-Identifier: Apache-2.0 */
/* Hello, world; then what the features of this image add. */
#include <axstd/axstd.h>
#include <helloworld/features.h>

#include "shapes.h"

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	ax_print("Hello, world!\n");
	int status = 0;
#if HELLOWORLD_FEATURE_ALLOC
	status |= say_with_memory();
#endif
#if HELLOWORLD_FEATURE_THREADS
	status |= say_with_threads();
#endif
	return status;
}
