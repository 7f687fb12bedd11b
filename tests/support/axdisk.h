/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For unit tests of file systems on disks: a block device in memory that can fail and keeps a record of what was written,
 * images made and checked by the host's own tools, and a host for axfs_vfs. Include it in one file of a test binary.
 */
#pragma once

#include <axtest.h>

#include <axfs_vfs/vfs.h>
#include <driver_block/driver.h>
#include <sys/wait.h>
#include <unistd.h>

/* One write, or a flush (bytes 0). */
typedef struct disk_record {
	uint64_t offset;
	size_t bytes;
	uint8_t *data;
} disk_record_t;

typedef struct disk {
	block_device_t device;
	uint8_t *image;
	size_t bytes;
	bool records;
	disk_record_t *record;
	size_t record_count, record_room;
	size_t reads_left, writes_left; /* then every one fails */
} disk_t;

static void disk_note(disk_t *self, uint64_t offset, const void *data, size_t bytes)
{
	if (!self->records)
		return;
	if (self->record_count == self->record_room) {
		self->record_room = self->record_room ? 2 * self->record_room : 256;
		self->record = realloc(self->record, self->record_room * sizeof *self->record);
	}
	disk_record_t *record = &self->record[self->record_count++];
	*record = (disk_record_t){ offset, bytes, malloc(bytes + 1) };
	if (bytes)
		memcpy(record->data, data, bytes);
}

static ax_err_t disk_transfer(disk_t *self, const block_request_t *request)
{
	uint64_t offset = request->first << self->device.block_shift;
	size_t *left = request->op == BLOCK_READ ? &self->reads_left : &self->writes_left;
	if (*left == 0)
		return AX_ERR_IO;
	--*left;
	if (request->op == BLOCK_FLUSH)
		disk_note(self, 0, NULL, 0);
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		if (request->op == BLOCK_READ) {
			memcpy(segment->start, self->image + offset, segment->bytes);
		} else {
			memcpy(self->image + offset, segment->start, segment->bytes);
			disk_note(self, offset, segment->start, segment->bytes);
		}
		offset += segment->bytes;
	}
	return AX_OK;
}

static bool disk_submit(block_device_t *device, block_request_t *request)
{
	block_request_complete(request, disk_transfer(container_of(device, disk_t, device), request));
	return true;
}

static void disk_kick([[maybe_unused]] block_device_t *device)
{
}

static void disk_poll([[maybe_unused]] block_device_t *device)
{
}

static void disk_wait([[maybe_unused]] block_device_t *device, [[maybe_unused]] const block_request_t *request)
{
}

BLOCK_DRIVER(disk_ops, disk_submit, disk_kick, disk_poll, disk_wait);

/** A disk over @p image, whose memory it takes over. */
[[maybe_unused]] static void disk_init(disk_t *self, uint8_t *image, size_t bytes)
{
	*self = (disk_t){ .image = image, .bytes = bytes, .reads_left = SIZE_MAX, .writes_left = SIZE_MAX };
	self->device = (block_device_t){
		.name = "disk",
		.block_count = bytes / 512,
		.block_bytes = 512,
		.preferred_blocks = 8,
		.max_segments = 64,
		.max_blocks = 2048,
		.is_volatile = true,
	};
	BLOCK_DRIVER_ATTACH(&self->device, disk_ops);
}

[[maybe_unused]] static void disk_forget_records(disk_t *self)
{
	for (size_t i = 0; i < self->record_count; i++)
		free(self->record[i].data);
	free(self->record);
	self->record = NULL;
	self->record_count = self->record_room = 0;
}

[[maybe_unused]] static void disk_destroy(disk_t *self)
{
	disk_forget_records(self);
	free(self->image);
}

/* The first of two names that a test's file can have, in a folder of this process's own. */
[[maybe_unused]] static const char *disk_path(const char *name)
{
	static char s_path[2][64];
	static unsigned s_turn;
	char *path = s_path[s_turn++ % 2];
	snprintf(path, sizeof s_path[0], "/tmp/axdisk-%d-%s", (int)getpid(), name);
	return path;
}

