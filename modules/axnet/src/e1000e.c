/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's network card, as QEMU and many machines have it: the first one on PCI. */
#include "core.h"

#include <axdriver/axdriver.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <e1000e/e1000e.h>
#include <e1000e/host.h>

static e1000e_t s_card;

uint32_t e1000e_host_read(void *registers, uint32_t offset)
{
	return *(volatile uint32_t *)((char *)registers + offset);
}

void e1000e_host_write(void *registers, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)((char *)registers + offset) = value;
}

void *e1000e_host_alloc(size_t bytes)
{
	return axdriver_memory_alloc(bytes);
}

void e1000e_host_free(void *memory, size_t bytes)
{
	axdriver_memory_free(memory, bytes);
}

uint64_t e1000e_host_bus_address(const void *memory)
{
	return axdriver_bus_address(memory);
}

uint64_t e1000e_host_now_ns(void)
{
	return axhal_now_ns();
}

static void on_interrupt([[maybe_unused]] void *argument)
{
	e1000e_interrupt(&s_card);
}

/* Its interrupt is registered when the card is known to be quiet: others may raise the line. */
static ax_err_t start(const pci_function_t *function)
{
	void *registers = axdriver_pci_map(function, 0);
	if (!registers)
		return AX_ERR_NO_MEMORY;
	ax_err_t error = e1000e_init(&s_card, registers, "eth0");
	if (error)
		return error;
	error = axdriver_pci_function_on_interrupt(function, on_interrupt, NULL);
	return AXNET_FEATURE_POLLED ? AX_OK : error;
}

net_device_t *axnet_other_card(void)
{
	pci_function_t function;
	if (!axdriver_pci_take(E1000E_VENDOR, E1000E_DEVICE, &function))
		return NULL;
	ax_err_t error = start(&function);
	if (error) {
		ax_error("net: the card at pci %02x:%02x.%u: %s", function.bus, function.device, function.function, ax_err_text(error));
		return NULL;
	}
	return &s_card.device;
}
