/* SPDX-License-Identifier: Apache-2.0 */
#include "blob.h"
#include <string.h>

enum { HEADER = 40, RESERVED_MOST = 4 };
enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, END = 9 };

static _Alignas(8) unsigned char s_blob[8192], s_structure[4096];
static char s_strings[1024];
static uint64_t s_reserved[RESERVED_MOST][2];
static size_t s_structure_bytes, s_strings_bytes, s_reserved_count;

static void put(unsigned char *at, uint32_t value)
{
	at[0] = (unsigned char)(value >> 24);
	at[1] = (unsigned char)(value >> 16);
	at[2] = (unsigned char)(value >> 8);
	at[3] = (unsigned char)value;
}

static void token(uint32_t value)
{
	put(s_structure + s_structure_bytes, value);
	s_structure_bytes += 4;
}

static void bytes_of(const void *data, size_t bytes)
{
	memcpy(s_structure + s_structure_bytes, data, bytes);
	s_structure_bytes = (s_structure_bytes + bytes + 3) & ~(size_t)3;
}

void blob_begin(void)
{
	memset(s_structure, 0, sizeof s_structure);
	s_structure_bytes = s_strings_bytes = s_reserved_count = 0;
}

void blob_reserve(uint64_t start, uint64_t bytes)
{
	s_reserved[s_reserved_count][0] = start;
	s_reserved[s_reserved_count++][1] = bytes;
}

void blob_node(const char *name)
{
	token(BEGIN_NODE);
	bytes_of(name, strlen(name) + 1);
}

void blob_end_node(void)
{
	token(END_NODE);
}

void blob_string(const char *name, const char *text, size_t bytes)
{
	token(PROPERTY);
	token((uint32_t)bytes);
	token((uint32_t)s_strings_bytes);
	strcpy(s_strings + s_strings_bytes, name);
	s_strings_bytes += strlen(name) + 1;
	bytes_of(text, bytes);
}

void blob_cells(const char *name, size_t count, const uint32_t *cells)
{
	unsigned char data[256];
	for (size_t i = 0; i < count; i++)
		put(data + 4 * i, cells[i]);
	blob_string(name, (const char *)data, 4 * count);
}

void *blob_finish(size_t *bytes)
{
	token(END);
	size_t structure_at = HEADER + 16 * (s_reserved_count + 1), strings_at = structure_at + s_structure_bytes;
	*bytes = strings_at + s_strings_bytes;
	const uint32_t header[] = { 0xd00dfeed, (uint32_t)*bytes, (uint32_t)structure_at, (uint32_t)strings_at, HEADER, 17, 16, 0,
				    (uint32_t)s_strings_bytes, (uint32_t)s_structure_bytes };
	memset(s_blob, 0, sizeof s_blob);
	for (size_t i = 0; i < sizeof header / 4; i++)
		put(s_blob + 4 * i, header[i]);
	for (size_t i = 0; i < s_reserved_count; i++) {
		for (size_t j = 0; j < 4; j++)
			put(s_blob + HEADER + 16 * i + 4 * j, (uint32_t)(s_reserved[i][j / 2] >> (j % 2 ? 0 : 32)));
	}
	memcpy(s_blob + structure_at, s_structure, s_structure_bytes);
	memcpy(s_blob + strings_at, s_strings, s_strings_bytes);
	return s_blob;
}
