/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged ext2 and ext4 images, without checksums that would refuse them early, one with a journal to recover; see
 * axdisk_fuzz.h. */
#include <axdisk_fuzz.h>

#include <extfs/extfs.h>

static fuzz_image_t s_images[3];

/* @p clean false: as a loss of power leaves it. */
static void make(fuzz_image_t *image, const char *command, size_t bytes, bool clean)
{
	static work_t s_work;
	disk_t disk;
	vfs_t *fs;
	disk_init(&disk, disk_make_image(command, bytes), bytes);
	CHECK_EQ(extfs_mount(&disk.device, &s_disk_host, 0, "disk", NULL, &fs), AX_OK);
	work_run(&s_work, fs, &disk, 5, 120);
	CHECK_EQ(fs->ops->sync(fs), AX_OK);
	if (!clean)
		disk.writes_left = 0;
	ax_err_t error = fs->ops->unmount(fs);
	CHECK(clean == !error);
	fuzz_image_init(image, disk.image, bytes);
}

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
	make(&s_images[0], "mke2fs -q -t ext2 -b 1024 -N 64 {}", 512 << 10, true);
	make(&s_images[1], "mke2fs -q -t ext4 -b 1024 -N 64 -O ^metadata_csum,^has_journal {}", 512 << 10, true);
	make(&s_images[2], "mke2fs -q -t ext4 -b 1024 -N 64 -O ^metadata_csum -J size=1 {}", 1700 << 10, false);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	disk_t disk;
	vfs_t *fs;
	if (bytes < 2)
		return 0;
	const fuzz_image_t *image = &s_images[data[0] % ARRAY_SIZE(s_images)];
	uint8_t *copy = malloc(image->size);
	memcpy(copy, image->bytes, image->size);
	fuzz_image_change(image, copy, data + 2, bytes - 2);
	disk_init(&disk, copy, image->size);
	if (extfs_mount(&disk.device, &s_disk_host, EXTFS_UNCHECKED, "disk", NULL, &fs) == AX_OK)
		fuzz_use(fs, data[1]);
	free(copy);
	return 0;
}
