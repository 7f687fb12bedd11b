/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message queues (POSIX.1-2017, XSH mq_open(), mq_send(), mq_receive(), mq_notify()). The memory for all messages that a
 * queue may hold is taken when it is made: sending never lacks any. Queues have names of their own, beside the file
 * system's, and are open files: poll() and epoll watch them, as on Linux.
 */
#include "descriptor.h"
#include "signal.h"
#include "time.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/time.h>
#include <base/base.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>
#include <posix_api/syscalls.h>

enum {
	NAME_MOST = 255,
	QUEUES_MOST = 256,
	MESSAGES_MOST = 65536, MESSAGE_BYTES_MOST = 16 << 20, /* what Linux lets its superuser have */
	MESSAGES_DEFAULT = 10, MESSAGE_BYTES_DEFAULT = 8192,
	PRIORITIES = 32768,                                   /* {MQ_PRIO_MAX} */
};

typedef struct message {
	struct message *next;
	size_t bytes;
	unsigned priority;
	char data[];
} message_t;

/* Who wants to be told of a message for an empty queue. */
typedef struct request {
	const posix_file_t *by; /* NULL: nobody */
	posix_file_t *file;     /* of AX_SIGEV_THREAD: it is told by a write */
	struct ax_sigevent event;
} request_t;

/* What is written to the file of a request. */
enum { ARRIVED = 1, WITHDRAWN = 2 };

typedef struct queue {
	struct queue *next;
	bool named;             /* it is in the list */
	unsigned users;         /* open files, the name, who makes it */
	unsigned mode;
	posix_lock_t lock;      /* protects what follows */
	posix_readiness_t readiness;
	request_t request;
	unsigned receivers;     /* who waits for a message */
	message_t *first, *last, *free; /* messages in the order in which they are received; places for others */
	long most, message_bytes, count;
	char name[NAME_MOST + 1];
	_Alignas(message_t) char messages[];
} queue_t;

static posix_lock_t s_lock; /* protects the list, and who uses a queue */
static queue_t *s_queues;

/* ------------------------------------------------------------------------------------------------------- requests */

/* The queue's lock is held. Nobody is told of the next message. */
static request_t take_request(queue_t *queue)
{
	const request_t request = queue->request;
	queue->request = (request_t){};
	return request;
}

static void answer(const request_t *request, uint64_t what)
{
	if (!request->by)
		return;
	if (request->file) {
		(void)request->file->ops->write(request->file, &what, sizeof what);
		posix_file_put(request->file);
	} else if (what == ARRIVED && request->event.sigev_notify == AX_SIGEV_SIGNAL) {
		posix_signal_t signal = {
			.number = request->event.sigev_signo, .code = AX_SI_MESGQ, .from = (int)ax_sys_getpid(),
			.value = request->event.sigev_value,
		};
		(void)posix_signal_send(NULL, &ax_posix_self, &signal);
	}
}

/* 0, or what there is to say against it. */
static long request_of(const struct ax_sigevent *event, request_t *request)
{
	request->event = *event;
	switch (event->sigev_notify) {
	case AX_SIGEV_NONE:
		return 0;
	case AX_SIGEV_SIGNAL:
		return posix_is_signal(event->sigev_signo) ? 0 : -AX_ERR_INVALID_INPUT;
	case AX_SIGEV_THREAD:
		request->file = posix_file_get(event->sigev_signo);
		if (request->file && request->file->ops->write)
			return 0;
		if (request->file)
			posix_file_put(request->file);
		return -AX_ERR_BAD_HANDLE;
	default:
		return -AX_ERR_INVALID_INPUT;
	}
}

/* ---------------------------------------------------------------------------------------------------- an open file */

/* The queue's lock is held. */
static unsigned events_now(const queue_t *queue)
{
	return (queue->count ? AX_POLLIN | AX_POLLRDNORM : 0) | (queue->count < queue->most ? AX_POLLOUT | AX_POLLWRNORM : 0);
}

static unsigned queue_events(posix_file_t *file)
{
	queue_t *queue = file->object;
	POSIX_LOCK(&queue->lock);
	return events_now(queue);
}

