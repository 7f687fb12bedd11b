/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file system over a server that answers what the input says, mostly in the right form. Whatever it answers, each
 * operation ends, within what it was handed, and after the unmount no memory is left.
 */
#include <axp9_server.h>
#include <p9fs/p9fs.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NODES = 4 };

static size_t s_in_use;

static void *allocate(size_t bytes)
{
	s_in_use++;
	return malloc(bytes);
}

static void free_(void *block)
{
	s_in_use -= block != NULL;
	free(block);
}

static void *allocate_page(void)
{
	return allocate(4096);
}

static int64_t now_ns(void)
{
	return 0;
}

static const vfs_host_t s_host = { allocate, free_, allocate_page, free_, now_ns, NULL };

static bool emit(void *context, const vfs_entry_t *entry)
{
	volatile char last = entry->name[entry->name_bytes - 1];
	(void)last;
	return ++*(unsigned *)context % 8;
}

/* One operation on one of the nodes that are held; what it finds takes the place of another. */
static void operate(vfs_node_t **nodes)
{
	uint8_t what = next_byte(), which = next_byte();
	vfs_node_t *node = nodes[which % NODES], *found = NULL;
	size_t bytes = which, done = 0;
	unsigned entries = 0;
	char *buffer = malloc(bytes + 1); /* exactly these, for the address sanitizer */
	memset(buffer, 'x', bytes + 1);
	const vfs_new_t made = { .mode = what & 0x80 ? VFS_DIRECTORY : VFS_REGULAR };
	switch (what % 10) {
	case 0: (void)p9fs_ops.lookup(node, "name", 4, &found); break;
	case 1: (void)p9fs_ops.create(node, "name", 4, &made, &found); break;
	case 2: (void)p9fs_ops.read_directory(node, what >> 5, emit, &entries); break;
	case 3:
		if (p9fs_ops.read(node, buffer, bytes, 0, &done) == AX_OK)
			assert(done <= bytes);
		break;
	case 4:
		if (p9fs_ops.write(node, buffer, bytes, 0, &done) == AX_OK)
			assert(done <= bytes);
		break;
	case 5: (void)p9fs_ops.truncate(node, what); break;
	case 6:
		if (p9fs_ops.read_link(node, buffer, bytes, &done) == AX_OK)
			assert(done <= bytes);
		break;
	case 7: (void)p9fs_ops.load_attributes(node); break;
	case 8: (void)p9fs_ops.fsync(node, false); break;
	case 9: (void)p9fs_ops.unlink(nodes[0], "name", 4, node); break;
	}
	free(buffer);
	if (found) {
		size_t place = 1 + which / NODES % (NODES - 1);
		vfs_node_put(nodes[place]);
		nodes[place] = found;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	s_input = data;
	s_input_left = size;
	vfs_t *fs;
	if (p9fs_mount(&s_host, &s_transport, "fuzz", &fs) == AX_OK) {
		vfs_node_t *nodes[NODES];
		for (size_t i = 0; i < NODES; i++) {
			nodes[i] = fs->root;
			vfs_node_get(fs->root);
		}
		while (s_input_left)
			operate(nodes);
		for (size_t i = 0; i < NODES; i++)
			vfs_node_put(nodes[i]);
		(void)p9fs_ops.unmount(fs);
	}
	assert(!s_in_use);
	return 0;
}
