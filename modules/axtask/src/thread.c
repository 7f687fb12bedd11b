/* SPDX-License-Identifier: Apache-2.0 */
/* A thread's life: creation, entry, exit, join. */
#include "thread.h"

#include <axconfig/axconfig.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

ax_err_t axtask_spawn(const ax_thread_attr_t *attr, void *(*entry)(void *argument), void *argument,
		      ax_thread_t **thread)
{
	static const ax_thread_attr_t s_default;
	if (!attr)
		attr = &s_default;
	if (!entry || (!thread && !attr->detached))
		return AX_ERR_INVALID_INPUT;
	size_t stack_bytes = attr->stack_bytes ? attr->stack_bytes : AX_CONFIG_STACK_BYTES;
	if (stack_bytes > SIZE_MAX / 2)
		return AX_ERR_NO_MEMORY;
	ax_thread_t *created = axtask_block_alloc(align_up(stack_bytes, PAGE_SIZE));
	if (!created)
		return AX_ERR_NO_MEMORY;
	created->entry = entry;
	created->argument = argument;
	created->detached = attr->detached;
	sched_entity_init(&created->sched);
	axtask_table_add(created, attr->name);
	if (thread)
		*thread = created;
	IRQ_GUARD();
	axtask_make_runnable(created);
	return AX_OK;
}

/* The first function of every thread; interrupts are masked by who switched to it. */
void axtask_trampoline(void *thread)
{
	ax_thread_t *self = thread;
	axtask_finish_switch();
	preempt_count_restore(0);
	irq_enable();
	axtask_exit(self->entry(self->argument));
}

void axtask_exit(void *result)
{
	ax_thread_t *self = axtask_current();
	irq_state_t state = ax_wait_queue_lock(&self->joiners);
	(void)state; /* never restored: the thread ends with interrupts masked */
	self->result = result;
	self->state = AXTASK_ENDED;
	ax_wait_queue_wake_all(&self->joiners);
	axtask_end_current();
}

ax_err_t axtask_join(ax_thread_t *thread, void **result)
{
	if (thread == axtask_current())
		return AX_ERR_DEADLOCK;
	irq_state_t state = ax_wait_queue_lock(&thread->joiners);
	if (thread->detached || thread->joining) {
		ax_wait_queue_unlock(&thread->joiners, state);
		return AX_ERR_INVALID_INPUT;
	}
	thread->joining = true;
	ax_err_t error = AX_OK;
	while (thread->state != AXTASK_ENDED && error == AX_OK)
		error = ax_wait_queue_sleep(&thread->joiners, AXTASK_FOREVER);
	ax_wait_queue_unlock(&thread->joiners, state);
	if (result)
		*result = thread->result;
	axtask_release(thread);
	return error;
}

ax_err_t axtask_detach(ax_thread_t *thread)
{
	irq_state_t state = ax_wait_queue_lock(&thread->joiners);
	bool refused = thread->detached || thread->joining;
	bool ended = thread->state == AXTASK_ENDED;
	if (!refused)
		thread->detached = true;
	ax_wait_queue_unlock(&thread->joiners, state);
	if (refused)
		return AX_ERR_INVALID_INPUT;
	if (ended)
		axtask_release(thread);
	return AX_OK;
}

void axtask_release(ax_thread_t *thread)
{
	axtask_table_remove(thread);
	axtask_block_free(thread);
}

void *axtask_resource(const ax_thread_t *thread)
{
	return thread->resource;
}

void axtask_set_resource(ax_thread_t *thread, void *resource)
{
	thread->resource = resource;
}

uint64_t axtask_id(const ax_thread_t *thread)
{
	return thread->id;
}

const char *axtask_name(const ax_thread_t *thread)
{
	return thread->name;
}

void axtask_stack(const ax_thread_t *thread, void **start, size_t *bytes)
{
	*start = (void *)thread->stack_start;
	*bytes = thread->stack_bytes;
}
