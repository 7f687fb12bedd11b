/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asynchronous I/O (POSIX.1-2017, XSH 2.8). What reads from a descriptor is done in order by one thread, what writes to it
 * (and synchronizes it) by another, which live as long as there is something to do: so appending keeps its order, and
 * aio_fsync() comes after what was asked for before it. Each request has a descriptor of its own, so that close() in the
 * meantime is as if it came afterwards.
 *
 * A request is made known by a mark in its control block, which aio_return() takes away: what was never submitted, or is
 * done with, is EINVAL.
 */
#include "axlibc_threads.h"
#include "axlibc_wait.h"

#pragma GCC visibility push(default)
#include <aio.h>
#pragma GCC visibility pop
#include <axhal/time.h>
#include <axtask/wait_queue.h>
#include <fcntl.h>
#include <posix_api/syscalls.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	SYNC = 3, DATA_SYNC = 4, /* beside LIO_READ, LIO_WRITE, LIO_NOP */
	LOWEST_DESCRIPTOR = 512, /* of requests: the program's are low */
	PROCESS = 1,
};

/* Requests of one lio_listio(), and one more for the call until it has made them all. */
typedef struct list {
	unsigned left;
	struct sigevent event;
} list_t;

typedef struct request {
	struct request *next;
	struct aiocb *block;
	list_t *list; /* NULL: of none */
	int fd, operation;
} request_t;

typedef struct queue {
	struct queue *next;
	int fd; /* the program's */
	bool writes;
	request_t *first, *last;
	const struct aiocb *running; /* of the request that is being done, until its completion has been told */
} queue_t;

static ax_wait_queue_t s_done; /* who waits for requests to be done; its lock protects all of this */
static queue_t *s_queues;

static int fail(int error)
{
	errno = error;
	return -1;
}

/* ------------------------------------------------------------------------------------------------ control blocks */

static void *mark_of(const struct aiocb *block)
{
	return (void *)((uintptr_t)block ^ UINT64_C(0x6173796e63696f21));
}

static bool is_submitted(const struct aiocb *block)
{
	return block->__next == mark_of(block);
}

static int state_of(const struct aiocb *block)
{
	return __atomic_load_n(&block->__err, __ATOMIC_ACQUIRE);
}

static void set_state(struct aiocb *block, ssize_t result, int error)
{
	block->__next = mark_of(block);
	block->__ret = result;
	__atomic_store_n(&block->__err, error, __ATOMIC_RELEASE);
}

/* ------------------------------------------------------------------------------------------------------ completion */

static void *call_function(void *argument)
{
	const struct sigevent event = *(struct sigevent *)argument;
	free(argument);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

static void start_function(const struct sigevent *event)
{
	pthread_attr_t attributes, *given = event->sigev_notify_attributes;
	pthread_t thread;
	struct sigevent *copy = malloc(sizeof *copy);
	if (!copy)
		return;
	*copy = *event;
	pthread_attr_init(&attributes);
	if (given)
		attributes = *given;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attributes, call_function, copy) != 0)
		free(copy);
}

/* Nobody is left to tell that there was no memory for it. */
static void tell(const struct sigevent *event)
{
	if (event->sigev_notify == SIGEV_THREAD)
		start_function(event);
	if (event->sigev_notify != SIGEV_SIGNAL)
		return;
	const struct ax_siginfo info = {
		.si_signo = event->sigev_signo, .si_code = SI_ASYNCIO, .sender = PROCESS,
		.value = (uintptr_t)event->sigev_value.sival_ptr,
	};
	(void)ax_sys_rt_sigqueueinfo(PROCESS, event->sigev_signo, &info);
}

/* One less of the list: the last one tells. */
static void leave_list(list_t *list)
{
	irq_state_t state = ax_wait_queue_lock(&s_done);
	const unsigned left = --list->left;
	ax_wait_queue_wake_all(&s_done);
	ax_wait_queue_unlock(&s_done, state);
	if (left)
		return;
	tell(&list->event);
	free(list);
}

