/* SPDX-License-Identifier: Apache-2.0 */
/* The console's serial port, where the device tree says it is; port_*.c is its driver. */
#include <axhal/irq.h>
#include "device_tree.h"
#include "irq_chip.h"
#include "machine_tree.h"
#include "serial_console.h"

void axhal_console_init(void)
{
	uintptr_t base = axhal_tree_map(TREE_SERIAL, 0);
	if (base)
		axhal_serial_keep_early(axhal_port_init(base));
}

static void on_interrupt([[maybe_unused]] void *unused)
{
	axhal_port_clear_interrupt();
	axhal_serial_input_has_come();
}

void axhal_console_enable_interrupt(void)
{
	uint32_t cells[3];
	unsigned irq = axhal_irq_chip_line(cells, axhal_tree_interrupt(TREE_SERIAL, cells, 3));
	if (axhal_irq_register(irq, on_interrupt, NULL) == AX_OK)
		axhal_port_enable_interrupt();
}
