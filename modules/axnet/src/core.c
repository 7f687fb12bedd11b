/* SPDX-License-Identifier: Apache-2.0 */
/* The protocols' lock, and the start of the network. */
#include "core.h"

#include <axhal/boot.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <axsync/mutex.h>
#include <axtask/timer.h>
#include <base/base.h>
#include <stdatomic.h>

static _Atomic uint64_t s_last_arrival_ns;
static ax_mutex_t s_core = AX_MUTEX_INIT; /* the stack, and the interface */

/*
 * Answers that are held. A program may compute for long between two of them: then the timer tells the interface, from an
 * interrupt, which on one CPU finds the protocols either left alone, or in the middle of something that leave() ends. With
 * several CPUs nothing is held.
 */
enum { HELD_MAX = 16, HELD_NS = 500000 };

static unsigned s_expected;        /* connections that are expected to answer. Protocols' lock */
static volatile bool s_is_locked;  /* by anybody: for the timer */
static volatile bool s_is_overdue; /* the timer found it so */
static volatile bool s_timer_runs;
static ax_timer_t s_timer;

void axnet_expect_answer(void)
{
	s_expected += !AXNET_FEATURE_SMP;
}

void axnet_answered(void)
{
	s_expected -= s_expected != 0;
}

static void on_timer([[maybe_unused]] ax_timer_t *timer)
{
	s_timer_runs = false;
	if (s_is_locked)
		s_is_overdue = true;
	else
		axnet_stack_tell();
}

static void enter(void)
{
	s_is_locked = true;
	ax_compiler_barrier();
}

static void leave(void)
{
	if (s_is_overdue) {
		s_is_overdue = false;
		axnet_stack_tell();
	}
	ax_compiler_barrier();
	s_is_locked = false;
	if (s_is_overdue) { /* just now */
		enter();
		leave();
	}
}

void axnet_lock(void)
{
	ax_mutex_lock(&s_core);
	enter();
}

void axnet_unlock(void)
{
	if (axnet_stack_flush(s_expected ? HELD_MAX : 0) && !s_timer_runs) {
		s_timer_runs = true;
		ax_timer_start(&s_timer, axhal_now_ns() + HELD_NS, on_timer);
	}
	leave();
	ax_mutex_unlock(&s_core);
}

bool axnet_poll(void)
{
	if (!ax_mutex_try_lock(&s_core))
		return false;
	enter();
	s_expected = 0; /* whoever waits has answered what he wanted to */
	size_t frames = axnet_stack_poll(AXNET_BUDGET);
	leave();
	ax_mutex_unlock(&s_core);
	if (frames)
		atomic_store_explicit(&s_last_arrival_ns, axhal_now_ns(), memory_order_relaxed);
	return frames;
}

void ax_net_take_in(void)
{
	(void)axnet_poll();
}

uint64_t axnet_last_arrival_ns(void)
{
	return atomic_load_explicit(&s_last_arrival_ns, memory_order_relaxed);
}

void axnet_random(uint64_t words[2])
{
	bool is_random = axhal_entropy(&words[0]);
	is_random = axhal_entropy(&words[1]) && is_random;
	if (is_random)
		return;
	ax_warn("net: no entropy, or no feature entropy_device that would ask for it: others can guess ports and sequence numbers");
	words[0] = axhal_now_ns();
	words[1] = axhal_wall_ns();
}

static void read_address(const char *name, ax_ip_t *ip)
{
	const char *text = axhal_boot_env(name);
	if (text && ax_ip_parse(text, ip))
		ax_error("net: %s=%s is no address", name, text);
}

/* A.B.C.D/N */
static void read_network(const char *text, axnet_config_t *config)
{
	enum { DECIMAL = 10, BITS = 32 };
	char address[AX_IP_TEXT_BYTES];
	size_t length = 0;
	unsigned bits = 0;
	while (text[length] && text[length] != '/' && length < sizeof address - 1) {
		address[length] = text[length];
		length++;
	}
	address[length] = '\0';
	const char *digit = &text[length] + (text[length] == '/');
	bool is_good = text[length] == '/' && *digit;
	for (; *digit && is_good; digit++) {
		bits = bits * DECIMAL + (unsigned)(*digit - '0');
		is_good = *digit >= '0' && *digit <= '9' && bits <= BITS;
	}
	ax_ip_t ip;
	if (!is_good || ax_ip_parse(address, &ip) || ip.family != AX_IP_V4) {
		ax_error("net: AX_IP=%s is not of the form A.B.C.D/N", text);
		return;
	}
	config->ip = ip;
	config->mask = (ax_ip_t){ .family = AX_IP_V4 };
	for (unsigned i = 0; i < bits; i++)
		config->mask.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

void axnet_read_config(axnet_config_t *config)
{
	*config = (axnet_config_t){};
	const char *network = axhal_boot_env("AX_IP");
	if (network)
		read_network(network, config);
	read_address("AX_GATEWAY", &config->gateway);
	read_address("AX_DNS", &config->name_server);
}

void axnet_init(void)
{
	axnet_config_t config;
	axnet_read_config(&config);
	net_device_t *device = axnet_interface();
	axnet_lock();
	axnet_stack_init(device, &config);
	axnet_unlock();
	axnet_worker_start(device != NULL);
}
