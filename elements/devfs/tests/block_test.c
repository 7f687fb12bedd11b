/* SPDX-License-Identifier: Apache-2.0 */
/* A block device as a file: any offset, any length, against an array. */
#include "../../axfs_vfs/tests/host.h"

#include <axtest.h>
#include <devfs/devfs.h>
#include <driver_block/driver.h>

enum { BLOCKS = 16, BLOCK = 512, DISK = BLOCKS * BLOCK };

static char s_disk[DISK];
static block_device_t s_device;
static unsigned s_flushes;

static bool submit([[maybe_unused]] block_device_t *self, block_request_t *request)
{
	char *at = s_disk + request->first * BLOCK;
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *piece = &request->segments[i];
		if (request->op == BLOCK_WRITE)
			memcpy(at, piece->start, piece->bytes);
		else
			memcpy(piece->start, at, piece->bytes);
		at += piece->bytes;
	}
	s_flushes += request->op == BLOCK_FLUSH;
	block_request_complete(request, AX_OK);
	return true;
}

static void nothing([[maybe_unused]] block_device_t *self)
{
}

static void no_wait([[maybe_unused]] block_device_t *self, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(s_ops, submit, nothing, nothing, no_wait);

static vfs_node_t *disk(vfs_t **fs)
{
	vfs_node_t *node;
	s_device = (block_device_t){ .name = "vda", .block_count = BLOCKS, .block_bytes = BLOCK, .preferred_blocks = 1,
				     .max_segments = 4, .max_blocks = 8, .is_volatile = true };
	BLOCK_DRIVER_ATTACH(&s_device, s_ops);
	CHECK(devfs_mount(&s_host, NULL, fs) == AX_OK);
	CHECK(devfs_add_block(*fs, &s_device) == AX_OK);
	CHECK(devfs_lookup((*fs)->root, "vda", 3, &node) == AX_OK);
	return node;
}

TEST(bytes_at_any_offset_agree_with_an_array)
{
	static char model[DISK], data[DISK];
	vfs_t *fs;
	vfs_node_t *node = disk(&fs);
	size_t done;
	srand(2);
	for (int i = 0; i < 2000; i++) {
		size_t offset = (size_t)rand() % DISK, bytes = (size_t)rand() % (rand() % 2 ? DISK : 700);
		size_t inside = bytes < DISK - offset ? bytes : DISK - offset;
		if (rand() % 2) {
			memset(data, rand(), bytes);
			CHECK(devfs_write(node, data, bytes, offset, &done) == AX_OK);
			memcpy(model + offset, data, inside);
		} else {
			CHECK(devfs_read(node, data, bytes, offset, &done) == AX_OK);
			CHECK(memcmp(data, model + offset, inside) == 0);
		}
		CHECK_EQ(done, inside);
	}
	CHECK(memcmp(model, s_disk, DISK) == 0);
	CHECK(devfs_unmount(fs) == AX_OK);
}

TEST(its_end_is_the_device_s)
{
	vfs_t *fs;
	vfs_node_t *node = disk(&fs);
	uint64_t bytes;
	size_t done;
	CHECK(devfs_load_attributes(node) == AX_OK);
	CHECK_EQ(node->size, DISK);
	CHECK(devfs_control(node, 0x80081272, &bytes) == AX_OK);
	CHECK_EQ(bytes, DISK);
	CHECK(devfs_write(node, "x", 1, DISK, &done) == AX_ERR_NO_SPACE);
	CHECK(devfs_read(node, s_disk, 1, DISK, &done) == AX_OK);
	CHECK_EQ(done, 0);
	CHECK(devfs_unmount(fs) == AX_OK);
}

TEST(a_sync_flushes_the_device)
{
	vfs_t *fs;
	vfs_node_t *node = disk(&fs);
	s_flushes = 0;
	CHECK(devfs_fsync(node, false) == AX_OK);
	CHECK_EQ(s_flushes, 1);
	CHECK(devfs_unmount(fs) == AX_OK);
}