/* From the moment its state says so the control block may be gone. Who waits for it has the signal before. */
static void finish(request_t *request, ssize_t result, int error)
{
	const struct sigevent event = request->block->aio_sigevent;
	close(request->fd);
	set_state(request->block, result, error);
	tell(&event);
	if (request->list)
		leave_list(request->list);
	free(request);
}

/* -------------------------------------------------------------------------------------------------------- workers */

static ssize_t transfer(const request_t *request)
{
	const struct aiocb *block = request->block;
	void *buffer = (void *)(uintptr_t)block->aio_buf;
	ssize_t result;
	if (request->operation == LIO_READ) {
		result = pread(request->fd, buffer, block->aio_nbytes, block->aio_offset);
		return result < 0 && errno == ESPIPE ? read(request->fd, buffer, block->aio_nbytes) : result;
	}
	if (fcntl(request->fd, F_GETFL) & O_APPEND)
		return write(request->fd, buffer, block->aio_nbytes);
	result = pwrite(request->fd, buffer, block->aio_nbytes, block->aio_offset);
	return result < 0 && errno == ESPIPE ? write(request->fd, buffer, block->aio_nbytes) : result;
}

static void perform(request_t *request)
{
	ssize_t result;
	if (request->operation == SYNC)
		result = fsync(request->fd);
	else if (request->operation == DATA_SYNC)
		result = fdatasync(request->fd);
	else
		result = transfer(request);
	finish(request, result, result < 0 ? errno : 0);
}

/* Lock held. */
static void remove_queue(queue_t *queue)
{
	queue_t **link = &s_queues;
	while (*link != queue)
		link = &(*link)->next;
	*link = queue->next;
}

static request_t *next_request(queue_t *queue)
{
	irq_state_t state = ax_wait_queue_lock(&s_done);
	request_t *request = queue->first;
	queue->running = request ? request->block : NULL;
	if (request)
		queue->first = request->next;
	else
		remove_queue(queue);
	ax_wait_queue_wake_all(&s_done); /* the one before is done */
	ax_wait_queue_unlock(&s_done, state);
	return request;
}

static void *work(void *argument)
{
	queue_t *queue = argument;
	request_t *request;
	while ((request = next_request(queue)))
		perform(request);
	free(queue);
	return NULL;
}

/* With all signals blocked: they are the program's. */
static int start_worker(queue_t *queue)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	const int error = pthread_create(&thread, &attributes, work, queue);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

/* ----------------------------------------------------------------------------------------------------- submission */

/* What is wrong with the request, as far as can be told at once. */
static int check(const struct aiocb *block, int operation)
{
	const int flags = fcntl(block->aio_fildes, F_GETFL);
	if (flags < 0)
		return EBADF;
	if (operation == SYNC || operation == DATA_SYNC)
		return (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
	if ((flags & O_ACCMODE) == (operation == LIO_READ ? O_WRONLY : O_RDONLY))
		return EBADF;
	return !block->aio_buf || block->aio_reqprio < 0 || block->aio_offset < 0 ? EINVAL : 0;
}

/* Lock held. The queue it belongs to; @p fresh becomes it if there is none. */
static queue_t *enqueue(request_t *request, queue_t *fresh)
{
	queue_t *queue = s_queues;
	while (queue && (queue->fd != fresh->fd || queue->writes != fresh->writes))
		queue = queue->next;
	if (!queue) {
		queue = fresh;
		queue->next = s_queues;
		s_queues = queue;
	}
	if (queue->first)
		queue->last->next = request;
	else
		queue->first = request;
	queue->last = request;
	return queue;
}

/* The worker could not be made: all that the queue has got meanwhile fails. */
static void give_up(queue_t *queue)
{
	request_t *request;
	while ((request = next_request(queue)))
		finish(request, -1, EAGAIN);
	free(queue);
}

/* High, if the limit is not too low for that. */
static int duplicate(int fd)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_DESCRIPTOR);
	return copy < 0 && errno == EINVAL ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : copy;
}

