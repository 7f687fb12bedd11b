/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References to open files on several CPUs. Another CPU may close the descriptor at any moment: a file without references
 * cannot be taken, and one that was taken is given back if it is no longer the slot's. Part of descriptor.h.
 */

static inline bool posix_file_take_if_used(posix_file_t *file)
{
	unsigned seen = __atomic_load_n(&file->references, __ATOMIC_RELAXED);
	do {
		if (seen == 0)
			return false;
	} while (!__atomic_compare_exchange_n(&file->references, &seen, seen + 1, true, __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
	return true;
}

static inline posix_file_t *posix_slot_read(unsigned fd)
{
	posix_file_t **slots = __atomic_load_n(&posix_slots, __ATOMIC_ACQUIRE);
	return __atomic_load_n(&slots[fd], __ATOMIC_ACQUIRE);
}

static inline bool posix_file_drop(posix_file_t *file)
{
	return __atomic_fetch_sub(&file->references, 1, __ATOMIC_ACQ_REL) == 1;
}

static inline posix_file_t *posix_file_get(int fd)
{
	if (unlikely((unsigned)fd >= __atomic_load_n(&posix_slot_count, __ATOMIC_ACQUIRE)))
		return NULL;
	for (;;) {
		posix_file_t *file = posix_slot_read((unsigned)fd);
		if (unlikely(!file))
			return NULL;
		if (likely(posix_file_take_if_used(file))) {
			if (likely(posix_slot_read((unsigned)fd) == file))
				return file;
			if (posix_file_drop(file)) /* closed and used again between: it is another's */
				posix_file_free(file);
		}
	}
}

static inline void posix_file_hold(posix_file_t *file)
{
	__atomic_fetch_add(&file->references, 1, __ATOMIC_RELAXED);
}

static inline void posix_slot_publish(posix_file_t **slot, posix_file_t *file)
{
	__atomic_store_n(slot, file, __ATOMIC_RELEASE);
}

/** A reader may still look at a table that has been replaced: it stays. All of them together are smaller than the last. */
#define POSIX_TABLES_RETIRE false
