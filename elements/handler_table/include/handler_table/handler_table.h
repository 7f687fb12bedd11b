/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handlers by number, as for interrupts or events: a fixed table of (function, argument).
 *
 *	HANDLER_TABLE_DEFINE(s_irqs, 64);		64 numbers, none with a handler
 *
 * handler_table_call() takes no lock and may run at any time, in interrupts and on other CPUs, while others
 * register; it sees a handler whole or not at all. The callers of register and unregister serialize among themselves.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <base/base.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

typedef void handler_function_t(void *argument);

/* The argument is written before the function is published, and read after it. */
typedef struct handler_slot {
	handler_function_t *_Atomic function;
	void *_Atomic argument;
} handler_slot_t;

typedef struct handler_table {
	handler_slot_t *slots;
	size_t count;
} handler_table_t;

/** Defines the static table @p name of @p count numbers, none with a handler. */
#define HANDLER_TABLE_DEFINE(name, count_)                                                         \
	static handler_slot_t AX_CONCAT(name, _slots)[count_];                                     \
	static const handler_table_t name = { AX_CONCAT(name, _slots), count_ }

/**
 * Give @p number a handler; calls may come at once.
 * @retval AX_ERR_OUT_OF_RANGE    no such number
 * @retval AX_ERR_ALREADY_EXISTS  it has a handler
 */
ax_err_t handler_table_register(const handler_table_t *self, size_t number, handler_function_t *function,
				void *argument);

/**
 * Take @p number's handler away. A call that another CPU has begun may still be running when this returns.
 * @retval AX_ERR_OUT_OF_RANGE  no such number
 * @retval AX_ERR_NOT_FOUND     it has no handler
 */
ax_err_t handler_table_unregister(const handler_table_t *self, size_t number);

/** Call @p number's handler, in the caller's context; false if it has none or there is no such number. */
static inline bool handler_table_call(const handler_table_t *self, size_t number)
{
	if (unlikely(number >= self->count))
		return false;
	handler_function_t *function = atomic_load_explicit(&self->slots[number].function, memory_order_acquire);
	if (unlikely(!function))
		return false;
	function(atomic_load_explicit(&self->slots[number].argument, memory_order_relaxed));
	return true;
}

#pragma GCC visibility pop
