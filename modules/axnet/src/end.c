/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of the network. Peers of a process that ends see the end of their connections; those of a machine that loses power
 * hear nothing, and wait. So connections are closed (FIN) while somebody is there to repeat what gets lost; who has confirmed
 * all but goes on itself is reset, as nobody would answer it any more.
 */
#include "core.h"

#include <axhal/time.h>
#include <axtask/axtask.h>
#include <base/base.h>

enum {
	NS_PER_MS = 1000000,
	PAUSE_NS = NS_PER_MS / 5,
	QUIET_MS = 1000,       /* without a sign of life of those who have not confirmed all */
	DELIVERY_MS = 10000,   /* at most for all of it */
	HALF_MS = 50,          /* for peers to close their side */
	TRANSMIT_MS = 200,     /* for the interface to read what it was handed */
};

static uint64_t after_ms(unsigned ms)
{
	return axhal_now_ns() + (uint64_t)ms * NS_PER_MS;
}

/* The lock stays with the caller: nobody else comes in. */
static void go_on(void)
{
	if (!axnet_stack_poll(AXNET_BUDGET))
		axtask_sleep(PAUSE_NS);
}

static void deliver(void)
{
	uint64_t end_ns = after_ms(DELIVERY_MS), quiet_ns = after_ms(QUIET_MS);
	axnet_leftovers_t left = axnet_stack_leftovers();
	while (left.undelivered && axhal_now_ns() < AX_MIN(end_ns, quiet_ns)) {
		uint32_t before = left.progress;
		go_on();
		left = axnet_stack_leftovers();
		if (left.progress != before)
			quiet_ns = after_ms(QUIET_MS);
	}
}

static void await_peers(void)
{
	uint64_t end_ns = after_ms(HALF_MS);
	while (axnet_stack_leftovers().half && axhal_now_ns() < end_ns)
		go_on();
}

void axnet_end(void)
{
	axnet_lock();
	axnet_stack_close_all();
	(void)axnet_stack_flush(0);
	deliver();
	await_peers();
	axnet_stack_abort_all();
	(void)axnet_stack_flush(0);
	uint64_t end_ns = after_ms(TRANSMIT_MS);
	while (!axnet_stack_is_idle() && axhal_now_ns() < end_ns)
		go_on();
}
