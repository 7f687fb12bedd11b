/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of pending signals, out of a fixed pool: senders may be interrupt handlers, which do not allocate. */
#include "signal_queue.h"

#include <axerrno/axerrno.h>

enum { QUEUE_MAX = 128 }; /* {SIGQUEUE_MAX}; POSIX wants 32 or more */

static posix_signal_t s_pool[QUEUE_MAX];
static size_t s_used;           /* of s_pool: those before have been used at least once */
static posix_signal_t *s_free;  /* given back */

static posix_signal_t *new_entry(const posix_signal_t *signal)
{
	posix_signal_t *entry = s_free;
	if (entry)
		s_free = entry->next;
	else if (s_used < QUEUE_MAX)
		entry = &s_pool[s_used++];
	else
		return NULL;
	*entry = *signal;
	return entry;
}

static void release(posix_signal_t *entry)
{
	entry->queued = NULL;
	if (entry->own) {
		entry->delivered_overrun = entry->overrun;
		return;
	}
	entry->next = s_free;
	s_free = entry;
}

long posix_pending_add(ax_posix_pending_t *to, posix_signal_t *signal)
{
	const uint64_t bit = posix_signal_bit(signal->number);
	if (signal->number < AX_SIGRTMIN && (to->set & bit) && !signal->own)
		return 0;
	posix_signal_t *entry = signal->own ? signal : new_entry(signal);
	if (!entry) { /* kill() never fails for want of room: its signal is known by its bit alone */
		if (signal->code == AX_SI_QUEUE || signal->number >= AX_SIGRTMIN)
			return -AX_ERR_WOULD_BLOCK;
		to->set |= bit;
		return 0;
	}
	if (!to->first)
		to->last = &to->first;
	entry->next = NULL;
	entry->queued = to;
	*to->last = entry;
	to->last = &entry->next;
	to->set |= bit;
	return 0;
}

static void unlink_at(ax_posix_pending_t *from, posix_signal_t **link)
{
	posix_signal_t *entry = *link;
	*link = entry->next;
	if (from->last == &entry->next)
		from->last = link;
}

static bool has(const ax_posix_pending_t *pending, int number)
{
	for (const posix_signal_t *entry = pending->first; entry; entry = entry->next)
		if (entry->number == number)
			return true;
	return false;
}

bool posix_pending_take(ax_posix_pending_t *from, uint64_t set, posix_signal_t *taken)
{
	if (!(from->set & set))
		return false;
	const int number = __builtin_ctzll(from->set & set) + 1;
	for (posix_signal_t **link = &from->first; *link; link = &(*link)->next) {
		posix_signal_t *entry = *link;
		if (entry->number != number)
			continue;
		unlink_at(from, link);
		*taken = *entry;
		if (!has(from, number))
			from->set &= ~posix_signal_bit(number);
		release(entry);
		return true;
	}
	from->set &= ~posix_signal_bit(number);
	*taken = (posix_signal_t){ .number = number, .code = AX_SI_USER };
	return true;
}

void posix_pending_drop(ax_posix_pending_t *from, uint64_t set)
{
	posix_signal_t dropped;
	while (posix_pending_take(from, set, &dropped))
		;
}

void posix_pending_withdraw(posix_signal_t *signal)
{
	ax_posix_pending_t *from = signal->queued;
	if (!from)
		return;
	for (posix_signal_t **link = &from->first; *link; link = &(*link)->next) {
		if (*link != signal)
			continue;
		unlink_at(from, link);
		release(signal);
		if (!has(from, signal->number))
			from->set &= ~posix_signal_bit(signal->number);
		return;
	}
}
