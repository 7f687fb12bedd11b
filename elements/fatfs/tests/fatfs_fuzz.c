/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged FAT12 and FAT16 images; see axdisk_fuzz.h. */
#include <axdisk_fuzz.h>

#include <fatfs/fatfs.h>

static fuzz_image_t s_images[2];

static void make(fuzz_image_t *image, const char *command, size_t bytes)
{
	static work_t s_work;
	disk_t disk;
	vfs_t *fs;
	disk_init(&disk, disk_make_image(command, bytes), bytes);
	CHECK_EQ(fatfs_mount(&disk.device, &s_disk_host, 0, "disk", NULL, &fs), AX_OK);
	work_run(&s_work, fs, &disk, 5, 120);
	CHECK_EQ(fs->ops->unmount(fs), AX_OK);
	fuzz_image_init(image, disk.image, bytes);
}

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
	make(&s_images[0], "mkfs.vfat -F 12 -s 1 {} >/dev/null", 512 << 10);
	make(&s_images[1], "mkfs.vfat -F 16 -s 1 {} >/dev/null", 2200 << 10);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	disk_t disk;
	vfs_t *fs;
	if (bytes < 2)
		return 0;
	const fuzz_image_t *image = &s_images[data[0] % 2];
	uint8_t *copy = malloc(image->size);
	memcpy(copy, image->bytes, image->size);
	fuzz_image_change(image, copy, data + 2, bytes - 2);
	disk_init(&disk, copy, image->size);
	if (fatfs_mount(&disk.device, &s_disk_host, 0, "disk", NULL, &fs) == AX_OK)
		fuzz_use(fs, data[1]);
	free(copy);
	return 0;
}
