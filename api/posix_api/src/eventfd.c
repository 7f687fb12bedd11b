/* SPDX-License-Identifier: Apache-2.0 */
/* eventfd(2): a counter that is read and written. */
#include "descriptor.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

#define MOST (UINT64_MAX - 1)

typedef struct event {
	irq_spinlock_t lock; /* protects the count */
	posix_readiness_t readiness;
	uint64_t count;
	bool semaphore;      /* a read takes 1, not all */
} event_t;

static long event_read(posix_file_t *file, void *buffer, size_t length)
{
	event_t *event = file->object;
	if (length < sizeof event->count)
		return -AX_ERR_INVALID_INPUT;
	irq_state_t state = spin_lock_irq(&event->lock);
	const uint64_t taken = event->semaphore && event->count ? 1 : event->count;
	event->count -= taken;
	spin_unlock_irq(&event->lock, state);
	if (!taken)
		return -AX_ERR_WOULD_BLOCK;
	memcpy(buffer, &taken, sizeof taken);
	posix_readiness_notify(&event->readiness, AX_POLLOUT | AX_POLLWRNORM);
	return sizeof taken;
}

static long event_write(posix_file_t *file, const void *buffer, size_t length)
{
	event_t *event = file->object;
	uint64_t added;
	if (length < sizeof added)
		return -AX_ERR_INVALID_INPUT;
	memcpy(&added, buffer, sizeof added);
	if (added > MOST)
		return -AX_ERR_INVALID_INPUT;
	irq_state_t state = spin_lock_irq(&event->lock);
	const bool fits = added <= MOST - event->count;
	event->count += fits ? added : 0;
	spin_unlock_irq(&event->lock, state);
	if (!fits)
		return -AX_ERR_WOULD_BLOCK;
	posix_readiness_notify(&event->readiness, AX_POLLIN | AX_POLLRDNORM);
	return sizeof added;
}

static unsigned event_events(posix_file_t *file)
{
	event_t *event = file->object;
	SPIN_GUARD_IRQ(&event->lock);
	return (event->count ? AX_POLLIN | AX_POLLRDNORM : 0) | (event->count < MOST ? AX_POLLOUT | AX_POLLWRNORM : 0);
}

static long event_stat([[maybe_unused]] posix_file_t *file, struct ax_stat *stat)
{
	*stat = (struct ax_stat){ .st_nlink = 1, .st_mode = 0600, .st_blksize = 4096 };
	return 0;
}

static void event_release(posix_file_t *file)
{
	axalloc_free(file->object);
}

static const posix_file_ops_t s_event_ops = {
	.read = event_read, .write = event_write, .stat = event_stat, .events = event_events, .release = event_release,
};

long ax_sys_eventfd2(unsigned count, int flags)
{
	POSIX_CALL();
	if (flags & ~(AX_EFD_SEMAPHORE | AX_O_CLOEXEC | AX_O_NONBLOCK))
		return -AX_ERR_INVALID_INPUT;
	event_t *event = axalloc_alloc(sizeof *event, 0);
	if (!event)
		return -AX_ERR_NO_MEMORY;
	*event = (event_t){ .count = count, .semaphore = flags & AX_EFD_SEMAPHORE };
	posix_file_t *file = posix_file_new(&s_event_ops, AX_O_RDWR | (flags & AX_O_NONBLOCK));
	if (!file) {
		axalloc_free(event);
		return -AX_ERR_NO_MEMORY;
	}
	file->object = event;
	file->readiness = &event->readiness;
	return posix_descriptor_install(file, 0, flags);
}

long ax_sys_eventfd(unsigned count)
{
	return ax_sys_eventfd2(count, 0);
}
