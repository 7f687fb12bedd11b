/* SPDX-License-Identifier: Apache-2.0 */
/*
 * epoll(7). An epoll is an object with a list of what is likely to be ready: each file that it watches has an item in it, a
 * watch that puts itself on that list when something changes. Waiting takes items off the list and asks only their files, so
 * it costs what is ready, not what is watched. Level-triggered items that were ready go back to the list's end.
 *
 * An epoll can be watched like any file, by poll and by other epolls; loops are refused. An item does not keep its file
 * open: with the file's last reference it goes.
 *
 * Locks, in this order: `s_lock`; an epoll's `lock`, outer epolls' first; the watched object's own and its readiness;
 * `ready_lock`; the epoll's readiness.
 */
#include "descriptor.h"
#include "poll.h"
#include "signal.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum {
	FIRST_CHAINS = 16,
	DEPTH_MAX = 5,         /* epolls in epolls, as in Linux */
	EVENTS_MAX = 1 << 24,
};

#define ALWAYS	(AX_POLLERR | AX_POLLHUP)
#define MODES	(AX_EPOLLET | AX_EPOLLONESHOT | AX_EPOLLEXCLUSIVE | AX_EPOLLWAKEUP)

typedef struct epoll epoll_t;

/* An item: one file, by one descriptor's number, in one epoll. */
typedef struct posix_epoll_item {
	posix_watch_t watch;
	epoll_t *epoll;
	posix_file_t *file;
	int fd;
	uint32_t events;                        /* wanted, and MODES; 0: a one-shot that was reported. epoll->ready_lock */
	uint64_t data;
	struct posix_epoll_item *next_in_chain; /* epoll->lock */
	struct posix_epoll_item *next_of_file;  /* s_lock */
	struct posix_epoll_item *next_ready, **ready_link; /* on a list if not NULL: epoll->ready_lock */
} item_t;

typedef struct list {
	item_t *first, **last;
} list_t;

struct epoll {
	posix_lock_t lock;         /* protects the items' table, and items from going while they are asked */
	irq_spinlock_t ready_lock; /* protects what stands on the list, and `events` of items */
	posix_readiness_t readiness;
	list_t ready;
	item_t **chains;           /* by descriptor; a power of two */
	size_t chain_count, count;
};

static posix_lock_t s_lock;    /* protects which files have which items, so also who watches whom */
static const posix_file_ops_t s_epoll_ops;

/* The list of what is ready. ready_lock held. */

static void append(list_t *list, item_t *item)
{
	if (!list->last)
		list->last = &list->first;
	item->next_ready = NULL;
	item->ready_link = list->last;
	*list->last = item;
	list->last = &item->next_ready;
}

static void take_off(list_t *list, item_t *item)
{
	if (!item->ready_link)
		return;
	*item->ready_link = item->next_ready;
	if (item->next_ready)
		item->next_ready->ready_link = item->ready_link;
	else
		list->last = item->ready_link;
	item->ready_link = NULL;
}

/* All of @p from before what @p to has. */
static void prepend_all(list_t *to, list_t *from)
{
	if (!from->first)
		return;
	*from->last = to->first;
	if (to->first)
		to->first->ready_link = from->last;
	else
		to->last = from->last;
	to->first = from->first;
	to->first->ready_link = &to->first;
	*from = (list_t){};
}

static void take_all(list_t *from, list_t *to)
{
	*to = *from;
	if (to->first)
		to->first->ready_link = &to->first;
	else
		to->last = &to->first;
	*from = (list_t){};
}

/* An item may be ready: onto the list with it. Any context. */
static void queue(item_t *item, unsigned events)
{
	epoll_t *epoll = item->epoll;
	irq_state_t state = spin_lock_irq(&epoll->ready_lock);
	const bool wanted = item->events && (events & (item->events | ALWAYS)) && !item->ready_link;
	if (wanted)
		append(&epoll->ready, item);
	spin_unlock_irq(&epoll->ready_lock, state);
	if (wanted)
		posix_readiness_notify(&epoll->readiness, AX_POLLIN | AX_POLLRDNORM);
}

static void item_notify(posix_watch_t *watch, unsigned events)
{
	queue(container_of(watch, item_t, watch), events);
}

/* The next of @p list, off it. What changes from now on puts it on the epoll's own list again. */
static item_t *next_candidate(epoll_t *epoll, list_t *list, uint32_t *wanted)
{
	SPIN_GUARD_IRQ(&epoll->ready_lock);
	item_t *item = list->first;
	if (item) {
		take_off(list, item);
		*wanted = item->events;
	}
	return item;
}

