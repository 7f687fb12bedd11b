/* SPDX-License-Identifier: Apache-2.0 */
/* One file: read, written, cut, sparse, appended to, mapped. */
#include "fstest.h"

static void read_and_write(void)
{
	AX_SCOPED_FILE file = {};
	char text[16] = "";
	size_t done;
	uint64_t position;

	TRY(ax_file_open("/tmp/a", AX_OPEN_READ, &file));
	TRY(ax_file_open("/tmp/a", AX_OPEN_READ_WRITE | AX_OPEN_CREATE | AX_OPEN_EXCLUSIVE, &file));
	TRY(ax_file_write(&file, "hello, files", 12, &done));
	TRY(ax_file_seek(&file, -5, AX_SEEK_FROM_END, &position));
	TRY(ax_file_read(&file, text, sizeof text, &done));
	ax_print("read %zu bytes at %llu: %s\n", done, (unsigned long long)position, text);
	TRY(ax_file_read(&file, text, sizeof text, &done));
	ax_print("at the end: %zu bytes\n", done);
	TRY(ax_file_seek(&file, -1, AX_SEEK_FROM_START, NULL));
	TRY(ax_file_truncate(&file, 5));
	show("/tmp/a", 0);
	TRY(ax_file_write_at(&file, "!", 1, 10, &done));
	show("/tmp/a", 6);
	show_stat("/tmp/a");
}

static void append(void)
{
	AX_SCOPED_FILE one = {}, other = {};
	size_t done;
	TRY(ax_file_open("/tmp/log", AX_OPEN_WRITE | AX_OPEN_CREATE | AX_OPEN_APPEND, &one));
	TRY(ax_file_open("/tmp/log", AX_OPEN_WRITE | AX_OPEN_APPEND, &other));
	TRY(ax_file_write(&one, "one,", 4, &done));
	TRY(ax_file_write(&other, "two,", 4, &done));
	TRY(ax_file_write(&one, "three", 5, &done));
	show("/tmp/log", 0);
}

static void pieces(void)
{
	char first[4], second[8] = "";
	const ax_piece_t from[] = { { "in ", 3 }, { "two pieces", 10 } }, to[] = { { first, 3 }, { second, 7 } };
	AX_SCOPED_FILE file = {};
	size_t done;
	TRY(ax_file_open("/tmp/pieces", AX_OPEN_READ_WRITE | AX_OPEN_CREATE, &file));
	TRY(ax_file_write_pieces(&file, from, 2, &done));
	TRY(ax_file_read_pieces_at(&file, to, 2, 3, &done));
	ax_print("%zu bytes: %.3s %s\n", done, first, second);
}

static void wrong_uses(void)
{
	AX_SCOPED_FILE file = {};
	char byte;
	size_t done;
	TRY(ax_file_read(&file, &byte, 1, &done));
	TRY(ax_file_open("/tmp/a", AX_OPEN_READ, &file));
	TRY(ax_file_write(&file, "x", 1, &done));
	TRY(ax_file_truncate(&file, 0));
	ax_file_close(&file);
	TRY(ax_file_open("/tmp", AX_OPEN_READ, &file));
	TRY(ax_file_read(&file, &byte, 1, &done));
	ax_file_close(&file);
	ax_file_close(&file);
	TRY(ax_file_open("/tmp", AX_OPEN_WRITE, &file));
	TRY(ax_file_open("/tmp/a", AX_OPEN_READ | AX_OPEN_DIRECTORY, &file));
	TRY(ax_file_open("/tmp/a", AX_OPEN_CREATE | AX_OPEN_EXCLUSIVE, &file));
	TRY(ax_file_open("/tmp/a", 0x10000, &file));
}

static void sparse(void)
{
	AX_SCOPED_FILE file = {};
	size_t done;
	uint64_t at;
	ax_stat_t stat;
	TRY(ax_file_open("/tmp/sparse", AX_OPEN_READ_WRITE | AX_OPEN_CREATE, &file));
	TRY(ax_file_write_at(&file, "end", 3, UINT64_C(1) << 40, &done));
	TRY(ax_file_stat(&file, &stat));
	ax_print("size %llu, %llu blocks\n", (unsigned long long)stat.size, (unsigned long long)stat.blocks);
	TRY(ax_file_seek(&file, 0, AX_SEEK_DATA_FROM, &at));
	ax_print("data at %llu\n", (unsigned long long)at);
	TRY(ax_file_truncate(&file, 4096));
	TRY(ax_file_seek(&file, 0, AX_SEEK_DATA_FROM, &at));
}

static void map(void)
{
	AX_SCOPED_FILE file = {};
	void *page;
	TRY(ax_file_open("/tmp/a", AX_OPEN_READ_WRITE, &file));
	TRY(ax_file_map_page(&file, 0, true, &page));
	memcpy(page, "HELLO", 5);
	show("/tmp/a", 0);
	ax_file_unmap_page(&file, 0);
}

static void times(void)
{
	AX_SCOPED_FILE file = {};
	ax_stat_t before, after;
	size_t done;
	char byte;
	TRY(ax_file_open("/tmp/a", AX_OPEN_READ_WRITE, &file));
	TRY(ax_file_set_times(&file, 1000000007, 2000000009));
	TRY(ax_file_stat(&file, &before));
	ax_print("accessed %lld, modified %lld\n", (long long)before.accessed_ns, (long long)before.modified_ns);
	TRY(ax_file_read(&file, &byte, 1, &done));
	TRY(ax_file_stat(&file, &after));
	ax_print("a read: accessed is %s, modified is %s\n", after.accessed_ns > before.accessed_ns ? "newer" : "the same",
		 after.modified_ns > before.modified_ns ? "newer" : "the same");
	TRY(ax_file_write(&file, "x", 1, &done));
	TRY(ax_file_stat(&file, &before));
	ax_print("a write: modified is %s, changed is %s\n", before.modified_ns > after.modified_ns ? "newer" : "the same",
		 before.changed_ns > after.changed_ns ? "newer" : "the same");
}

void test_files(void)
{
	read_and_write();
	append();
	pieces();
	wrong_uses();
	sparse();
	map();
	times();
}