static long queue_stat(posix_file_t *file, struct ax_stat *stat)
{
	const queue_t *queue = file->object;
	*stat = (struct ax_stat){
		.st_ino = (uintptr_t)queue, .st_nlink = queue->named, .st_mode = AX_S_IFREG | queue->mode, .st_blksize = 4096,
	};
	return 0;
}

static void leave(queue_t *queue)
{
	posix_lock(&s_lock);
	const bool last = !--queue->users;
	posix_unlock(&s_lock);
	if (last)
		axalloc_free(queue);
}

static void queue_release(posix_file_t *file)
{
	queue_t *queue = file->object;
	posix_lock(&queue->lock);
	const request_t request = queue->request.by == file ? take_request(queue) : (request_t){};
	posix_unlock(&queue->lock);
	answer(&request, WITHDRAWN);
	leave(queue);
}

static const posix_file_ops_t s_queue_ops = { .stat = queue_stat, .events = queue_events, .release = queue_release };

/* The queue of a file that is open for more than @p other alone, or NULL. */
static queue_t *queue_of(const posix_file_t *file, int other)
{
	return file && file->ops == &s_queue_ops && (file->flags & AX_O_ACCMODE) != other ? file->object : NULL;
}

/* ------------------------------------------------------------------------------------------------------------ names */

static long check_name(const char *name)
{
	const size_t length = strnlen(name, NAME_MOST + 1);
	if (length > NAME_MOST)
		return -AX_ERR_NAME_TOO_LONG;
	if (strchr(name, '/'))
		return -AX_ERR_ACCESS_DENIED;
	return length ? 0 : -AX_ERR_INVALID_INPUT;
}

/* The list's lock is held. Where the queue of this name hangs, or the end of the list. @p count: of queues before it */
static queue_t **find(const char *name, unsigned *count)
{
	queue_t **link = &s_queues;
	for (*count = 0; *link && strcmp((*link)->name, name) != 0; link = &(*link)->next)
		++*count;
	return link;
}

/* The list's lock is held. */
static void take_name(queue_t **link)
{
	queue_t *queue = *link;
	*link = queue->next;
	queue->named = false;
}

/* Without a name, used by the caller. A NULL @p wanted: as it comes. */
static long make(const char *name, unsigned mode, const struct ax_mq_attr *wanted, queue_t **made)
{
	const struct ax_mq_attr usual = { .maxmsg = MESSAGES_DEFAULT, .msgsize = MESSAGE_BYTES_DEFAULT };
	const struct ax_mq_attr *is = wanted ? wanted : &usual;
	if (is->maxmsg < 1 || is->maxmsg > MESSAGES_MOST || is->msgsize < 1 || is->msgsize > MESSAGE_BYTES_MOST)
		return -AX_ERR_INVALID_INPUT;
	const size_t stride = align_up(sizeof(message_t) + (size_t)is->msgsize, _Alignof(message_t));
	queue_t *queue = axalloc_alloc(sizeof *queue + (size_t)is->maxmsg * stride, 0);
	if (!queue)
		return -AX_ERR_NO_SPACE;
	*queue = (queue_t){ .users = 1, .mode = mode & 0777, .most = is->maxmsg, .message_bytes = is->msgsize };
	memcpy(queue->name, name, strnlen(name, NAME_MOST));
	for (long i = is->maxmsg; i-- > 0;) {
		message_t *message = (message_t *)(queue->messages + (size_t)i * stride);
		message->next = queue->free;
		queue->free = message;
	}
	*made = queue;
	return 0;
}

/* The queue of this name, used by the caller, and whether it was made. */
static long find_or_make(const char *name, int flags, unsigned mode, const struct ax_mq_attr *wanted, queue_t **queue, bool *made)
{
	unsigned count;
	POSIX_LOCK(&s_lock);
	queue_t **link = find(name, &count);
	*made = !*link;
	*queue = *link;
	if (*link && (flags & AX_O_CREAT) && (flags & AX_O_EXCL))
		return -AX_ERR_ALREADY_EXISTS;
	if (*link) {
		(*link)->users++;
		return 0;
	}
	if (!(flags & AX_O_CREAT))
		return -AX_ERR_NOT_FOUND;
	if (count == QUEUES_MOST)
		return -AX_ERR_NO_SPACE;
	const long error = make(name, mode, wanted, queue);
	if (!error) {
		(*queue)->users++;
		(*queue)->named = true;
		*link = *queue;
	}
	return error;
}