static void report(epoll_t *epoll, item_t *item, uint32_t wanted)
{
	SPIN_GUARD_IRQ(&epoll->ready_lock);
	if (wanted & AX_EPOLLONESHOT)
		item->events = 0; /* until it is modified */
	else if (!(wanted & AX_EPOLLET) && !item->ready_link)
		append(&epoll->ready, item);
}

/* Ask what stands on the list; fills @p out, at most @p most. */
static int collect(epoll_t *epoll, struct ax_epoll_event *out, int most)
{
	list_t candidates;
	item_t *item;
	uint32_t wanted;
	int count = 0;
	POSIX_LOCK(&epoll->lock);
	irq_state_t state = spin_lock_irq(&epoll->ready_lock);
	take_all(&epoll->ready, &candidates);
	spin_unlock_irq(&epoll->ready_lock, state);
	while (count < most && (item = next_candidate(epoll, &candidates, &wanted))) {
		const uint32_t events = posix_file_events(item->file) & ((wanted & ~MODES) | ALWAYS);
		if (!events || !wanted)
			continue;
		out[count++] = (struct ax_epoll_event){ events, item->data };
		report(epoll, item, wanted);
	}
	state = spin_lock_irq(&epoll->ready_lock);
	prepend_all(&epoll->ready, &candidates);
	const bool more = epoll->ready.first;
	spin_unlock_irq(&epoll->ready_lock, state);
	if (more) /* another thread may take them */
		posix_readiness_notify(&epoll->readiness, AX_POLLIN | AX_POLLRDNORM);
	return count;
}

/* Whether collect() would find something; what is not ready leaves the list. */
static unsigned epoll_events(posix_file_t *file)
{
	epoll_t *epoll = file->object;
	uint32_t wanted;
	POSIX_LOCK(&epoll->lock);
	for (;;) {
		item_t *item = next_candidate(epoll, &epoll->ready, &wanted);
		if (!item)
			return 0;
		if (!(posix_file_events(item->file) & ((wanted & ~MODES) | ALWAYS)))
			continue;
		SPIN_GUARD_IRQ(&epoll->ready_lock);
		if (!item->ready_link)
			append(&epoll->ready, item);
		return AX_POLLIN | AX_POLLRDNORM;
	}
}

/* Items. s_lock and the epoll's lock held. */

static item_t **chain_of(epoll_t *epoll, int fd)
{
	return &epoll->chains[(unsigned)fd & (epoll->chain_count - 1)];
}

static item_t **find(epoll_t *epoll, const posix_file_t *file, int fd)
{
	item_t **link = chain_of(epoll, fd);
	while (*link && ((*link)->fd != fd || (*link)->file != file))
		link = &(*link)->next_in_chain;
	return link;
}

/* As many chains as items. Without memory the chains get longer. */
static void grow(epoll_t *epoll)
{
	const size_t before = epoll->chain_count;
	item_t **old = epoll->chains, **chains = axalloc_alloc(2 * before * sizeof(item_t *), 0);
	if (!chains)
		return;
	memset(chains, 0, 2 * before * sizeof(item_t *));
	epoll->chains = chains;
	epoll->chain_count = 2 * before;
	for (size_t i = 0; i < before; i++) {
		for (item_t *item = old[i], *next; item; item = next) {
			next = item->next_in_chain;
			item_t **chain = chain_of(epoll, item->fd);
			item->next_in_chain = *chain;
			*chain = item;
		}
	}
	axalloc_free(old);
}

static void destroy(item_t **link)
{
	item_t *item = *link;
	epoll_t *epoll = item->epoll;
	posix_watch_remove(item->file->readiness, &item->watch);
	irq_state_t state = spin_lock_irq(&epoll->ready_lock);
	take_off(&epoll->ready, item);
	spin_unlock_irq(&epoll->ready_lock, state);
	*link = item->next_in_chain;
	item_t **of_file = &item->file->items;
	while (*of_file != item)
		of_file = &(*of_file)->next_of_file;
	*of_file = item->next_of_file;
	epoll->count--;
	axalloc_free(item);
}

/* How deep epolls stand in @p file; more than DEPTH_MAX also if it watches @p target. s_lock held. */
static int depth(const posix_file_t *file, const epoll_t *target, int above)
{
	if (file->ops != &s_epoll_ops || above > DEPTH_MAX)
		return above;
	const epoll_t *epoll = file->object;
	if (epoll == target)
		return DEPTH_MAX + 1;
	int deepest = above + 1;
	for (size_t i = 0; i < epoll->chain_count; i++)
		for (const item_t *item = epoll->chains[i]; item; item = item->next_in_chain)
			deepest = AX_MAX(deepest, depth(item->file, target, above + 1));
	return deepest;
}

