/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Raspberry Pi's firmware, asked by its mailbox (bindings/mailbox/brcm,bcm2835-mbox.txt). It looks past the processor's caches, at
 * memory from 0xc0000000 on. Feature `board_bcm2835`.
 */
#include <axhal/board.h>
#include <axhal/buses.h>
#include <axhal/mem.h>
#include <axhal/time.h>
#include <bcm2835_mailbox/bcm2835_mailbox.h>

#define UNCACHED 0xc0000000u

enum { LINE_BYTES_LEAST = 16, LINE_BYTES_MOST = 128 };

static _Alignas(LINE_BYTES_MOST) uint32_t s_words[LINE_BYTES_MOST / sizeof(uint32_t)];

static uint32_t read_register(uintptr_t registers, unsigned offset)
{
	return *(const volatile uint32_t *)(registers + offset);
}

static void write_register(uintptr_t registers, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(registers + offset) = value;
}

/* Arm ARM, D7.5.9: cleaned and invalidated to the point of coherency. */
static void sync(void *memory, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += LINE_BYTES_LEAST)
		__asm__ volatile("dc civac, %0" : : "r"((char *)memory + at) : "memory");
	__asm__ volatile("dsb sy" : : : "memory");
}

uint32_t axhal_board_clock_hz(axhal_board_clock_t clock, uint32_t otherwise)
{
	uint32_t hz;
	bcm2835_mailbox_t mailbox = {
		.registers = axhal_find_device("brcm,bcm2835-mbox"),
		.read = read_register,
		.write = write_register,
		.now_ns = axhal_now_ns,
		.words = s_words,
		.address = (uint32_t)axhal_virt_to_phys(s_words) | UNCACHED,
		.sync = sync,
	};
	if (!mailbox.registers || bcm2835_mailbox_clock_hz(&mailbox, (bcm2835_clock_t)clock, &hz))
		return otherwise;
	return hz ? hz : otherwise;
}