/* 0, or an error: then nothing was submitted. */
static int submit(struct aiocb *block, int operation, list_t *list)
{
	const int error = check(block, operation);
	if (error)
		return error;
	request_t *request = malloc(sizeof *request);
	queue_t *fresh = malloc(sizeof *fresh);
	const int fd = request && fresh ? duplicate(block->aio_fildes) : -1;
	if (fd < 0) {
		free(request);
		free(fresh);
		return EAGAIN;
	}
	*request = (request_t){ .block = block, .list = list, .fd = fd, .operation = operation };
	*fresh = (queue_t){ .fd = block->aio_fildes, .writes = operation != LIO_READ };
	set_state(block, 0, EINPROGRESS);
	irq_state_t state = ax_wait_queue_lock(&s_done);
	if (list)
		list->left++;
	const bool is_new = enqueue(request, fresh) == fresh;
	ax_wait_queue_unlock(&s_done, state);
	if (!is_new)
		free(fresh);
	else if (start_worker(fresh) != 0)
		give_up(fresh);
	return 0;
}

static int submit_alone(struct aiocb *block, int operation)
{
	const int error = submit(block, operation, NULL);
	return error ? fail(error) : 0;
}

int aio_read(struct aiocb *block)
{
	return submit_alone(block, LIO_READ);
}

int aio_write(struct aiocb *block)
{
	return submit_alone(block, LIO_WRITE);
}

int aio_fsync(int operation, struct aiocb *block)
{
	if (operation != O_SYNC && operation != O_DSYNC)
		return fail(EINVAL);
	return submit_alone(block, operation == O_SYNC ? SYNC : DATA_SYNC);
}

int aio_error(const struct aiocb *block)
{
	return is_submitted(block) ? state_of(block) : fail(EINVAL);
}

ssize_t aio_return(struct aiocb *block)
{
	if (!is_submitted(block) || state_of(block) == EINPROGRESS)
		return fail(EINVAL);
	block->__next = NULL;
	return block->__ret;
}

/* --------------------------------------------------------------------------------------------------- cancellation */

/* Lock held. Takes the waiting requests of @p block, or all, out of the queue; they go in front of @p taken. */
static request_t *take_requests(queue_t *queue, const struct aiocb *block, request_t *taken)
{
	request_t **link = &queue->first;
	queue->last = NULL;
	while (*link) {
		request_t *request = *link;
		if (block && request->block != block) {
			queue->last = request;
			link = &request->next;
			continue;
		}
		*link = request->next;
		request->next = taken;
		taken = request;
	}
	return taken;
}

/* What is being done is left to its end. */
int aio_cancel(int fd, struct aiocb *block)
{
	if (fcntl(fd, F_GETFD) < 0)
		return fail(EBADF);
	request_t *taken = NULL;
	bool running = false;
	irq_state_t state = ax_wait_queue_lock(&s_done);
	for (queue_t *queue = s_queues; queue; queue = queue->next) {
		if (queue->fd != fd)
			continue;
		taken = take_requests(queue, block, taken);
		running |= queue->running && (!block || queue->running == block);
	}
	ax_wait_queue_unlock(&s_done, state);
	const int result = running ? AIO_NOTCANCELED : taken ? AIO_CANCELED : AIO_ALLDONE;
	while (taken) {
		request_t *request = taken;
		taken = request->next;
		finish(request, -1, ECANCELED);
	}
	state = ax_wait_queue_lock(&s_done);
	ax_wait_queue_wake_all(&s_done);
	ax_wait_queue_unlock(&s_done, state);
	return result;
}

/* -------------------------------------------------------------------------------------------------------- waiting */

/*
 * Sleep until until(argument), which is called with the lock held. 0, EAGAIN: the deadline passed, or EINTR: a handler
 * without SA_RESTART has run, or the caller is to be cancelled.
 */
