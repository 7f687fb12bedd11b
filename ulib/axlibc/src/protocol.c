/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which protocols mutexes may have: priority inheritance, in images whose mutexes have that (feature
 * `priority_inheritance`); ceilings are not supported. The attribute object is the C library's, and so is the bit that its
 * pthread_mutexattr_getprotocol() looks at.
 */
#include "axlibc_threads.h"

enum { INHERITS = 8 };

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
	switch (protocol) {
	case PTHREAD_PRIO_NONE:
		attr->__attr &= ~(unsigned)INHERITS;
		return 0;
	case PTHREAD_PRIO_INHERIT:
		if (!AXSYNC_FEATURE_INHERIT)
			return ENOTSUP;
		attr->__attr |= INHERITS;
		return 0;
	case PTHREAD_PRIO_PROTECT:
		return ENOTSUP;
	default:
		return EINVAL;
	}
}
