/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a handler table; the call is in the header. */
#include <handler_table/handler_table.h>

ax_err_t handler_table_register(const handler_table_t *self, size_t number, handler_function_t *function, void *argument)
{
	if (number >= self->count)
		return AX_ERR_OUT_OF_RANGE;
	handler_slot_t *slot = &self->slots[number];
	if (atomic_load_explicit(&slot->function, memory_order_relaxed))
		return AX_ERR_ALREADY_EXISTS;
	atomic_store_explicit(&slot->argument, argument, memory_order_relaxed);
	atomic_store_explicit(&slot->function, function, memory_order_release);
	return AX_OK;
}

ax_err_t handler_table_unregister(const handler_table_t *self, size_t number)
{
	if (number >= self->count)
		return AX_ERR_OUT_OF_RANGE;
	handler_slot_t *slot = &self->slots[number];
	if (!atomic_load_explicit(&slot->function, memory_order_relaxed))
		return AX_ERR_NOT_FOUND;
	atomic_store_explicit(&slot->function, (handler_function_t *)NULL, memory_order_release);
	return AX_OK;
}
