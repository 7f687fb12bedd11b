/* SPDX-License-Identifier: Apache-2.0 */
#include <axtest.h>
#include <ramdisk/ramdisk.h>

static uint8_t s_memory[64 * 512 + 100];
static ramdisk_t s_disk;

static block_device_t *fresh_disk(bool read_only)
{
	memset(s_memory, 0xaa, sizeof s_memory);
	CHECK_EQ(ramdisk_init(&s_disk, "ram0", s_memory, sizeof s_memory, 512, read_only), AX_OK);
	return &s_disk.device;
}

TEST(the_device_has_the_whole_blocks_of_its_memory)
{
	block_device_t *disk = fresh_disk(false);
	CHECK_EQ(disk->block_count, 64);
	CHECK_EQ(block_device_bytes(disk), 64 * 512);
	CHECK_STR(disk->name, "ram0");
}

TEST(sizes_that_make_no_device_are_refused)
{
	ramdisk_t disk;
	CHECK_EQ(ramdisk_init(&disk, "x", s_memory, 511, 512, false), AX_ERR_INVALID_INPUT);
	CHECK_EQ(ramdisk_init(&disk, "x", s_memory, sizeof s_memory, 256, false), AX_ERR_INVALID_INPUT);
	CHECK_EQ(ramdisk_init(&disk, "x", s_memory, sizeof s_memory, 8192, false), AX_ERR_INVALID_INPUT);
	CHECK_EQ(ramdisk_init(&disk, "x", s_memory, sizeof s_memory, 1000, false), AX_ERR_INVALID_INPUT);
}

TEST(what_is_written_is_read_and_lies_where_it_should)
{
	block_device_t *disk = fresh_disk(false);
	uint8_t out[1024], in[1024];
	for (size_t i = 0; i < sizeof out; i++)
		out[i] = (uint8_t)(i * 7);
	CHECK_EQ(block_device_write(disk, 62, 2, out), AX_OK);
	CHECK(!memcmp(s_memory + 62 * 512, out, sizeof out));
	CHECK_EQ(s_memory[62 * 512 - 1], 0xaa);
	CHECK_EQ(s_memory[64 * 512], 0xaa);
	CHECK_EQ(block_device_read(disk, 62, 2, in), AX_OK);
	CHECK(!memcmp(in, out, sizeof out));
}

TEST(zeroes_are_written_by_the_device)
{
	block_device_t *disk = fresh_disk(false);
	CHECK_EQ(block_device_write_zeroes(disk, 1, 2), AX_OK);
	CHECK_EQ(s_memory[511], 0xaa);
	for (size_t i = 512; i < 3 * 512; i++)
		CHECK_EQ(s_memory[i], 0);
	CHECK_EQ(s_memory[3 * 512], 0xaa);
	CHECK_EQ(block_device_discard(disk, 0, 64), AX_OK);
	CHECK_EQ(block_device_flush(disk), AX_OK);
}

TEST(a_read_only_device_is_not_changed)
{
	block_device_t *disk = fresh_disk(true);
	uint8_t block[512] = { 0 };
	CHECK_EQ(block_device_write(disk, 0, 1, block), AX_ERR_READ_ONLY);
	CHECK_EQ(block_device_write_zeroes(disk, 0, 1), AX_ERR_READ_ONLY);
	CHECK_EQ(block_device_discard(disk, 0, 1), AX_ERR_READ_ONLY);
	CHECK_EQ(s_memory[0], 0xaa);
	CHECK_EQ(block_device_read(disk, 0, 1, block), AX_OK);
	CHECK_EQ(block[511], 0xaa);
}
