/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The measuring of sections; see timing.h. What a CPU writes of a kind of section it writes while that is in force, so
 * nothing on the CPU comes between. Others read under a version number that is odd while it is being written (H. Boehm,
 * "Can Seqlocks Get Along With Programming Language Memory Models?", MSPC 2012).
 */
#include <kernel_guard/kernel_guard.h>
#include <stdatomic.h>

enum {
	SECTIONS = KERNEL_GUARD_PREEMPT_DISABLED + 1,
	READ_TRIES = 1000, /* whoever interrupts the writer on its CPU would never see it done */
};

typedef struct record {
	uint64_t begin_ns;
	uintptr_t begin; /* of the section in force; 0: none */
	atomic_uint version;
	_Atomic uint64_t count, total_ns, longest_ns;
	_Atomic uintptr_t longest_begin, longest_end;
} record_t;

typedef struct cpu_records {
	bool started; /* interrupts have been unmasked */
	record_t sections[SECTIONS];
} cpu_records_t;

static PERCPU_DEFINE(cpu_records_t, s_records) = {};

[[gnu::noinline]] void kernel_guard_timing_note_begin(kernel_guard_section_t section)
{
	cpu_records_t *records = percpu_ptr(s_records);
	if (!records->started)
		return;
	record_t *record = &records->sections[section];
	record->begin = (uintptr_t)__builtin_return_address(0);
	record->begin_ns = kernel_guard_now_ns();
}

static void add(_Atomic uint64_t *sum, uint64_t value)
{
	atomic_store_explicit(sum, atomic_load_explicit(sum, memory_order_relaxed) + value, memory_order_relaxed);
}

static void take_down(record_t *record, uint64_t ns, uintptr_t end)
{
	unsigned version = atomic_load_explicit(&record->version, memory_order_relaxed);
	atomic_store_explicit(&record->version, version + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	add(&record->count, 1);
	add(&record->total_ns, ns);
	if (ns > atomic_load_explicit(&record->longest_ns, memory_order_relaxed)) {
		atomic_store_explicit(&record->longest_ns, ns, memory_order_relaxed);
		atomic_store_explicit(&record->longest_begin, record->begin, memory_order_relaxed);
		atomic_store_explicit(&record->longest_end, end, memory_order_relaxed);
	}
	atomic_store_explicit(&record->version, version + 2, memory_order_release);
}

[[gnu::noinline]] void kernel_guard_timing_note_end(kernel_guard_section_t section)
{
	cpu_records_t *records = percpu_ptr(s_records);
	record_t *record = &records->sections[section];
	if (record->begin)
		take_down(record, kernel_guard_now_ns() - record->begin_ns, (uintptr_t)__builtin_return_address(0));
	record->begin = 0;
	records->started |= section == KERNEL_GUARD_IRQ_MASKED;
}

kernel_guard_timing_t kernel_guard_timing_get(unsigned cpu, kernel_guard_section_t section)
{
	const record_t *record = &percpu_ptr_of(s_records, cpu)->sections[section];
	kernel_guard_timing_t timing;
	for (int tries = 0; tries < READ_TRIES; tries++) {
		unsigned version = atomic_load_explicit(&record->version, memory_order_acquire);
		timing = (kernel_guard_timing_t){
			.count = atomic_load_explicit(&record->count, memory_order_relaxed),
			.total_ns = atomic_load_explicit(&record->total_ns, memory_order_relaxed),
			.longest_ns = atomic_load_explicit(&record->longest_ns, memory_order_relaxed),
			.longest_begin = atomic_load_explicit(&record->longest_begin, memory_order_relaxed),
			.longest_end = atomic_load_explicit(&record->longest_end, memory_order_relaxed),
		};
		atomic_thread_fence(memory_order_acquire);
		if (version % 2 == 0 && atomic_load_explicit(&record->version, memory_order_relaxed) == version)
			break;
	}
	return timing;
}
