/* SPDX-License-Identifier: Apache-2.0 */
/* See cpio/cpio.h. Offsets are compared with what is left, never added before the check: nothing can wrap. */
#include <cpio/cpio.h>

#include <memstr/memstr.h>
#include <stdbool.h>

/* Fields of the header after the magic, 8 hexadecimal digits each. */
enum field { INODE, MODE, UID, GID, LINKS, MTIME, FILE_BYTES, DEV_MAJOR, DEV_MINOR, RDEV_MAJOR, RDEV_MINOR, NAME_BYTES, CHECK, FIELDS };

enum { MAGIC_BYTES = 6, DIGITS = 8, HEADER_BYTES = MAGIC_BYTES + FIELDS * DIGITS };
_Static_assert(HEADER_BYTES == 110, "newc header");

static bool parse_field(const char *digits, uint32_t *value)
{
	uint32_t result = 0;
	for (int i = 0; i < DIGITS; i++) {
		const char digit = digits[i];
		if (digit >= '0' && digit <= '9')
			result = result << 4 | (uint32_t)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			result = result << 4 | (uint32_t)(digit - 'a' + 10);
		else if (digit >= 'A' && digit <= 'F')
			result = result << 4 | (uint32_t)(digit - 'A' + 10);
		else
			return false;
	}
	*value = result;
	return true;
}

static bool parse_header(const char *header, uint32_t fields[FIELDS])
{
	if (memcmp(header, "070701", MAGIC_BYTES) != 0)
		return false;
	for (int i = 0; i < FIELDS; i++) {
		if (!parse_field(header + MAGIC_BYTES + i * DIGITS, &fields[i]))
			return false;
	}
	return true;
}

/* Step over @p bytes and the padding after them; the last entry's padding may be missing. */
static bool skip(const cpio_reader_t *self, size_t *offset, size_t bytes)
{
	if (bytes > self->size_bytes - *offset)
		return false;
	*offset += bytes;
	const size_t padding = -*offset & 3;
	*offset += padding < self->size_bytes - *offset ? padding : self->size_bytes - *offset;
	return true;
}

/* Zeroes may stand before and between archives; alignment counts from the first byte after them. */
static void skip_zeroes(cpio_reader_t *self)
{
	size_t zeroes = 0;
	while (zeroes < self->size_bytes - self->offset && !self->archive[self->offset + zeroes])
		zeroes++;
	if (zeroes) {
		self->archive += self->offset + zeroes;
		self->size_bytes -= self->offset + zeroes;
		self->offset = 0;
	}
}

ax_err_t cpio_next(cpio_reader_t *self, cpio_entry_t *entry)
{
	uint32_t fields[FIELDS];

	skip_zeroes(self);
	size_t offset = self->offset;
	if (offset == self->size_bytes)
		return AX_ERR_NOT_FOUND;
	if (self->size_bytes - offset < HEADER_BYTES || !parse_header(self->archive + offset, fields))
		return AX_ERR_INVALID_INPUT;
	offset += HEADER_BYTES;

	const char *name = self->archive + offset;
	const size_t name_bytes = fields[NAME_BYTES];
	if (!name_bytes || !skip(self, &offset, name_bytes) || memchr(name, 0, name_bytes) != name + name_bytes - 1)
		return AX_ERR_INVALID_INPUT;
	if (name_bytes == sizeof "TRAILER!!!" && memcmp(name, "TRAILER!!!", name_bytes) == 0)
		return AX_ERR_NOT_FOUND;

	const char *data = self->archive + offset;
	if (!skip(self, &offset, fields[FILE_BYTES]))
		return AX_ERR_INVALID_INPUT;
	*entry = (cpio_entry_t){
		.name = name,
		.name_bytes = name_bytes - 1,
		.data = data,
		.size_bytes = fields[FILE_BYTES],
		.inode = fields[INODE],
		.mode = fields[MODE],
		.mtime = fields[MTIME],
		.links = fields[LINKS],
	};
	self->offset = offset;
	return AX_OK;
}

const char *cpio_plain_name(const char *name, size_t *name_bytes)
{
	for (;;) {
		if (*name_bytes >= 1 && name[0] == '/') {
			name++;
			--*name_bytes;
		} else if (*name_bytes >= 2 && name[0] == '.' && name[1] == '/') {
			name += 2;
			*name_bytes -= 2;
		} else {
			return name;
		}
	}
}

ax_err_t cpio_find(const void *archive, size_t size_bytes, const char *name, size_t name_bytes, cpio_entry_t *entry)
{
	cpio_reader_t reader = cpio_open(archive, size_bytes);
	cpio_entry_t seen;
	ax_err_t error;
	bool found = false;

	while ((error = cpio_next(&reader, &seen)) == AX_OK) {
		size_t plain_bytes = seen.name_bytes;
		const char *plain = cpio_plain_name(seen.name, &plain_bytes);
		if (plain_bytes == name_bytes && memcmp(plain, name, name_bytes) == 0) {
			*entry = seen;
			found = true;
		}
	}
	return error == AX_ERR_NOT_FOUND && found ? AX_OK : error;
}