/* s_lock held. */
static long add(epoll_t *epoll, posix_file_t *file, int fd, const struct ax_epoll_event *event)
{
	if ((event->events & AX_EPOLLEXCLUSIVE) && file->ops == &s_epoll_ops)
		return -AX_ERR_INVALID_INPUT;
	if (depth(file, epoll, 0) > DEPTH_MAX)
		return -AX_ERR_TOO_MANY_SYMLINKS; /* ELOOP */
	item_t *item = axalloc_alloc(sizeof *item, 0);
	if (!item)
		return -AX_ERR_NO_MEMORY;
	*item = (item_t){
		.watch = { .notify = item_notify, .exclusive = event->events & AX_EPOLLEXCLUSIVE },
		.epoll = epoll, .file = file, .fd = fd, .events = event->events | ALWAYS, .data = event->data,
		.next_of_file = file->items,
	};
	file->items = item;
	if (++epoll->count > epoll->chain_count)
		grow(epoll);
	item_t **chain = chain_of(epoll, fd);
	item->next_in_chain = *chain;
	*chain = item;
	posix_watch_add(file->readiness, &item->watch);
	queue(item, posix_file_events(file));
	return 0;
}

static long modify(item_t *item, const struct ax_epoll_event *event)
{
	if ((event->events | item->events) & AX_EPOLLEXCLUSIVE)
		return -AX_ERR_INVALID_INPUT;
	irq_state_t state = spin_lock_irq(&item->epoll->ready_lock);
	item->events = event->events | ALWAYS;
	item->data = event->data;
	spin_unlock_irq(&item->epoll->ready_lock, state);
	queue(item, posix_file_events(item->file));
	return 0;
}

static long control(posix_file_t *file, int operation, int fd, posix_file_t *watched, const struct ax_epoll_event *event)
{
	if (file->ops != &s_epoll_ops || watched == file)
		return -AX_ERR_INVALID_INPUT;
	if (!watched->readiness)
		return -AX_ERR_NOT_PERMITTED;
	epoll_t *epoll = file->object;
	POSIX_LOCK(&s_lock);
	POSIX_LOCK(&epoll->lock);
	item_t **link = find(epoll, watched, fd);
	if (operation == AX_EPOLL_CTL_ADD)
		return *link ? -AX_ERR_ALREADY_EXISTS : add(epoll, watched, fd, event);
	if (operation != AX_EPOLL_CTL_MOD && operation != AX_EPOLL_CTL_DEL)
		return -AX_ERR_INVALID_INPUT;
	if (!*link)
		return -AX_ERR_NOT_FOUND;
	if (operation == AX_EPOLL_CTL_MOD)
		return modify(*link, event);
	destroy(link);
	return 0;
}

/* A file's last reference is gone. */
static void forget(posix_file_t *file)
{
	POSIX_LOCK(&s_lock);
	while (file->items) {
		item_t *item = file->items;
		epoll_t *epoll = item->epoll;
		POSIX_LOCK(&epoll->lock);
		destroy(find(epoll, file, item->fd));
	}
}

static void epoll_release(posix_file_t *file)
{
	epoll_t *epoll = file->object;
	posix_lock(&s_lock);
	for (size_t i = 0; i < epoll->chain_count; i++)
		while (epoll->chains[i])
			destroy(&epoll->chains[i]);
	posix_unlock(&s_lock);
	axalloc_free(epoll->chains);
	axalloc_free(epoll);
}

static long epoll_stat([[maybe_unused]] posix_file_t *file, struct ax_stat *stat)
{
	*stat = (struct ax_stat){ .st_nlink = 1, .st_mode = 0600, .st_blksize = 4096 };
	return 0;
}

static const posix_file_ops_t s_epoll_ops = {
	.stat = epoll_stat, .events = epoll_events, .release = epoll_release,
};