/* A descriptor that takes over the caller's use of the queue, on an error too. */
static long open_queue(queue_t *queue, int flags)
{
	posix_file_t *file = posix_file_new(&s_queue_ops, flags & (AX_O_ACCMODE | AX_O_NONBLOCK));
	if (!file) {
		leave(queue);
		return -AX_ERR_NO_MEMORY;
	}
	file->object = queue;
	file->readiness = &queue->readiness;
	return posix_descriptor_install(file, 0, flags);
}

/* @p only: this one, or it is not found; NULL: any */
static long unlink_queue(const char *name, const queue_t *only)
{
	unsigned count;
	posix_lock(&s_lock);
	queue_t **link = find(name, &count), *queue = *link;
	const bool found = queue && (!only || queue == only);
	if (found)
		take_name(link);
	posix_unlock(&s_lock);
	if (!found)
		return -AX_ERR_NOT_FOUND;
	leave(queue);
	return 0;
}

long ax_sys_mq_open(const char *name, int flags, unsigned mode, const struct ax_mq_attr *attributes)
{
	POSIX_CALL();
	queue_t *queue;
	bool made;
	if ((flags & AX_O_ACCMODE) == AX_O_ACCMODE)
		return -AX_ERR_INVALID_INPUT;
	const long error = check_name(name);
	long result = error ? error : find_or_make(name, flags, mode, attributes, &queue, &made);
	if (result)
		return result;
	result = open_queue(queue, flags);
	if (result < 0 && made)
		(void)unlink_queue(name, queue);
	return result;
}

long ax_sys_mq_unlink(const char *name)
{
	POSIX_CALL();
	const long error = check_name(name);
	return error == -AX_ERR_INVALID_INPUT ? -AX_ERR_NOT_FOUND : error ? error : unlink_queue(name, NULL);
}

/* --------------------------------------------------------------------------------------------------------- messages */

/* When a wait ends, of axhal_now_ns(); false: the time is none. The time of day is taken as it is now. */
static bool deadline_of(const struct ax_timespec *time, uint64_t *deadline_ns)
{
	*deadline_ns = UINT64_MAX;
	if (!time)
		return true;
	uint64_t ns;
	if (!posix_to_ns(time, &ns))
		return false;
	const uint64_t wall = ax_posix_wall_ns();
	*deadline_ns = posix_add_saturating(axhal_now_ns(), ns > wall ? ns - wall : 0);
	return true;
}

/* The queue's lock is held, but for the wait: until there is @p event. 0 or a negated errno. */
static long wait_for(posix_file_t *file, unsigned event, const struct ax_timespec *time)
{
	queue_t *queue = file->object;
	uint64_t deadline_ns;
	if (events_now(queue) & event)
		return 0;
	if (file->flags & AX_O_NONBLOCK)
		return -AX_ERR_WOULD_BLOCK;
	if (!deadline_of(time, &deadline_ns))
		return -AX_ERR_INVALID_INPUT;
	while (!(events_now(queue) & event)) {
		queue->receivers += event == AX_POLLIN;
		posix_unlock(&queue->lock);
		const ax_err_t error = posix_file_wait_once(file, event, deadline_ns);
		posix_lock(&queue->lock);
		queue->receivers -= event == AX_POLLIN;
		if (error == AX_ERR_TIMED_OUT && !(events_now(queue) & event))
			return -AX_ERR_TIMED_OUT;
		if (error != AX_ERR_INTERRUPTED)
			continue;
		posix_unlock(&queue->lock); /* handlers run, and may not return */
		const bool ends = ax_posix_wait_interrupted() == AX_POSIX_EINTR;
		posix_lock(&queue->lock);
		if (ends)
			return -AX_ERR_INTERRUPTED;
	}
	return 0;
}

