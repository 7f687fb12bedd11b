/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces musl's restore.s: a handler is called like any function and returns by itself. */
#include <features.h>

hidden void __restore(void)
{
}

hidden void __restore_rt(void)
{
}
