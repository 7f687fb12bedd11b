/* SPDX-License-Identifier: Apache-2.0 */
/* Archives of any bytes: every entry lies inside the archive, and the walk ends. */
#include <cpio/cpio.h>

#include <stdlib.h>
#include <string.h>

static void check(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	char *archive = malloc(bytes + 1); /* of its own: the sanitizer knows where it ends */
	memcpy(archive, data, bytes);
	cpio_reader_t reader = cpio_open(archive, bytes);
	cpio_entry_t entry;
	size_t entries = 0;
	while (cpio_next(&reader, &entry) == AX_OK) {
		check(entry.name >= archive && entry.name + entry.name_bytes < archive + bytes);
		check(strlen(entry.name) == entry.name_bytes);
		check((const char *)entry.data >= archive && (const char *)entry.data + entry.size_bytes <= archive + bytes);
		check(++entries <= bytes / 110);
		size_t plain_bytes = entry.name_bytes;
		const char *plain = cpio_plain_name(entry.name, &plain_bytes);
		check(plain + plain_bytes == entry.name + entry.name_bytes);
		cpio_entry_t found;
		ax_err_t error = cpio_find(archive, bytes, plain, plain_bytes, &found);
		check(error == AX_OK || error == AX_ERR_INVALID_INPUT); /* malformed behind this entry */
	}
	free(archive);
	return 0;
}
