/* SPDX-License-Identifier: Apache-2.0 */
/* Every living thread: names, numbers, and whose guard page an address lies in. */
#include "cpu.h"

#include <axconfig/axconfig.h>
#include <axhal/mem.h>
#include <axhal/tls.h>
#include <axhal/trap.h>
#include <axalloc/axalloc.h>
#include <axtask/tcb.h>
#include <format/format.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

static irq_spinlock_t s_lock = IRQ_SPINLOCK_INIT; /* protects what follows */
static list_t s_threads;
static size_t s_count, s_living;
static uint64_t s_last_id;

static ax_thread_t s_main;

size_t axtask_count(void)
{
	SPIN_GUARD_IRQ(&s_lock);
	return s_count;
}

size_t axtask_living(void)
{
	SPIN_GUARD_IRQ(&s_lock);
	return s_living;
}

size_t axtask_table_ended(void)
{
	SPIN_GUARD_IRQ(&s_lock);
	return --s_living;
}

static void rename(ax_thread_t *thread, const char *name)
{
	size_t length = 0;
	while (name && name[length] && length < AXTASK_NAME_BYTES - 1) {
		thread->name[length] = name[length];
		length++;
	}
	thread->name[length] = '\0';
}

void axtask_table_add(ax_thread_t *thread, const char *name)
{
	{
		SPIN_GUARD_IRQ(&s_lock);
		thread->id = ++s_last_id;
		list_push_back(&s_threads, &thread->table_node);
		s_count++;
		s_living++;
	}
	rename(thread, name);
}

void axtask_set_name(const char *name)
{
	rename(axtask_current(), name);
}

void axtask_table_remove(ax_thread_t *thread)
{
	SPIN_GUARD_IRQ(&s_lock);
	list_remove(&thread->table_node);
	s_count--;
}

void axtask_each(bool (*visit)(ax_thread_t *thread, void *argument), void *argument)
{
	SPIN_GUARD_IRQ(&s_lock);
	list_for_each(node, &s_threads) {
		if (!visit(list_entry(node, ax_thread_t, table_node), argument))
			return;
	}
}

/* For a fault's report, without the lock, whoever holds it: what the page at @p vaddr guards. */
static const char *guard_name(vaddr_t vaddr)
{
	static char s_text[48];
	list_for_each(node, &s_threads) {
		ax_thread_t *thread = list_entry(node, ax_thread_t, table_node);
		if (thread->stack_start && vaddr < thread->stack_start && vaddr >= thread->stack_start - PAGE_SIZE) {
			format_snprintf(s_text, sizeof s_text, "the stack of thread %llu \"%s\"",
					(unsigned long long)thread->id, thread->name);
			return s_text;
		}
	}
	return NULL;
}

/* The boot thread keeps its stack; its thread-local storage is never given back. */
static void init_main_tls(void)
{
#if AXTASK_FEATURE_TLS
#if AXTASK_FEATURE_TCB
	size_t tcb_bytes = axtask_tcb_bytes;
#else
	size_t tcb_bytes = sizeof(void *);
#endif
	size_t area_bytes = axhal_tls_area_bytes(tcb_bytes);
	void *area = (void *)axalloc_pages(pages_for(area_bytes), PAGE_SIZE);
	if (!area)
		PANIC("no memory for the thread-local storage of main");
	uintptr_t thread_pointer = axhal_tls_init_area(area, tcb_bytes);
#if AXTASK_FEATURE_TCB
	axtask_tcb_init((void *)thread_pointer, &s_main);
#endif
	axhal_tls_set(thread_pointer);
	axhal_context_adopt(&s_main.context, thread_pointer);
#else
	axhal_context_adopt(&s_main.context, 0);
#endif
}

void axtask_init(void)
{
	list_init(&s_threads);
	axtask_table_add(&s_main, "main");
	init_main_tls();
	axtask_resource_alloc(&s_main);
	axtask_resource_begin(&s_main, NULL);
	sched_entity_init(&s_main.sched);
	axtask_smp_init_thread(&s_main.smp, UINT64_MAX);
	axtask_smp_set_on_cpu(&s_main.smp);
	axtask_run_queue_init();
	percpu_set(axtask_running, &s_main);
	axtask_timer_init();
	axhal_set_guard_name(guard_name);
	axtask_smp_start();
}
