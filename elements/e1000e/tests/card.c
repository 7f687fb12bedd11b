/* SPDX-License-Identifier: Apache-2.0 */
#include "card.h"

#include <assert.h>
#include <e1000e/host.h>
#include <stdlib.h>
#include <string.h>

enum { REGISTERS = 0x6000, CTRL_RESET = 1 << 26, RDT = 0x2818, RDBAL = 0x2800, TDT = 0x3818, TDBAL = 0x3800 };

e1000e_t card_driver;
bool card_is_stuck;
static uint32_t s_registers[REGISTERS / 4];
static uint32_t s_receive_head, s_transmit_head;
static uint64_t s_now_ns;

uint32_t *card_register(uint32_t offset)
{
	assert(offset < REGISTERS && offset % 4 == 0);
	return &s_registers[offset / 4];
}

uint32_t e1000e_host_read(void *registers, uint32_t offset)
{
	assert(registers == s_registers);
	uint32_t value = *card_register(offset);
	if (offset == CARD_ICR)
		*card_register(offset) = 0;
	return value;
}

void e1000e_host_write([[maybe_unused]] void *registers, uint32_t offset, uint32_t value)
{
	*card_register(offset) = offset == 0 && !card_is_stuck ? value & ~(uint32_t)CTRL_RESET : value;
}

void *e1000e_host_alloc(size_t bytes)
{
	void *memory = aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
	return memory ? memset(memory, 0, bytes) : NULL;
}

void e1000e_host_free(void *memory, [[maybe_unused]] size_t bytes)
{
	free(memory);
}

uint64_t e1000e_host_bus_address(const void *memory)
{
	return (uintptr_t)memory;
}

uint64_t e1000e_host_now_ns(void)
{
	return s_now_ns += 1000000;
}

net_device_t *card_open(void)
{
	memset(s_registers, 0, sizeof s_registers);
	s_receive_head = s_transmit_head = 0;
	*card_register(0x5400) = 0x12005452;
	*card_register(0x5404) = 0x80005634;
	*card_register(CARD_STATUS) = 2;
	ax_err_t error = e1000e_init(&card_driver, s_registers, "eth0");
	assert(error == AX_OK);
	return &card_driver.device;
}

void card_close(void)
{
	free(card_driver.receive);
	free(card_driver.transmit);
	free(card_driver.pieces);
	free(card_driver.slots);
}

static void *ring(uint32_t base)
{
	return (void *)(uintptr_t)(*card_register(base) | (uint64_t)*card_register(base + 4) << 32);
}

bool card_deliver(const void *frame, uint16_t bytes, uint8_t status, uint8_t errors)
{
	if (s_receive_head == *card_register(RDT))
		return false;
	e1000e_receive_descriptor_t *descriptor = (e1000e_receive_descriptor_t *)ring(RDBAL) + s_receive_head;
	memcpy((void *)(uintptr_t)descriptor->address, frame, bytes < E1000E_BUFFER_BYTES ? bytes : E1000E_BUFFER_BYTES);
	descriptor->bytes = bytes;
	descriptor->errors = errors;
	descriptor->status = status;
	s_receive_head = (s_receive_head + 1) % E1000E_RING;
	return true;
}

e1000e_transmit_descriptor_t *card_next_sent(void)
{
	if (s_transmit_head == *card_register(TDT))
		return NULL;
	e1000e_transmit_descriptor_t *descriptor = (e1000e_transmit_descriptor_t *)ring(TDBAL) + s_transmit_head;
	s_transmit_head = (s_transmit_head + 1) % E1000E_RING;
	return descriptor;
}

void card_done(e1000e_transmit_descriptor_t *descriptor)
{
	descriptor->options |= 1;
}
