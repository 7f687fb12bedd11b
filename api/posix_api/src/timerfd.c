/* SPDX-License-Identifier: Apache-2.0 */
/* timerfd(2): a timer whose expirations are counted and read. An absolute time of CLOCK_REALTIME is taken as that
 * clock is when the timer is set. */
#include "descriptor.h"
#include "time.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum { LEAST_PERIOD_NS = 50000 }; /* a shorter one counts several at a time, so that threads get to run */

typedef struct timer {
	posix_alarm_t alarm;
	irq_spinlock_t lock; /* protects what follows; axtask's timers are taken inside */
	posix_readiness_t readiness;
	uint64_t count;      /* expirations that nobody has read */
	uint64_t next_ns;    /* of axhal_now_ns(); 0: not armed */
	uint64_t interval_ns;
	int clock;
} timer_t;

static void expire(posix_alarm_t *alarm);

/* Lock held. */
static void start(timer_t *timer, uint64_t deadline_ns)
{
	posix_alarm_start(&timer->alarm, deadline_ns, expire);
}

/* Lock held. Count what has expired by @p now and set the timer for the next time. */
static bool count_expired(timer_t *timer, uint64_t now)
{
	if (!timer->next_ns || now < timer->next_ns)
		return false;
	if (!timer->interval_ns) {
		timer->count++;
		timer->next_ns = 0;
		return true;
	}
	const uint64_t periods = (now - timer->next_ns) / timer->interval_ns + 1;
	timer->count += periods;
	timer->next_ns = posix_add_saturating(timer->next_ns, periods * timer->interval_ns);
	start(timer, AX_MAX(timer->next_ns, posix_add_saturating(now, LEAST_PERIOD_NS)));
	return true;
}

/* As an interrupt handler. A timer that was set anew is not due yet. */
static void expire(posix_alarm_t *alarm)
{
	timer_t *timer = container_of(alarm, timer_t, alarm);
	irq_state_t state = spin_lock_irq(&timer->lock);
	const bool expired = count_expired(timer, axhal_now_ns());
	spin_unlock_irq(&timer->lock, state);
	if (expired)
		posix_readiness_notify(&timer->readiness, AX_POLLIN | AX_POLLRDNORM);
}

static long timer_read(posix_file_t *file, void *buffer, size_t length)
{
	timer_t *timer = file->object;
	if (length < sizeof timer->count)
		return -AX_ERR_INVALID_INPUT;
	irq_state_t state = spin_lock_irq(&timer->lock);
	const uint64_t count = timer->count;
	timer->count = 0;
	spin_unlock_irq(&timer->lock, state);
	if (!count)
		return -AX_ERR_WOULD_BLOCK;
	memcpy(buffer, &count, sizeof count);
	return sizeof count;
}

static unsigned timer_events(posix_file_t *file)
{
	timer_t *timer = file->object;
	posix_alarms_poll();
	SPIN_GUARD_IRQ(&timer->lock);
	return timer->count ? AX_POLLIN | AX_POLLRDNORM : 0;
}

static long timer_stat([[maybe_unused]] posix_file_t *file, struct ax_stat *stat)
{
	*stat = (struct ax_stat){ .st_nlink = 1, .st_mode = 0600, .st_blksize = 4096 };
	return 0;
}

/* The alarm may run on another CPU now: once it is cancelled it does not. */
static void timer_release(posix_file_t *file)
{
	timer_t *timer = file->object;
	irq_state_t state = spin_lock_irq(&timer->lock);
	timer->next_ns = 0;
	spin_unlock_irq(&timer->lock, state);
	posix_alarm_cancel(&timer->alarm);
	axalloc_free(timer);
}

static const posix_file_ops_t s_timer_ops = {
	.read = timer_read, .stat = timer_stat, .events = timer_events, .release = timer_release,
};

long ax_sys_timerfd_create(int clock, int flags)
{
	POSIX_CALL();
	if ((flags & ~(AX_O_CLOEXEC | AX_O_NONBLOCK)) ||
	    (clock != AX_CLOCK_REALTIME && clock != AX_CLOCK_MONOTONIC && clock != AX_CLOCK_BOOTTIME))
		return -AX_ERR_INVALID_INPUT;
	timer_t *timer = axalloc_alloc(sizeof *timer, 0);
	if (!timer)
		return -AX_ERR_NO_MEMORY;
	memset(timer, 0, sizeof *timer);
	timer->clock = clock;
	posix_file_t *file = posix_file_new(&s_timer_ops, AX_O_RDWR | (flags & AX_O_NONBLOCK));
	if (!file) {
		axalloc_free(timer);
		return -AX_ERR_NO_MEMORY;
	}
	file->object = timer;
	file->readiness = &timer->readiness;
	return posix_descriptor_install(file, 0, flags);
}

/* Lock held. */
static struct ax_itimerspec left_of(const timer_t *timer)
{
	const uint64_t now = axhal_now_ns();
	struct ax_itimerspec left = { .it_interval = posix_to_timespec(timer->interval_ns) };
	if (timer->next_ns)
		left.it_value = posix_to_timespec(timer->next_ns > now ? timer->next_ns - now : 1);
	return left;
}

static uint64_t deadline_of(const timer_t *timer, int flags, uint64_t value_ns)
{
	if ((flags & AX_TFD_TIMER_ABSTIME) && timer->clock == AX_CLOCK_REALTIME) {
		const uint64_t wall = ax_posix_wall_ns();
		value_ns = value_ns > wall ? value_ns - wall : 0;
	} else if (flags & AX_TFD_TIMER_ABSTIME) {
		return value_ns;
	}
	return posix_add_saturating(axhal_now_ns(), value_ns);
}

long ax_sys_timerfd_settime(int fd, int flags, const struct ax_itimerspec *value, struct ax_itimerspec *old)
{
	uint64_t value_ns, interval_ns;
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	if (file->ops != &s_timer_ops || (flags & ~AX_TFD_TIMER_ABSTIME) || !posix_to_ns(&value->it_value, &value_ns) ||
	    !posix_to_ns(&value->it_interval, &interval_ns))
		return -AX_ERR_INVALID_INPUT;
	timer_t *timer = file->object;
	SPIN_GUARD_IRQ(&timer->lock);
	if (old)
		*old = left_of(timer);
	timer->count = 0;
	timer->interval_ns = interval_ns;
	timer->next_ns = value_ns ? deadline_of(timer, flags, value_ns) : 0;
	if (timer->next_ns)
		start(timer, timer->next_ns);
	return 0;
}

long ax_sys_timerfd_gettime(int fd, struct ax_itimerspec *value)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	if (file->ops != &s_timer_ops)
		return -AX_ERR_INVALID_INPUT;
	timer_t *timer = file->object;
	SPIN_GUARD_IRQ(&timer->lock);
	*value = left_of(timer);
	return 0;
}
