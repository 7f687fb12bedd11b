/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's pthread_create.c: the kernel creates threads (ulib/axlibc). Here is what needs the library's
 * inside: cleanup handlers, the switch from one thread to several, a thread's last steps. The pthread functions
 * here are for images without threads; with them axlibc's stand before these weak ones.
 */
#define _GNU_SOURCE
#include "libc.h"
#include "lock.h"
#include "pthread_impl.h"
#include "stdio_impl.h"
#include <musl_port.h>

static void nothing(void)
{
}
weak_alias(nothing, __acquire_ptc);
weak_alias(nothing, __release_ptc);
weak_alias(nothing, __pthread_tsd_run_dtors);
weak_alias(nothing, __do_orphaned_stdio_locks);
weak_alias(nothing, __tl_lock);
weak_alias(nothing, __tl_unlock);

static FILE *volatile no_file;
weak_alias(no_file, __stdin_used);
weak_alias(no_file, __stdout_used);
weak_alias(no_file, __stderr_used);

void __tl_sync(pthread_t thread)
{
}

void __do_cleanup_push(struct __ptcb *cb)
{
	struct pthread *self = __pthread_self();
	cb->__next = self->cancelbuf;
	self->cancelbuf = cb;
}

void __do_cleanup_pop(struct __ptcb *cb)
{
	__pthread_self()->cancelbuf = cb->__next;
}

void musl_port_run_cleanup_handlers(void)
{
	struct pthread *self = __pthread_self();

	self->canceldisable = 1;
	while (self->cancelbuf) {
		void (*function)(void *) = self->cancelbuf->__f;
		void *argument = self->cancelbuf->__x;
		self->cancelbuf = self->cancelbuf->__next;
		function(argument);
	}
}

void musl_port_thread_end(void)
{
	__do_orphaned_stdio_locks();
}

static void lock_from_now_on(FILE *file)
{
	if (file && file->lock < 0)
		file->lock = 0;
}

void musl_port_threads_begin(void)
{
	if (libc.threaded)
		return;
	for (FILE *file = *__ofl_lock(); file; file = file->next)
		lock_from_now_on(file);
	__ofl_unlock();
	lock_from_now_on(__stdin_used);
	lock_from_now_on(__stdout_used);
	lock_from_now_on(__stderr_used);
	libc.threads_minus_1 = 1;
	libc.need_locks = 1;
	libc.threaded = 1;
}

weak int __pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr, void *(*entry)(void *),
			  void *restrict argument)
{
	return ENOSYS;
}

weak _Noreturn void __pthread_exit(void *result)
{
	musl_port_run_cleanup_handlers();
	__pthread_tsd_run_dtors();
	exit(0);
}

weak_alias(__pthread_exit, pthread_exit);
weak_alias(__pthread_create, pthread_create);