static int wait_for(bool (*until)(const void *argument), const void *argument, uint64_t deadline_ns)
{
	int result = 0;
	ax_posix_wait_begin();
	irq_state_t state = ax_wait_queue_lock(&s_done);
	while (!until(argument) && !result) {
		ax_err_t error = AX_ERR_INTERRUPTED;
		if (!ax_posix_cancel_is_due())
			error = ax_wait_queue_sleep_interruptible(&s_done, deadline_ns);
		if (error == AX_ERR_TIMED_OUT && !until(argument))
			result = EAGAIN;
		if (error != AX_ERR_INTERRUPTED)
			continue;
		ax_wait_queue_unlock(&s_done, state);
		const ax_posix_interruption_t how = ax_posix_wait_interrupted();
		state = ax_wait_queue_lock(&s_done);
		if (how == AX_POSIX_EINTR && !until(argument))
			result = EINTR;
	}
	ax_wait_queue_unlock(&s_done, state);
	ax_posix_wait_end();
	if (result == EINTR)
		(void)axlibc_test_cancel();
	return result;
}

typedef struct choice {
	const struct aiocb *const *blocks;
	int count;
} choice_t;

static bool is_done(const struct aiocb *block)
{
	if (is_submitted(block) && state_of(block) == EINPROGRESS)
		return false;
	for (const queue_t *queue = s_queues; queue; queue = queue->next)
		if (queue->running == block)
			return false;
	return true;
}

static bool any_is_done(const void *argument)
{
	const choice_t *choice = argument;
	for (int i = 0; i < choice->count; i++)
		if (choice->blocks[i] && is_done(choice->blocks[i]))
			return true;
	return false;
}

int aio_suspend(const struct aiocb *const blocks[], int count, const struct timespec *timeout)
{
	const choice_t choice = { blocks, count };
	uint64_t deadline_ns = AXTASK_FOREVER, span_ns;
	if (count < 0)
		return fail(EINVAL);
	if (timeout) {
		if (timeout->tv_nsec < 0 || timeout->tv_nsec >= (long)AX_NS_PER_SEC || timeout->tv_sec < 0)
			return fail(EINVAL);
		if (!__builtin_mul_overflow((uint64_t)timeout->tv_sec, AX_NS_PER_SEC, &span_ns) &&
		    !__builtin_add_overflow(span_ns, axhal_now_ns() + (uint64_t)timeout->tv_nsec, &span_ns))
			deadline_ns = span_ns;
	}
	pthread_testcancel();
	const int error = wait_for(any_is_done, &choice, deadline_ns);
	return error ? fail(error) : 0;
}

static bool list_is_done(const void *argument)
{
	return ((const list_t *)argument)->left == 1;
}

static bool all_succeeded(struct aiocb *restrict const *blocks, int count)
{
	for (int i = 0; i < count; i++)
		if (blocks[i] && blocks[i]->aio_lio_opcode != LIO_NOP && state_of(blocks[i]) != 0)
			return false;
	return true;
}

/* All of them are submitted that can be. @return 0, EIO: one had no operation that there is, or EAGAIN: no room for one */
static int submit_all(struct aiocb *restrict const *blocks, int count, list_t *list)
{
	int result = 0;
	for (int i = 0; i < count; i++) {
		if (!blocks[i] || blocks[i]->aio_lio_opcode == LIO_NOP)
			continue;
		const int operation = blocks[i]->aio_lio_opcode;
		const bool known = operation == LIO_READ || operation == LIO_WRITE;
		const int error = known ? submit(blocks[i], operation, list) : EINVAL;
		if (error)
			set_state(blocks[i], -1, error);
		if (!known || (error == EAGAIN && !result))
			result = known ? EAGAIN : EIO;
	}
	return result;
}

int lio_listio(int mode, struct aiocb *restrict const *restrict blocks, int count, struct sigevent *restrict event)
{
	if ((mode != LIO_WAIT && mode != LIO_NOWAIT) || count < 0)
		return fail(EINVAL);
	list_t *list = malloc(sizeof *list);
	if (!list)
		return fail(EAGAIN);
	*list = (list_t){ .left = 1, .event = { .sigev_notify = SIGEV_NONE } };
	if (mode == LIO_NOWAIT && event)
		list->event = *event;
	int error = submit_all(blocks, count, list);
	if (mode == LIO_WAIT) {
		const int waited = wait_for(list_is_done, list, AXTASK_FOREVER);
		if (waited)
			error = waited;
		else if (!error && !all_succeeded(blocks, count))
			error = EIO;
	}
	leave_list(list);
	return error ? fail(error) : 0;
}
