/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Synopsys DesignWare DW_apb_uart (Databook, version 4.00a): a 16550 that, while it sends or receives, ignores writes to its
 * line control register and raises an interrupt about it. All else is uart_16550's, with the same structure; the accessors
 * reach register numbers up to UART_DW_APB_REGISTERS. As there: no lock.
 */
#pragma once

#include <stdbool.h>
#include <uart_16550/uart_16550.h>

#pragma GCC visibility push(default)

enum { UART_DW_APB_REGISTERS = 32 };

/**
 * As uart_16550_init(), with the line control register surely written.
 * @param early  the byte that had been received before, or -1
 * @return false if the port stays busy: something drives its line, and the settings are the firmware's
 */
bool uart_dw_apb_init(const uart_16550_t *self, uint16_t divisor, int *early);

/** In the port's interrupt handler: if it is the one of the busy state, it is acknowledged. Any context. */
void uart_dw_apb_acknowledge(const uart_16550_t *self);

#pragma GCC visibility pop
