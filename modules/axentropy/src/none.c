/* SPDX-License-Identifier: Apache-2.0 */
/* The machine has no such device. */
#include <axentropy/axentropy.h>

void axentropy_init(void)
{
}

bool axentropy_has_device(void)
{
	return false;
}
