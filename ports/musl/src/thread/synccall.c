/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's synccall.c, which repeats a change of identity or limits in every thread: Linux keeps them by thread.
 * Here they belong to the image, so once is enough.
 */
#include "pthread_impl.h"

void __synccall(void (*function)(void *), void *argument)
{
	function(argument);
}