/* Behind those of its priority and of higher ones. The lock is held, there is room. */
static void put(queue_t *queue, const char *data, size_t bytes, unsigned priority)
{
	message_t *message = queue->free, **link = &queue->first;
	queue->free = message->next;
	message->bytes = bytes;
	message->priority = priority;
	memcpy(message->data, data, bytes);
	if (queue->count && queue->last->priority >= priority)
		link = &queue->last->next;
	else
		while (queue->count && (*link)->priority >= priority)
			link = &(*link)->next;
	const bool is_last = !queue->count || link == &queue->last->next;
	message->next = is_last ? NULL : *link;
	*link = message;
	if (is_last)
		queue->last = message;
	queue->count++;
}

/* The lock is held, there is one. */
static long take(queue_t *queue, char *data, unsigned *priority)
{
	message_t *message = queue->first;
	queue->first = message->next;
	queue->count--;
	memcpy(data, message->data, message->bytes);
	if (priority)
		*priority = message->priority;
	message->next = queue->free;
	queue->free = message;
	return (long)message->bytes;
}

long ax_sys_mq_timedsend(int fd, const char *data, size_t bytes, unsigned priority, const struct ax_timespec *time)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	queue_t *queue = queue_of(file, AX_O_RDONLY);
	if (!queue)
		return -AX_ERR_BAD_HANDLE;
	if (priority >= PRIORITIES)
		return -AX_ERR_INVALID_INPUT;
	if (bytes > (size_t)queue->message_bytes)
		return -AX_ERR_MESSAGE_TOO_LONG;
	request_t request = {};
	posix_lock(&queue->lock);
	const long error = wait_for(file, AX_POLLOUT, time);
	if (!error) {
		if (!queue->count && !queue->receivers)
			request = take_request(queue);
		put(queue, data, bytes, priority);
	}
	posix_unlock(&queue->lock);
	if (!error)
		posix_readiness_notify(&queue->readiness, AX_POLLIN | AX_POLLRDNORM);
	answer(&request, ARRIVED);
	return error;
}

long ax_sys_mq_timedreceive(int fd, char *data, size_t bytes, unsigned *priority, const struct ax_timespec *time)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	queue_t *queue = queue_of(file, AX_O_WRONLY);
	if (!queue)
		return -AX_ERR_BAD_HANDLE;
	if (bytes < (size_t)queue->message_bytes)
		return -AX_ERR_MESSAGE_TOO_LONG;
	posix_lock(&queue->lock);
	long result = wait_for(file, AX_POLLIN, time);
	if (!result)
		result = take(queue, data, priority);
	posix_unlock(&queue->lock);
	if (result >= 0)
		posix_readiness_notify(&queue->readiness, AX_POLLOUT | AX_POLLWRNORM);
	return result;
}

long ax_sys_mq_getsetattr(int fd, const struct ax_mq_attr *attributes, struct ax_mq_attr *old)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	queue_t *queue = queue_of(file, AX_O_ACCMODE);
	if (!queue)
		return -AX_ERR_BAD_HANDLE;
	POSIX_LOCK(&queue->lock);
	if (old)
		*old = (struct ax_mq_attr){
			.flags = file->flags & AX_O_NONBLOCK, .maxmsg = queue->most, .msgsize = queue->message_bytes,
			.curmsgs = queue->count,
		};
	if (attributes)
		file->flags = (file->flags & ~AX_O_NONBLOCK) | ((int)attributes->flags & AX_O_NONBLOCK);
	return 0;
}

/* AX_SIGEV_THREAD is the C library's matter: `sigev_signo` is the descriptor of an eventfd that is written to. */
long ax_sys_mq_notify(int fd, const struct ax_sigevent *event)
{
	POSIX_CALL();
	POSIX_FILE(file, fd);
	queue_t *queue = queue_of(file, AX_O_ACCMODE);
	if (!queue)
		return -AX_ERR_BAD_HANDLE;
	request_t request = { .by = file };
	long error = event ? request_of(event, &request) : 0;
	if (error)
		return error;
	request_t withdrawn = {};
	posix_lock(&queue->lock);
	if (!event)
		withdrawn = take_request(queue);
	else if (queue->request.by)
		error = -AX_ERR_BUSY;
	else
		queue->request = request;
	posix_unlock(&queue->lock);
	answer(&withdrawn, WITHDRAWN);
	if (error && request.file)
		posix_file_put(request.file);
	return error;
}
