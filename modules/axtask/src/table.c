/* SPDX-License-Identifier: Apache-2.0 */
/* Every living thread: names, numbers, and whose guard page an address lies in. */
#include "thread.h"

#include <axconfig/axconfig.h>
#include <axhal/mem.h>
#include <axhal/tls.h>
#include <axhal/trap.h>
#include <axalloc/axalloc.h>
#include <axtask/tcb.h>
#include <format/format.h>
#include <kernel_guard/kernel_guard.h>
#include <panic/panic.h>

static list_t s_threads; /* this and what follows: interrupts masked */
static size_t s_count, s_living;
static uint64_t s_last_id;
static ax_thread_t s_main;

size_t axtask_count(void)
{
	return s_count;
}

size_t axtask_living(void)
{
	return s_living;
}

void axtask_table_ended(void)
{
	s_living--;
}

void axtask_table_add(ax_thread_t *thread, const char *name)
{
	{
		IRQ_GUARD();
		thread->id = ++s_last_id;
		list_push_back(&s_threads, &thread->table_node);
		s_count++;
		s_living++;
	}
	size_t length = 0;
	while (name && name[length] && length < AXTASK_NAME_BYTES - 1) {
		thread->name[length] = name[length];
		length++;
	}
	thread->name[length] = '\0';
}

void axtask_table_remove(ax_thread_t *thread)
{
	IRQ_GUARD();
	list_remove(&thread->table_node);
	s_count--;
}

/* For a fault's report: what the page at @p vaddr guards. */
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
	axtask_run_queue_init(&s_main);
	axtask_timer_init();
	axhal_set_guard_name(guard_name);
}
