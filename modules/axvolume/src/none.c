/* SPDX-License-Identifier: Apache-2.0 */
/* The machine has no such devices. */
#include <axvolume/axvolume.h>

void axvolume_init(void)
{
}