/** A command that says something only if it fails. */
#define DISK_QUIET(command) "said=$(" command " 2>&1) || { echo \"$said\"; false; }"

/** Run a command of the host with "{}" replaced by @p path; its exit status. What it says is printed if it fails badly. */
[[maybe_unused]] static int disk_command(const char *command, const char *path)
{
	char line[1024];
	const char *at = strstr(command, "{}");
	CHECK(at);
	snprintf(line, sizeof line, "PATH=$PATH:/usr/sbin:/sbin; %.*s%s%s", (int)(at - command), command, path, at + 2);
	int status = system(line);
	CHECK(status != -1 && WIFEXITED(status));
	return WEXITSTATUS(status);
}

/** An image of @p bytes that @p command ("mkfs.vfat {}") has worked on. */
[[maybe_unused]] static uint8_t *disk_make_image(const char *command, size_t bytes)
{
	const char *path = disk_path("make");
	FILE *file = fopen(path, "wb");
	CHECK(file && ftruncate(fileno(file), (off_t)bytes) == 0);
	fclose(file);
	CHECK_EQ(disk_command(command, path), 0);
	file = fopen(path, "rb");
	uint8_t *image = malloc(bytes);
	CHECK(file && fread(image, 1, bytes, file) == bytes);
	fclose(file);
	unlink(path);
	return image;
}

/** The exit status of @p command on the image; what it does to it comes back if @p change. */
[[maybe_unused]] static int disk_check_image(const char *command, uint8_t *image, size_t bytes, bool change)
{
	const char *path = disk_path("check");
	FILE *file = fopen(path, "wb");
	CHECK(file && fwrite(image, 1, bytes, file) == bytes);
	fclose(file);
	int status = disk_command(command, path);
	if (change) {
		file = fopen(path, "rb");
		CHECK(file && fread(image, 1, bytes, file) == bytes);
		fclose(file);
	}
	unlink(path);
	return status;
}

/* The host of file systems. */
static int64_t s_disk_now_ns = INT64_C(1700000000123456789);

static void *disk_allocate_page(void)
{
	return aligned_alloc(4096, 4096);
}

static int64_t disk_now_ns(void)
{
	return s_disk_now_ns;
}

[[maybe_unused]] static const vfs_host_t s_disk_host = {
	.allocate = malloc,
	.free = free,
	.allocate_page = disk_allocate_page,
	.free_page = free,
	.now_ns = disk_now_ns,
};

/* Paths, as far as tests need them: "a/b/c" from the root. */
[[maybe_unused]] static ax_err_t disk_walk(vfs_t *fs, const char *path, vfs_node_t **node)
{
	*node = fs->root;
	vfs_node_get(*node);
	while (*path) {
		size_t bytes = strcspn(path, "/");
		vfs_node_t *next = NULL;
		ax_err_t error = fs->ops->lookup(*node, path, bytes, &next);
		vfs_node_put(*node);
		*node = next; /* NULL with an error */
		if (error)
			return error;
		path += bytes + (path[bytes] == '/');
	}
	return AX_OK;
}

/** The directory of @p path, and the last name. */
[[maybe_unused]] static ax_err_t disk_parent(vfs_t *fs, const char *path, vfs_node_t **directory, const char **name)
{
	char parent[512];
	const char *slash = strrchr(path, '/');
	snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) : 0, path);
	*name = slash ? slash + 1 : path;
	return disk_walk(fs, parent, directory);
}

[[maybe_unused]] static ax_err_t disk_make(vfs_t *fs, const char *path, uint32_t mode, const char *target)
{
	vfs_node_t *directory, *node;
	const char *name;
	ax_err_t error = disk_parent(fs, path, &directory, &name);
	if (error)
		return error;
	const vfs_new_t what = { .mode = mode, .target = target, .target_bytes = target ? strlen(target) : 0 };
	error = fs->ops->lookup(directory, name, strlen(name), &node);
	if (error == AX_ERR_NOT_FOUND)
		error = fs->ops->create(directory, name, strlen(name), &what, &node);
	else if (!error) {
		vfs_node_put(node);
		error = AX_ERR_ALREADY_EXISTS;
	}
	if (!error)
		vfs_node_put(node);
	vfs_node_put(directory);
	return error;
}

