/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory card, the first one whose controller the machine's description names. Boards boot from a card with partitions: the
 * device is then the first one with FAT, where the board's firmware has its files too. Else it is the whole card.
 */
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <partition_table/partition_table.h>
#include <sd_card/sd_card.h>

#include "list.h"
#include "sd_host.h"

static sd_card_t s_card;

static uint32_t read_register(uintptr_t registers, unsigned offset)
{
	return *(const volatile uint32_t *)(registers + offset);
}

static void write_register(uintptr_t registers, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(registers + offset) = value;
}

static const sd_host_user_t s_user = { read_register, write_register, axhal_now_ns };

static ax_err_t choose_partition(void)
{
	static uint8_t s_block[PARTITION_TABLE_BLOCK_BYTES];
	partition_t partitions[PARTITION_TABLE_ENTRIES];
	ax_err_t error = block_device_read(&s_card.device, 0, 1, s_block);
	if (error || !partition_table_read(s_block, s_card.device.block_count, partitions))
		return error;
	for (unsigned i = 0; i < PARTITION_TABLE_ENTRIES; i++) {
		if (partition_table_is_fat(&partitions[i])) {
			ax_info("memory card: partition %u", i + 1);
			sd_card_narrow(&s_card, partitions[i].first, partitions[i].count);
			return AX_OK;
		}
	}
	return AX_OK;
}

block_device_t *axblock_make(size_t index, const char *name)
{
	sd_host_t *host = NULL;
	if (index)
		return NULL;
	ax_err_t error = axblock_start_sd_host(&s_user, &host);
	if (!error && !host)
		return NULL;
	if (!error)
		error = sd_card_init(&s_card, name, host);
	if (!error)
		error = choose_partition();
	if (!error)
		return &s_card.device;
	ax_warn("memory card: %s", ax_err_text(error));
	return NULL;
}
