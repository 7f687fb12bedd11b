/* SPDX-License-Identifier: Apache-2.0 */
/* Glue of the spin locks, which no other CPU contends for here. */
#include <sched.h>
#include <spinlock/relax.h>

void spin_relax(void)
{
	sched_yield();
}