[[maybe_unused]] static ax_err_t disk_remove(vfs_t *fs, const char *path)
{
	vfs_node_t *directory, *node;
	const char *name;
	ax_err_t error = disk_parent(fs, path, &directory, &name);
	if (error)
		return error;
	error = fs->ops->lookup(directory, name, strlen(name), &node);
	if (!error) {
		error = fs->ops->unlink(directory, name, strlen(name), node);
		vfs_node_put(node);
	}
	vfs_node_put(directory);
	return error;
}

[[maybe_unused]] static ax_err_t disk_rename(vfs_t *fs, const char *from, const char *to)
{
	vfs_node_t *from_directory, *to_directory, *node, *replaced = NULL;
	const char *from_name, *to_name;
	ax_err_t error = disk_parent(fs, from, &from_directory, &from_name);
	if (error)
		return error;
	error = disk_parent(fs, to, &to_directory, &to_name);
	if (error) {
		vfs_node_put(from_directory);
		return error;
	}
	error = fs->ops->lookup(from_directory, from_name, strlen(from_name), &node);
	if (!error) {
		ax_err_t found = fs->ops->lookup(to_directory, to_name, strlen(to_name), &replaced);
		error = found == AX_ERR_NOT_FOUND ? AX_OK : found;
		if (!error)
			error = fs->ops->rename(from_directory, from_name, strlen(from_name), node, to_directory, to_name,
						strlen(to_name), replaced);
		if (replaced)
			vfs_node_put(replaced);
		vfs_node_put(node);
	}
	vfs_node_put(to_directory);
	vfs_node_put(from_directory);
	return error;
}

/** Write all of @p bytes at @p offset of the file, which is made if need be. */
[[maybe_unused]] static ax_err_t disk_put(vfs_t *fs, const char *path, const void *data, size_t bytes, uint64_t offset)
{
	vfs_node_t *node;
	ax_err_t error = disk_make(fs, path, VFS_REGULAR | 0644, NULL);
	if (error && error != AX_ERR_ALREADY_EXISTS)
		return error;
	error = disk_walk(fs, path, &node);
	if (error)
		return error;
	size_t done = 0, more = 1;
	for (; !error && more && done < bytes; done += more)
		error = fs->ops->write(node, (const char *)data + done, bytes - done, offset + done, &more);
	vfs_node_put(node);
	return !error && done < bytes ? AX_ERR_NO_SPACE : error;
}

/** Read up to @p bytes of the file; SIZE_MAX if it cannot be. */
[[maybe_unused]] static size_t disk_get(vfs_t *fs, const char *path, void *buffer, size_t bytes, uint64_t offset)
{
	vfs_node_t *node;
	size_t done = SIZE_MAX;
	if (disk_walk(fs, path, &node))
		return SIZE_MAX;
	if (fs->ops->read(node, buffer, bytes, offset, &done))
		done = SIZE_MAX;
	vfs_node_put(node);
	return done;
}

[[maybe_unused]] static ax_err_t disk_sync_file(vfs_t *fs, const char *path, bool data_only)
{
	vfs_node_t *node;
	ax_err_t error = disk_walk(fs, path, &node);
	if (!error) {
		error = fs->ops->fsync(node, data_only);
		vfs_node_put(node);
	}
	return error;
}

[[maybe_unused]] static ax_err_t disk_cut(vfs_t *fs, const char *path, uint64_t size)
{
	vfs_node_t *node;
	ax_err_t error = disk_walk(fs, path, &node);
	if (!error) {
		error = fs->ops->truncate(node, size);
		vfs_node_put(node);
	}
	return error;
}
