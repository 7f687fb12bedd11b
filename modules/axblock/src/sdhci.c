/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory card, the first one whose controller the machine's description names. Boards boot from a card with partitions: the
 * device is then the first one with FAT, where the board's firmware has its files too. Else it is the whole card.
 */
#include <axhal/buses.h>
#include <axhal/mem.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <partition_table/partition_table.h>
#include <sdhci/sdhci.h>

#include "list.h"

static sdhci_t s_card;

static uint32_t read_register(uintptr_t registers, unsigned offset)
{
	return *(const volatile uint32_t *)(registers + offset);
}

static void write_register(uintptr_t registers, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(registers + offset) = value;
}

static const sdhci_user_t s_user = { read_register, write_register, axhal_now_ns };

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
			sdhci_narrow(&s_card, partitions[i].first, partitions[i].count);
			return AX_OK;
		}
	}
	return AX_OK;
}

block_device_t *axblock_make(size_t index, const char *name)
{
	axhal_sd_host_t host;
	if (index || !axhal_sd_host(&host))
		return NULL;
	void *registers = axhal_map_device(host.paddr, host.bytes);
	ax_err_t error = registers ? sdhci_init(&s_card, name, (uintptr_t)registers, host.base_hz, &s_user) : AX_ERR_NO_MEMORY;
	if (!error)
		error = choose_partition();
	if (!error)
		return &s_card.device;
	ax_warn("memory card: %s", ax_err_text(error));
	return NULL;
}