long ax_sys_epoll_create1(int flags)
{
	POSIX_CALL();
	if (flags & ~AX_O_CLOEXEC)
		return -AX_ERR_INVALID_INPUT;
	epoll_t *epoll = axalloc_alloc(sizeof *epoll, 0);
	item_t **chains = axalloc_alloc(FIRST_CHAINS * sizeof(item_t *), 0);
	posix_file_t *file = epoll && chains ? posix_file_new(&s_epoll_ops, AX_O_RDWR) : NULL;
	if (!file) {
		axalloc_free(epoll);
		axalloc_free(chains);
		return -AX_ERR_NO_MEMORY;
	}
	memset(chains, 0, FIRST_CHAINS * sizeof(item_t *));
	*epoll = (epoll_t){ .chains = chains, .chain_count = FIRST_CHAINS };
	posix_file_forget = forget;
	file->object = epoll;
	file->readiness = &epoll->readiness;
	return posix_descriptor_install(file, 0, flags);
}

long ax_sys_epoll_create(int size)
{
	return size > 0 ? ax_sys_epoll_create1(0) : -AX_ERR_INVALID_INPUT;
}

long ax_sys_epoll_ctl(int epoll_fd, int operation, int fd, const struct ax_epoll_event *event)
{
	POSIX_CALL();
	POSIX_FILE(file, epoll_fd);
	POSIX_FILE(watched, fd);
	return file && watched ? control(file, operation, fd, watched, event) : -AX_ERR_BAD_HANDLE;
}

/* Waiting */

typedef struct waiter {
	posix_watch_t watch;
	posix_sleeper_t sleeper;
} waiter_t;

static void wake(posix_watch_t *watch, [[maybe_unused]] unsigned events)
{
	posix_sleeper_wake(&container_of(watch, waiter_t, watch)->sleeper);
}

/* Sleep until something stands on the list. */
static ax_err_t sleep(epoll_t *epoll, uint64_t deadline_ns)
{
	waiter_t self = { .watch = { .notify = wake, .exclusive = true } };
	ax_err_t error = AX_OK;
	posix_watch_add(&epoll->readiness, &self.watch);
	while (!__atomic_load_n(&epoll->ready.first, __ATOMIC_ACQUIRE) && error == AX_OK)
		error = posix_sleeper_wait(&self.sleeper, deadline_ns);
	posix_watch_remove(&epoll->readiness, &self.watch);
	return error;
}

typedef struct wait_arguments {
	epoll_t *epoll;
	struct ax_epoll_event *events;
	int most;
} wait_arguments_t;

static long wait_for_events(void *argument, uint64_t deadline_ns)
{
	const wait_arguments_t *wait = argument;
	if (posix_take_in)
		posix_take_in();
	for (;;) {
		const int count = collect(wait->epoll, wait->events, wait->most);
		if (!count && !deadline_ns) { /* as posix_poll() */
			(void)ax_sys_sched_yield();
			return collect(wait->epoll, wait->events, wait->most);
		}
		if (count)
			return count;
		const ax_err_t error = sleep(wait->epoll, deadline_ns);
		if (error == AX_ERR_TIMED_OUT)
			return collect(wait->epoll, wait->events, wait->most);
		if (error == AX_ERR_INTERRUPTED && ax_posix_wait_interrupted() != AX_POSIX_NOTHING)
			return -AX_ERR_INTERRUPTED;
	}
}

static long epoll_wait(int fd, struct ax_epoll_event *events, int most, uint64_t deadline_ns, const uint64_t *mask,
		       size_t mask_bytes)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	if (!file)
		return -AX_ERR_BAD_HANDLE;
	if (file->ops != &s_epoll_ops || most <= 0 || most > EVENTS_MAX || (mask && mask_bytes != sizeof *mask))
		return -AX_ERR_INVALID_INPUT;
	wait_arguments_t arguments = { file->object, events, most };
	return posix_wait_masked(mask, wait_for_events, &arguments, deadline_ns);
}

long ax_sys_epoll_wait(int fd, struct ax_epoll_event *events, int most, int timeout_ms)
{
	return epoll_wait(fd, events, most, posix_deadline_ms(timeout_ms), NULL, 0);
}

long ax_sys_epoll_pwait(int fd, struct ax_epoll_event *events, int most, int timeout_ms, const uint64_t *mask, size_t mask_bytes)
{
	return epoll_wait(fd, events, most, posix_deadline_ms(timeout_ms), mask, mask_bytes);
}

long ax_sys_epoll_pwait2(int fd, struct ax_epoll_event *events, int most, const struct ax_timespec *timeout, const uint64_t *mask, size_t mask_bytes)
{
	uint64_t deadline_ns;
	if (!posix_deadline_timespec(timeout, &deadline_ns))
		return -AX_ERR_INVALID_INPUT;
	return epoll_wait(fd, events, most, deadline_ns, mask, mask_bytes);
}
