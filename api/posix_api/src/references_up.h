/* SPDX-License-Identifier: Apache-2.0 */
/* References to open files on one CPU: who keeps the CPU is alone with the table. Part of descriptor.h. */

static AX_ALWAYS_INLINE posix_file_t *posix_file_get(int fd)
{
	PREEMPT_GUARD();
	if (unlikely((unsigned)fd >= posix_slot_count))
		return NULL;
	posix_file_t *file = posix_slots[fd];
	if (likely(file))
		file->references++;
	return file;
}

static AX_ALWAYS_INLINE bool posix_file_drop(posix_file_t *file)
{
	PREEMPT_GUARD();
	return --file->references == 0;
}

static inline void posix_file_hold(posix_file_t *file)
{
	PREEMPT_GUARD();
	file->references++;
}

/** Fill a slot. */
static inline void posix_slot_publish(posix_file_t **slot, posix_file_t *file)
{
	*slot = file;
}

/** Nobody looks at a table any more that has been replaced: free it. */
#define POSIX_TABLES_RETIRE true
