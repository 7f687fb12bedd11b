/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread's one allocation, from low to high addresses:
 *
 *	[ guard page | stack ........ | TLS block and TCB | the form's block | struct ax_thread ]
 *
 * The guard page stands by feature `paging`, the TLS part by `tls`, the form's block (resource.h) by `resource`. Allocations of the default size are
 * kept when their thread ends, guard page in place, so that creating a thread makes no system call, touches no
 * page table and no allocator. What is not worth keeping is given back by the next thread that passes here, since
 * a thread is released where nothing may be locked for long: by the switch away from it. A thread that runs on its
 * creator's stack has a small stack here that it never uses.
 */
#include "cpu.h"

#include <axalloc/axalloc.h>
#include <axconfig/axconfig.h>
#include <axhal/paging.h>
#include <axhal/tls.h>
#include <axtask/resource.h>
#include <axtask/tcb.h>
#include <memory_addr/memory_addr.h>
#if AXTASK_FEATURE_RESOURCE
#include <memstr/memstr.h>
#endif
#include <panic/panic.h>

enum {
	KEPT_MAX = 256,
	GUARD_BYTES = AXTASK_FEATURE_PAGING ? 4096 : 0,
	OBJECT_BYTES = (sizeof(ax_thread_t) + 63) / 64 * 64,
	LEAST_STACK_BYTES = 4096,
	STACK_ALIGNMENT = 64,
};

static PERCPU_DEFINE(axtask_kept_t, s_kept) = {};

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

#if AXTASK_FEATURE_RESOURCE

static size_t resource_bytes(void)
{
	return align_up(axtask_resource_bytes, STACK_ALIGNMENT);
}

/* Where it lies, below the object. */
static void place_resource(ax_thread_t *thread)
{
	thread->resource = (void *)((uintptr_t)thread - resource_bytes());
	memset(thread->resource, 0, resource_bytes());
}

void *axtask_resource(const ax_thread_t *thread)
{
	return thread->resource;
}

void axtask_resource_alloc(ax_thread_t *thread)
{
	thread->resource = (void *)axalloc_pages(pages_for(AX_MAX(resource_bytes(), 1UL)), PAGE_SIZE);
	if (!thread->resource)
		PANIC("no memory for what the form keeps of main");
	memset(thread->resource, 0, resource_bytes());
}

void axtask_resource_begin(ax_thread_t *thread, ax_thread_t *creator)
{
	axtask_resource_init(thread->resource, thread, creator);
}

void axtask_resource_leave(void)
{
	axtask_resource_end(axtask_current()->resource);
}

#else

static size_t resource_bytes(void)
{
	return 0;
}

static void place_resource([[maybe_unused]] ax_thread_t *thread)
{
}

void axtask_resource_alloc([[maybe_unused]] ax_thread_t *thread)
{
}

void axtask_resource_begin([[maybe_unused]] ax_thread_t *thread, [[maybe_unused]] ax_thread_t *creator)
{
}

void axtask_resource_leave(void)
{
}

#endif

/* Above it: what is not stack. */
static uintptr_t stack_top_of(const ax_thread_t *thread)
{
	return (uintptr_t)thread - resource_bytes() - tls_bytes();
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

/* All that a CPU keeps, when this one keeps none: threads may end elsewhere than they are created. */
static void take_over(axtask_kept_t *kept, axtask_kept_t *other)
{
	ax_thread_t *first;
	size_t count;
	{
		SPIN_GUARD_RAW(&other->lock);
		first = other->first;
		count = other->count;
		other->first = NULL;
		other->count = 0;
	}
	SPIN_GUARD_RAW(&kept->lock);
	kept->first = first;
	kept->count = count;
}

static ax_thread_t *pop(axtask_kept_t *kept, ax_thread_t **list)
{
	SPIN_GUARD_RAW(&kept->lock);
	ax_thread_t *thread = *list;
	if (!thread)
		return NULL;
	*list = thread->wait_next;
	kept->count -= list == &kept->first;
	return thread;
}

static ax_thread_t *take_kept(void)
{
	IRQ_GUARD();
	axtask_kept_t *kept = percpu_ptr(s_kept);
	for (unsigned cpu = 0; AXHAL_MAX_CPUS > 1 && !kept->first && cpu < axhal_cpus_present(); cpu++) {
		axtask_kept_t *other = percpu_ptr_of(s_kept, cpu);
		if (other->first)
			take_over(kept, other);
	}
	return pop(kept, &kept->first);
}

void *axtask_stack_top(const ax_thread_t *thread)
{
	return (void *)stack_top_of(thread);
}

static ax_thread_t *alloc(size_t stack_bytes, uintptr_t given_top, void (*entry)(void *thread))
{
	const size_t least_bytes = LEAST_STACK_BYTES + OBJECT_BYTES + resource_bytes() + tls_bytes();
	if (stack_bytes < least_bytes)
		stack_bytes = align_up(least_bytes, PAGE_SIZE);
	ax_thread_t *thread = stack_bytes == AX_CONFIG_STACK_BYTES ? take_kept() : NULL;
	if (!thread)
		thread = new_block(stack_bytes);
	if (!thread)
		return NULL;
	*thread = (ax_thread_t){ .stack_start = thread->stack_start, .stack_bytes = stack_bytes };
	sched_entity_init(&thread->sched);
	place_resource(thread);
	uintptr_t stack_top = stack_top_of(thread);
	uintptr_t thread_pointer = init_tls((void *)stack_top, thread);
	const uintptr_t top = given_top ? align_down(given_top, STACK_ALIGNMENT) : stack_top;
	axhal_context_init(&thread->context, (void *)top, entry, thread, thread_pointer);
	return thread;
}

ax_thread_t *axtask_block_alloc(size_t stack_bytes, void (*entry)(void *thread))
{
	return alloc(stack_bytes, 0, entry);
}

ax_thread_t *axtask_block_alloc_beside(uintptr_t top, void (*entry)(void *thread))
{
	return alloc(LEAST_STACK_BYTES, top, entry);
}

void axtask_block_free(ax_thread_t *thread)
{
	IRQ_GUARD();
	axtask_kept_t *kept = percpu_ptr(s_kept);
	bool usual = thread->stack_bytes == AX_CONFIG_STACK_BYTES;
	ax_thread_t **list = usual ? &kept->first : &kept->odd;
	SPIN_GUARD_RAW(&kept->lock);
	thread->wait_next = *list;
	*list = thread;
	kept->count += usual;
}

static void give_back(ax_thread_t *thread)
{
	vaddr_t block = thread->stack_start - GUARD_BYTES;
	size_t pages = (GUARD_BYTES + thread->stack_bytes) / PAGE_SIZE;
#if AXTASK_FEATURE_PAGING
	if (axhal_protect(block, GUARD_BYTES, AXHAL_ACCESS_READ_WRITE) != AX_OK)
		PANIC("the guard page at %#zx cannot be lifted", (size_t)block);
#endif
	axalloc_free_pages(block, pages);
}

static ax_thread_t *pop_excess(void)
{
	IRQ_GUARD();
	axtask_kept_t *kept = percpu_ptr(s_kept);
	return pop(kept, kept->odd ? &kept->odd : &kept->first);
}

void axtask_block_trim(void)
{
	axtask_kept_t *kept = percpu_ptr(s_kept); /* by a chance move to another CPU, that one's: it does as well */
	while (unlikely(kept->odd || kept->count > KEPT_MAX)) {
		ax_thread_t *thread = pop_excess();
		if (!thread)
			return;
		give_back(thread);
	}
}

void *axtask_thread_pointer(const ax_thread_t *thread)
{
	return (void *)thread->context.thread_pointer;
}
