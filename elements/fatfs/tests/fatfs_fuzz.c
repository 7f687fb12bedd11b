/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged FAT12 and FAT16 images; see axdisk_fuzz.h. */
#include <axdisk_fuzz.h>

#include <fatfs/fatfs.h>

static fuzz_image_t s_images[2];

static ax_err_t mount(block_device_t *device, [[maybe_unused]] bool is_good, vfs_t **fs)
{
	return fatfs_mount(device, &s_disk_host, 0, "disk", NULL, fs);
}

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
	fuzz_image_make(&s_images[0], "mkfs.vfat -F 12 -s 1 {} >/dev/null", 512 << 10, mount, true);
	fuzz_image_make(&s_images[1], "mkfs.vfat -F 16 -s 1 {} >/dev/null", 2200 << 10, mount, true);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_one(data, bytes, s_images, ARRAY_SIZE(s_images), mount);
	return 0;
}
