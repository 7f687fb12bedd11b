/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged ext2 and ext4 images, without checksums that would refuse them early, one with a journal to recover; see
 * axdisk_fuzz.h. */
#include <axdisk_fuzz.h>

#include <extfs/extfs.h>

static fuzz_image_t s_images[3];

static ax_err_t mount(block_device_t *device, bool is_good, vfs_t **fs)
{
	return extfs_mount(device, &s_disk_host, is_good ? 0 : EXTFS_UNCHECKED, "disk", NULL, fs);
}

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
	fuzz_image_make(&s_images[0], "mke2fs -q -t ext2 -b 1024 -N 64 {}", 512 << 10, mount, true);
	fuzz_image_make(&s_images[1], "mke2fs -q -t ext4 -b 1024 -N 64 -O ^metadata_csum,^has_journal {}", 512 << 10, mount, true);
	fuzz_image_make(&s_images[2], "mke2fs -q -t ext4 -b 1024 -N 64 -O ^metadata_csum -J size=1 {}", 1700 << 10, mount, false);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_one(data, bytes, s_images, ARRAY_SIZE(s_images), mount);
	return 0;
}
