/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which protocols mutexes may have: inheritance and ceilings, in images whose mutexes have these (feature
 * `priority_inheritance`). The attribute object is the C library's, of which one bit says that the mutex inherits.
 */
#include "axlibc_ceiling.h"
#include "axlibc_threads.h"
#include "axlibc_wait.h"

enum { INHERITS = 8 };

static bool is_ceiling(int ceiling)
{
	return ceiling >= sched_get_priority_min(SCHED_FIFO) && ceiling <= sched_get_priority_max(SCHED_FIFO);
}

static unsigned with_ceiling(unsigned tag, unsigned ceiling)
{
	return (tag & ~(unsigned)AXLIBC_CEILING_BITS) | ceiling << AXLIBC_CEILING_SHIFT;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
	const unsigned others = attr->__attr & ~(unsigned)(INHERITS | AXLIBC_PROTECTS);
	switch (protocol) {
	case PTHREAD_PRIO_NONE:
		attr->__attr = others;
		return 0;
	case PTHREAD_PRIO_INHERIT:
		attr->__attr = AXSYNC_FEATURE_INHERIT ? others | INHERITS : attr->__attr;
		break;
	case PTHREAD_PRIO_PROTECT:
		if (AXSYNC_FEATURE_INHERIT && !(attr->__attr & AXLIBC_CEILING_BITS)) /* until it is set: the highest */
			attr->__attr = with_ceiling(attr->__attr, (unsigned)sched_get_priority_max(SCHED_FIFO));
		if (AXSYNC_FEATURE_INHERIT)
			attr->__attr = (attr->__attr & ~(unsigned)INHERITS) | AXLIBC_PROTECTS;
		break;
	default:
		return EINVAL;
	}
	return AXSYNC_FEATURE_INHERIT ? 0 : ENOTSUP;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr, int *restrict protocol)
{
	*protocol = attr->__attr & AXLIBC_PROTECTS ? PTHREAD_PRIO_PROTECT
		    : attr->__attr & INHERITS	   ? PTHREAD_PRIO_INHERIT
						   : PTHREAD_PRIO_NONE;
	return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
	if (!AXSYNC_FEATURE_INHERIT || !is_ceiling(ceiling))
		return EINVAL;
	attr->__attr = with_ceiling(attr->__attr, (unsigned)ceiling);
	return 0;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict attr, int *restrict ceiling)
{
	if (!AXSYNC_FEATURE_INHERIT)
		return EINVAL;
	const unsigned set = (attr->__attr & AXLIBC_CEILING_BITS) >> AXLIBC_CEILING_SHIFT;
	*ceiling = set ? (int)set : sched_get_priority_max(SCHED_FIFO);
	return 0;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
	const unsigned of = axlibc_ceiling(((const axlibc_mutex_t *)mutex)->recursive.tag);
	if (!of)
		return EINVAL;
	*ceiling = (int)of;
	return 0;
}

/* With the mutex locked, for which the caller's priority does not matter; its owner keeps the ceiling that it has entered. */
int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
	axlibc_mutex_t *self = axlibc_mutex(mutex);
	const unsigned before = axlibc_ceiling(self->recursive.tag);
	if (!before || !is_ceiling(ceiling))
		return EINVAL;
	if (ax_mutex_is_mine(&self->plain))
		return EDEADLK;
	(void)AXLIBC_UNINTERRUPTED(ax_mutex_lock_interruptible(&self->plain, AXTASK_FOREVER));
	if (old)
		*old = (int)axlibc_ceiling(self->recursive.tag);
	self->recursive.tag = with_ceiling(self->recursive.tag, (unsigned)ceiling);
	ax_mutex_unlock(&self->plain);
	return 0;
}
