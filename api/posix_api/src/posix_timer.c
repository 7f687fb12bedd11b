/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers of POSIX.1-2017 (timer_create()) and the process's alarm (setitimer()). A timer counts on a clock: the
 * monotonic one, or, for an absolute time of CLOCK_REALTIME, that one, which can be set. Its signal is one entry of its
 * own, so one that is still pending when the timer expires again counts an overrun.
 *
 * A timer's memory is never given back: an expiry that another CPU is about to handle may find a deleted timer, and
 * does nothing.
 */
#include "signal.h"
#include "time.h"
#include "wait.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <base/base.h>
#include <posix_api/syscalls.h>

enum {
	TIMER_MAX = 256,      /* {TIMER_MAX}; POSIX wants 32 or more */
	OVERRUN_MAX = INT32_MAX, /* {DELAYTIMER_MAX} */
	LEAST_PERIOD_NS = 50000, /* a shorter one is reported as overruns, so that threads get to run */
};

typedef struct posix_timer {
	posix_alarm_t alarm;
	posix_signal_t signal;
	bool in_use, armed, real; /* `real`: next_ns is of CLOCK_REALTIME, else of axhal_now_ns() */
	bool silent;              /* SIGEV_NONE */
	int clock;
	int tid;                  /* SIGEV_THREAD_ID: to whom; 0: to the process */
	uint64_t next_ns, interval_ns;
} posix_timer_t;

static irq_spinlock_t s_lock; /* protects all timers and the table; before axtask's timers */
static posix_timer_t *s_timers[TIMER_MAX];
static posix_timer_t s_real = {
	.signal = { .number = AX_SIGALRM, .code = AX_SI_KERNEL, .own = true },
	.in_use = true,
};

static uint64_t now_of(const posix_timer_t *timer)
{
	return timer->real ? ax_posix_wall_ns() : axhal_now_ns();
}

static void expire(posix_alarm_t *alarm);

/* Lock held. */
static void start(posix_timer_t *timer, uint64_t least_ns)
{
	const uint64_t now = now_of(timer);
	const uint64_t span_ns = timer->next_ns > now ? timer->next_ns - now : 0;
	posix_alarm_start(&timer->alarm, posix_add_saturating(axhal_now_ns(), AX_MAX(span_ns, least_ns)), expire);
}

/* The periods that have ended by now, the first of them excepted; the timer is set for the next one. Lock held. */
static uint64_t begin_next_period(posix_timer_t *timer, uint64_t now)
{
	if (!timer->interval_ns) {
		timer->armed = false;
		return 0;
	}
	const uint64_t missed = (now - timer->next_ns) / timer->interval_ns;
	timer->next_ns = posix_add_saturating(timer->next_ns, (missed + 1) * timer->interval_ns);
	start(timer, LEAST_PERIOD_NS);
	return missed;
}

/* As an interrupt handler. A clock that was set back, or a timer that was set anew, is not due yet. */
static void expire(posix_alarm_t *alarm)
{
	posix_timer_t *timer = container_of(alarm, posix_timer_t, alarm);
	irq_state_t state = spin_lock_irq(&s_lock);
	const uint64_t now = now_of(timer);
	if (timer->armed && now < timer->next_ns) {
		start(timer, 0);
	} else if (timer->armed) {
		const uint64_t missed = begin_next_period(timer, now);
		timer->signal.missed = (int)AX_MIN(missed, (uint64_t)OVERRUN_MAX);
		const bool silent = timer->silent;
		const int tid = timer->tid;
		spin_unlock_irq(&s_lock, state);
		if (tid)
			(void)posix_signal_send_to_number(tid, NULL, &timer->signal);
		else if (!silent)
			(void)posix_signal_send(NULL, NULL, &timer->signal);
		return;
	}
	spin_unlock_irq(&s_lock, state);
}

void posix_timers_clock_was_set(void)
{
	SPIN_GUARD_IRQ(&s_lock);
	for (int i = 0; i < TIMER_MAX; i++)
		if (s_timers[i] && s_timers[i]->armed && s_timers[i]->real)
			start(s_timers[i], 0);
}

static struct ax_itimerspec left_of(const posix_timer_t *timer)
{
	struct ax_itimerspec left = { .it_interval = posix_to_timespec(timer->interval_ns) };
	if (timer->armed) {
		const uint64_t now = now_of(timer);
		left.it_value = posix_to_timespec(timer->next_ns > now ? timer->next_ns - now : 1);
	}
	return left;
}

/* Lock held. */
static void set(posix_timer_t *timer, uint64_t value_ns, uint64_t interval_ns, bool absolute)
{
	timer->armed = value_ns != 0;
	timer->interval_ns = interval_ns;
	timer->real = absolute && timer->clock == AX_CLOCK_REALTIME;
	timer->next_ns = absolute ? value_ns : posix_add_saturating(axhal_now_ns(), value_ns);
	if (timer->armed)
		start(timer, 0);
}

/* Lock held. */
static posix_timer_t *find(int id)
{
	posix_timer_t *timer = (unsigned)id < TIMER_MAX ? s_timers[id] : NULL;
	return timer && timer->in_use ? timer : NULL;
}

static bool is_clock(int clock)
{
	return clock == AX_CLOCK_REALTIME || clock == AX_CLOCK_MONOTONIC || clock == AX_CLOCK_BOOTTIME;
}

