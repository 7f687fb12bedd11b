/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread's one allocation, from low to high addresses:
 *
 *	[ guard page | stack ........ | TLS block and TCB | struct ax_thread ]
 *
 * The guard page stands by feature `paging`, the TLS part by feature `tls`. Allocations of the default size are
 * kept when their thread ends, guard page in place, so that creating a thread makes no system call, touches no
 * page table and no allocator.
 */
#include "thread.h"

#include <axalloc/axalloc.h>
#include <axconfig/axconfig.h>
#include <axhal/paging.h>
#include <axhal/tls.h>
#include <axtask/tcb.h>
#include <memory_addr/memory_addr.h>
#include <panic/panic.h>

enum {
	KEPT_MAX = 256,
	GUARD_BYTES = AXTASK_FEATURE_PAGING ? 4096 : 0,
	OBJECT_BYTES = (sizeof(ax_thread_t) + 63) / 64 * 64,
	LEAST_STACK_BYTES = 4096,
};

static ax_thread_t *s_kept; /* linked by wait_next; interrupts masked */
static size_t s_kept_count;

static size_t tls_bytes(void)
{
#if AXTASK_FEATURE_TCB
	return axhal_tls_area_bytes(axtask_tcb_bytes);
#elif AXTASK_FEATURE_TLS
	return axhal_tls_area_bytes(sizeof(void *));
#else
	return 0;
#endif
}

static uintptr_t init_tls([[maybe_unused]] void *area, [[maybe_unused]] ax_thread_t *thread)
{
#if AXTASK_FEATURE_TCB
	uintptr_t thread_pointer = axhal_tls_init_area(area, axtask_tcb_bytes);
	axtask_tcb_init((void *)thread_pointer, thread);
	return thread_pointer;
#elif AXTASK_FEATURE_TLS
	return axhal_tls_init_area(area, sizeof(void *));
#else
	return 0;
#endif
}

/* Fresh pages with the guard in place; the object lies at their end. */
static ax_thread_t *new_block(size_t stack_bytes)
{
	size_t pages = (GUARD_BYTES + stack_bytes) / PAGE_SIZE;
	vaddr_t block = axalloc_pages(pages, PAGE_SIZE);
	if (!block)
		return NULL;
#if AXTASK_FEATURE_PAGING
	if (axhal_protect(block, GUARD_BYTES, AXHAL_ACCESS_NONE) != AX_OK) {
		axalloc_free_pages(block, pages);
		return NULL;
	}
#endif
	ax_thread_t *thread = (ax_thread_t *)(block + GUARD_BYTES + stack_bytes - OBJECT_BYTES);
	thread->stack_start = block + GUARD_BYTES;
	thread->stack_bytes = stack_bytes;
	return thread;
}

static ax_thread_t *take_kept(size_t stack_bytes)
{
	IRQ_GUARD();
	ax_thread_t *thread = s_kept;
	if (!thread || stack_bytes != AX_CONFIG_STACK_BYTES)
		return NULL;
	s_kept = thread->wait_next;
	s_kept_count--;
	return thread;
}

ax_thread_t *axtask_block_alloc(size_t stack_bytes)
{
	size_t tls = tls_bytes();
	if (stack_bytes < LEAST_STACK_BYTES + OBJECT_BYTES + tls)
		stack_bytes = align_up(LEAST_STACK_BYTES + OBJECT_BYTES + tls, PAGE_SIZE);
	ax_thread_t *thread = take_kept(stack_bytes);
	if (!thread)
		thread = new_block(stack_bytes);
	if (!thread)
		return NULL;
	*thread = (ax_thread_t){ .stack_start = thread->stack_start, .stack_bytes = stack_bytes };
	uintptr_t stack_top = (uintptr_t)thread - tls;
	uintptr_t thread_pointer = init_tls((void *)stack_top, thread);
	axhal_context_init(&thread->context, (void *)stack_top, axtask_trampoline, thread, thread_pointer);
	return thread;
}

static bool keep(ax_thread_t *thread)
{
	IRQ_GUARD();
	if (thread->stack_bytes != AX_CONFIG_STACK_BYTES || s_kept_count == KEPT_MAX)
		return false;
	thread->wait_next = s_kept;
	s_kept = thread;
	s_kept_count++;
	return true;
}

void axtask_block_free(ax_thread_t *thread)
{
	if (keep(thread))
		return;
	vaddr_t block = thread->stack_start - GUARD_BYTES;
	size_t pages = (GUARD_BYTES + thread->stack_bytes) / PAGE_SIZE;
#if AXTASK_FEATURE_PAGING
	if (axhal_protect(block, GUARD_BYTES, AXHAL_ACCESS_READ_WRITE) != AX_OK)
		PANIC("the guard page at %#zx cannot be lifted", (size_t)block);
#endif
	axalloc_free_pages(block, pages);
}

void *axtask_thread_pointer(const ax_thread_t *thread)
{
	return (void *)thread->context.thread_pointer;
}
