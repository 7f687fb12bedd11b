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
	if (attr->level >= AXTASK_LEVELS || (attr->unsliced && !attr->level))
		return AX_ERR_OUT_OF_RANGE;
	size_t stack_bytes = attr->stack_bytes ? attr->stack_bytes : AX_CONFIG_STACK_BYTES;
	if (stack_bytes > SIZE_MAX / 2)
		return AX_ERR_NO_MEMORY;
	axtask_block_trim();
	const uintptr_t stack = (uintptr_t)attr->stack;
	ax_thread_t *created = stack ? axtask_block_alloc_beside(stack + stack_bytes, axtask_trampoline)
				     : axtask_block_alloc(align_up(stack_bytes, PAGE_SIZE), axtask_trampoline);
	if (!created)
		return AX_ERR_NO_MEMORY;
	if (attr->level) {
		ax_err_t never = sched_set_level(&created->sched, attr->level, !attr->unsliced);
		(void)never; /* the level is one */
		axtask_inherit_set_level(created, attr->level);
	}
	axtask_smp_init_thread(&created->smp, axtask_affinity(axtask_current()));
	created->entry = entry;
	created->argument = argument;
	created->detached = attr->detached;
	created->given_stack = attr->stack;
	created->given_bytes = attr->stack ? stack_bytes : 0;
	axtask_resource_begin(created, axtask_current());
	axtask_table_add(created, attr->name);
	if (thread)
		*thread = created;
	IRQ_PREEMPT_GUARD(); /* at its end one of a higher level preempts its creator */
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
	axtask_resource_leave();
	axtask_block_trim();
	irq_state_t state = ax_wait_queue_lock(&self->joiners);
	bool detached = self->detached;
	self->result = result;
	__atomic_store_n(&self->state, AXTASK_ENDED, __ATOMIC_RELEASE);
	ax_thread_t *joiner = ax_wait_queue_take_one(&self->joiners);
	(void)state; /* never restored: the thread ends with interrupts masked */
	ax_wait_queue_unlock_and_wake(&self->joiners, irq_save(), joiner);
	axtask_end_current(detached);
}

static ax_err_t join(ax_thread_t *thread, void **result, uint64_t deadline_ns, bool interruptible)
{
	if (thread == axtask_current())
		return AX_ERR_DEADLOCK;
	irq_state_t state = ax_wait_queue_lock(&thread->joiners);
	if (thread->detached || thread->joining) {
		ax_wait_queue_unlock(&thread->joiners, state);
		return AX_ERR_INVALID_INPUT;
	}
	ax_err_t error = AX_OK;
	while (thread->state != AXTASK_ENDED && error == AX_OK) {
		thread->joining = true;
		error = interruptible ? ax_wait_queue_sleep_interruptible(&thread->joiners, deadline_ns)
				      : ax_wait_queue_sleep(&thread->joiners, deadline_ns);
		thread->joining = false;
	}
	ax_wait_queue_unlock(&thread->joiners, state);
	if (error != AX_OK && thread->state != AXTASK_ENDED)
		return error;
	if (result)
		*result = thread->result;
	axtask_release(thread);
	axtask_block_trim();
	return AX_OK;
}

ax_err_t axtask_join(ax_thread_t *thread, void **result)
{
	return join(thread, result, AXTASK_FOREVER, false);
}

ax_err_t axtask_join_interruptible(ax_thread_t *thread, void **result, uint64_t deadline_ns)
{
	return join(thread, result, deadline_ns, true);
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

bool axtask_is_detached(const ax_thread_t *thread)
{
	return thread->detached;
}

/* Any context. */
void axtask_release(ax_thread_t *thread)
{
	axtask_smp_await_left(&thread->smp);
	axtask_inherit_end(thread);
	axtask_table_remove(thread);
	axtask_block_free(thread);
}

uint64_t axtask_affinity(const ax_thread_t *thread)
{
	return axtask_smp_affinity(&thread->smp);
}

ax_err_t axtask_set_affinity(ax_thread_t *thread, uint64_t cpus)
{
	if (!(cpus & axhal_cpus_online()))
		return AX_ERR_INVALID_INPUT;
	axtask_smp_set_affinity(thread, cpus);
	return AX_OK;
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
	*start = thread->given_stack ? thread->given_stack : (void *)thread->stack_start;
	*bytes = thread->given_stack ? thread->given_bytes : thread->stack_bytes;
}