static long check(int clock, const struct ax_sigevent *event)
{
	if (clock == AX_CLOCK_PROCESS_CPUTIME || clock == AX_CLOCK_THREAD_CPUTIME || clock < 0)
		return -AX_ERR_NOT_SUPPORTED;
	if (!is_clock(clock))
		return -AX_ERR_INVALID_INPUT;
	if (!event || event->sigev_notify == AX_SIGEV_NONE)
		return 0;
	if ((event->sigev_notify != AX_SIGEV_SIGNAL && event->sigev_notify != AX_SIGEV_THREAD_ID) ||
	    !posix_is_signal(event->sigev_signo))
		return -AX_ERR_INVALID_INPUT;
	posix_signal_t none = {};
	if (event->sigev_notify == AX_SIGEV_THREAD_ID &&
	    posix_signal_send_to_number(event->sigev_thread, NULL, &none) != 0)
		return -AX_ERR_INVALID_INPUT;
	return 0;
}

/* A free place in the table, its timer in use from now on; -1 if there is none. */
static int claim(posix_timer_t *fresh)
{
	SPIN_GUARD_IRQ(&s_lock);
	for (int i = 0; i < TIMER_MAX; i++) {
		if (s_timers[i] && s_timers[i]->in_use)
			continue;
		if (!s_timers[i])
			s_timers[i] = fresh;
		s_timers[i]->in_use = true;
		return i;
	}
	return -1;
}

static void prepare(posix_timer_t *timer, int id, int clock, const struct ax_sigevent *event)
{
	timer->clock = clock;
	timer->silent = event && event->sigev_notify == AX_SIGEV_NONE;
	timer->tid = event && event->sigev_notify == AX_SIGEV_THREAD_ID ? event->sigev_thread : 0;
	timer->interval_ns = 0;
	timer->signal = (posix_signal_t){
		.number = event ? event->sigev_signo : AX_SIGALRM,
		.code = AX_SI_TIMER,
		.from = id,
		.value = event ? event->sigev_value : (uint64_t)id,
		.own = true,
	};
}

long ax_sys_timer_create(int clock, const struct ax_sigevent *event, int *timer)
{
	const long error = check(clock, event);
	if (error)
		return error;
	posix_timer_t *fresh = axalloc_alloc(sizeof *fresh, _Alignof(posix_timer_t));
	if (!fresh)
		return -AX_ERR_WOULD_BLOCK;
	*fresh = (posix_timer_t){};
	const int id = claim(fresh);
	if (id < 0 || s_timers[id] != fresh)
		axalloc_free(fresh);
	if (id < 0)
		return -AX_ERR_WOULD_BLOCK;
	prepare(s_timers[id], id, clock, event);
	*timer = id;
	return 0;
}

long ax_sys_timer_settime(int id, int flags, const struct ax_itimerspec *value, struct ax_itimerspec *old)
{
	uint64_t value_ns, interval_ns;
	if (!posix_to_ns(&value->it_value, &value_ns) || !posix_to_ns(&value->it_interval, &interval_ns))
		return -AX_ERR_INVALID_INPUT;
	irq_state_t state = spin_lock_irq(&s_lock);
	posix_timer_t *timer = find(id);
	if (timer) {
		const struct ax_itimerspec before = left_of(timer);
		set(timer, value_ns, interval_ns, flags & AX_TIMER_ABSTIME);
		if (old)
			*old = before;
	}
	spin_unlock_irq(&s_lock, state);
	return timer ? 0 : -AX_ERR_INVALID_INPUT;
}

long ax_sys_timer_gettime(int id, struct ax_itimerspec *value)
{
	SPIN_GUARD_IRQ(&s_lock);
	const posix_timer_t *timer = find(id);
	if (!timer)
		return -AX_ERR_INVALID_INPUT;
	*value = left_of(timer);
	return 0;
}

long ax_sys_timer_getoverrun(int id)
{
	SPIN_GUARD_IRQ(&s_lock);
	const posix_timer_t *timer = find(id);
	return timer ? timer->signal.delivered_overrun : -AX_ERR_INVALID_INPUT;
}

long ax_sys_timer_delete(int id)
{
	irq_state_t state = spin_lock_irq(&s_lock);
	posix_timer_t *timer = find(id);
	if (timer)
		timer->armed = false;
	spin_unlock_irq(&s_lock, state);
	if (!timer)
		return -AX_ERR_INVALID_INPUT;
	posix_alarm_cancel(&timer->alarm);
	posix_signal_withdraw(&timer->signal);
	__atomic_store_n(&timer->in_use, false, __ATOMIC_RELEASE);
	return 0;
}

static bool from_timeval(const struct ax_timeval *time, uint64_t *ns)
{
	const struct ax_timespec precise = { time->tv_sec, time->tv_usec * 1000 };
	return time->tv_usec >= 0 && time->tv_usec < 1000000 && posix_to_ns(&precise, ns);
}

static struct ax_itimerval to_itimerval(struct ax_itimerspec spec)
{
	return (struct ax_itimerval){
		.it_interval = { spec.it_interval.tv_sec, spec.it_interval.tv_nsec / 1000 },
		.it_value = { spec.it_value.tv_sec, (spec.it_value.tv_nsec + 999) / 1000 % 1000000 },
	};
}

long ax_sys_setitimer(int which, const struct ax_itimerval *value, struct ax_itimerval *old)
{
	uint64_t value_ns, interval_ns;
	if (which != AX_ITIMER_REAL || !from_timeval(&value->it_value, &value_ns) ||
	    !from_timeval(&value->it_interval, &interval_ns))
		return -AX_ERR_INVALID_INPUT;
	SPIN_GUARD_IRQ(&s_lock);
	const struct ax_itimerspec before = left_of(&s_real);
	set(&s_real, value_ns, interval_ns, false);
	if (old)
		*old = to_itimerval(before);
	return 0;
}

long ax_sys_getitimer(int which, struct ax_itimerval *value)
{
	if (which != AX_ITIMER_REAL)
		return -AX_ERR_INVALID_INPUT;
	SPIN_GUARD_IRQ(&s_lock);
	*value = to_itimerval(left_of(&s_real));
	return 0;
}
