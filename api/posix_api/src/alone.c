/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls about threads in an image that has one: nothing to lock, nobody to wake or to yield to. Who waits halts the
 * processor, and looks again after each interrupt; interrupts are unmasked at no other time. So alarms too go off while
 * the program waits, or when it asks about signals.
 */
#include "signal.h"
#include "time.h"
#include "wait.h"

#include <axerrno/axerrno.h>
#include <axhal/console.h>
#include <axhal/irq.h>
#include <axhal/power.h>
#include <axhal/time.h>
#include <kernel_guard/kernel_guard.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

static posix_alarm_t *s_alarms; /* started, earliest first */

void posix_alarm_cancel(posix_alarm_t *alarm)
{
	posix_alarm_t **link = &s_alarms;
	while (*link && *link != alarm)
		link = &(*link)->next;
	if (*link)
		*link = alarm->next;
}

void posix_alarm_start(posix_alarm_t *alarm, uint64_t deadline_ns, void (*function)(posix_alarm_t *alarm))
{
	posix_alarm_cancel(alarm);
	posix_alarm_t **link = &s_alarms;
	while (*link && (*link)->deadline_ns <= deadline_ns)
		link = &(*link)->next;
	alarm->deadline_ns = deadline_ns;
	alarm->function = function;
	alarm->next = *link;
	*link = alarm;
}

void posix_alarms_poll(void)
{
	while (s_alarms && s_alarms->deadline_ns <= axhal_now_ns()) {
		posix_alarm_t *alarm = s_alarms;
		s_alarms = alarm->next;
		alarm->function(alarm);
	}
}

/* Halt until an interrupt, the deadline or an alarm; it may be early. Interrupts masked, as afterwards. */
static void halt_until(uint64_t deadline_ns)
{
	if (s_alarms && s_alarms->deadline_ns < deadline_ns)
		deadline_ns = s_alarms->deadline_ns;
	axhal_timer_set(deadline_ns);
	axhal_wait_for_irq();
	irq_disable();
}

ax_err_t posix_input_begin(void)
{
	return AX_OK;
}

void posix_input_end(void)
{
}

bool posix_input_try_begin(void)
{
	return true;
}

void posix_input_watch(void)
{
	axhal_console_on_input(posix_console_input);
}

long posix_read_input(void *buffer, size_t length)
{
	long count;
	IRQ_GUARD();
	while (!(count = axhal_console_read(buffer, length))) {
		posix_alarms_poll();
		if (posix_is_interrupted())
			return 0;
		halt_until(UINT64_MAX);
	}
	return count;
}

ax_err_t posix_sleeper_wait(posix_sleeper_t *sleeper, uint64_t deadline_ns)
{
	IRQ_GUARD();
	for (;;) {
		posix_alarms_poll();
		if (sleeper->woken) {
			sleeper->woken = false;
			return AX_OK;
		}
		if (posix_is_interrupted())
			return AX_ERR_INTERRUPTED;
		if (axhal_now_ns() >= deadline_ns)
			return AX_ERR_TIMED_OUT;
		halt_until(deadline_ns);
	}
}

void posix_sleeper_wake(posix_sleeper_t *sleeper)
{
	*(volatile bool *)&sleeper->woken = true;
}

ax_err_t posix_sleep_until(uint64_t deadline_ns)
{
	posix_sleeper_t nobody = {};
	const ax_err_t error = posix_sleeper_wait(&nobody, deadline_ns);
	return error == AX_ERR_TIMED_OUT ? AX_OK : error;
}

void posix_notify([[maybe_unused]] ax_posix_thread_t *thread)
{
}

void posix_expect_notices(void)
{
}

bool posix_take_notice(void)
{
	return false;
}

uint64_t posix_run_ns([[maybe_unused]] ax_posix_thread_t *thread)
{
	return axhal_now_ns();
}

void posix_level([[maybe_unused]] ax_posix_thread_t *thread, unsigned *level, bool *sliced)
{
	*level = 0;
	*sliced = true;
}

void posix_set_level([[maybe_unused]] ax_posix_thread_t *thread, [[maybe_unused]] unsigned level,
		     [[maybe_unused]] bool sliced)
{
}

uint64_t posix_affinity([[maybe_unused]] ax_posix_thread_t *thread)
{
	return 1;
}

ax_err_t posix_set_affinity([[maybe_unused]] ax_posix_thread_t *thread, uint64_t cpus)
{
	return cpus & 1 ? AX_OK : AX_ERR_INVALID_INPUT;
}

long ax_sys_exit(int status)
{
	axhal_exit(status & 0xff);
}

long ax_sys_gettid(void)
{
	return 1;
}

long ax_sys_set_tid_address([[maybe_unused]] int *address)
{
	return 1;
}

long ax_sys_sched_yield(void)
{
	return 0;
}

/* A wait that could only end by another thread's doing would last for ever: refuse it. */
long ax_sys_futex(uint32_t *word, int operation, uint32_t value, const struct ax_timespec *timeout,
		  [[maybe_unused]] uint32_t *word2, [[maybe_unused]] uint32_t value3)
{
	uint64_t ns;
	switch (operation & ~(AX_FUTEX_PRIVATE_FLAG | AX_FUTEX_CLOCK_REALTIME)) {
	case AX_FUTEX_WAKE:
	case AX_FUTEX_REQUEUE:
		return 0;
	case AX_FUTEX_WAIT:
		if (*(volatile uint32_t *)word != value)
			return -AX_ERR_WOULD_BLOCK;
		if (!timeout)
			return -AX_ERR_DEADLOCK;
		if (!posix_to_ns(timeout, &ns))
			return -AX_ERR_INVALID_INPUT;
		return posix_sleep_until(posix_add_saturating(axhal_now_ns(), ns)) == AX_OK ? -AX_ERR_TIMED_OUT
											      : -AX_ERR_INTERRUPTED;
	default:
		return -AX_ERR_NOT_IMPLEMENTED;
	}
}

static char s_name[AX_TASK_COMM_BYTES] = "main";

const char *posix_thread_name(void)
{
	return s_name;
}

void posix_set_thread_name(const char name[AX_TASK_COMM_BYTES])
{
	memcpy(s_name, name, sizeof s_name);
}
