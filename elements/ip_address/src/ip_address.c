/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as text. */
#include <ip_address/ip_address.h>
#include <base/base.h>
#include <format/format.h>
#include <memstr/memstr.h>

enum { V4_BYTES = 4, V6_BYTES = 16, GROUPS = 8, DECIMAL = 10, HEX = 16 };

/* "10.0.0.1" up to the end of the text. */
static bool parse_v4(const char *text, uint8_t bytes[V4_BYTES])
{
	for (int i = 0; i < V4_BYTES; i++) {
		unsigned value = 0, digits = 0;
		for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++)
			value = value * DECIMAL + (unsigned)(*text - '0');
		if (!digits || digits > 3 || value > UINT8_MAX || *text != (i < V4_BYTES - 1 ? '.' : '\0'))
			return false;
		bytes[i] = (uint8_t)value;
		text += *text == '.';
	}
	return true;
}

static int hex_digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	character |= 0x20;
	return character >= 'a' && character <= 'f' ? character - 'a' + DECIMAL : -1;
}

/* Groups of up to four digits; one "::" stands for as many zeros as are missing; the last two may be an IPv4 address. */
static bool parse_v6(const char *text, uint8_t bytes[V6_BYTES])
{
	uint8_t found[V6_BYTES] = {};
	int count = 0, gap = -1;
	if (text[0] == ':' && text[1] != ':')
		return false;
	if (text[0] == ':')
		text++;
	while (*text) {
		if (*text == ':') {
			if (gap >= 0)
				return false;
			gap = count;
			text++;
			continue;
		}
		if (count <= V6_BYTES - V4_BYTES && parse_v4(text, &found[count])) {
			count += V4_BYTES;
			break;
		}
		unsigned value = 0, digits = 0;
		for (; hex_digit(*text) >= 0 && digits < 5; text++, digits++)
			value = value * HEX + (unsigned)hex_digit(*text);
		if (!digits || digits > 4 || count == V6_BYTES || (*text && *text != ':') || (*text == ':' && !text[1]))
			return false;
		found[count++] = (uint8_t)(value >> 8);
		found[count++] = (uint8_t)value;
		text += *text == ':';
	}
	if (gap < 0 ? count != V6_BYTES : count >= V6_BYTES)
		return false;
	int head = gap < 0 ? count : gap;
	memset(bytes, 0, V6_BYTES);
	memcpy(bytes, found, (size_t)head);
	memcpy(bytes + V6_BYTES - (count - head), found + head, (size_t)(count - head));
	return true;
}

ax_err_t ax_ip_parse(const char *text, ax_ip_t *ip)
{
	ax_ip_t result = {};
	if (parse_v4(text, result.bytes))
		result.family = AX_IP_V4;
	else if (parse_v6(text, result.bytes))
		result.family = AX_IP_V6;
	else
		return AX_ERR_INVALID_INPUT;
	*ip = result;
	return AX_OK;
}

static unsigned group(const ax_ip_t *ip, int index)
{
	return (unsigned)ip->bytes[2 * index] << 8 | ip->bytes[2 * index + 1];
}

/* The longest run of zero groups, the first of equals, if it is of two at least (RFC 5952, 4.2). */
static int find_zeros(const ax_ip_t *ip, int *length)
{
	int best = -1;
	*length = 1;
	for (int i = 0; i < GROUPS; i++) {
		int run = 0;
		while (i + run < GROUPS && !group(ip, i + run))
			run++;
		if (run > *length) {
			best = i;
			*length = run;
		}
	}
	return best;
}

static void format_v6(const ax_ip_t *ip, char *text, size_t capacity)
{
	size_t at = 0;
	int length, zeros = find_zeros(ip, &length);
	for (int i = 0; i < GROUPS && at < capacity; i++) {
		if (i == zeros) {
			at += (size_t)format_snprintf(text + at, capacity - at, "::");
			i += length - 1;
		} else {
			bool colon = i && (zeros < 0 || i != zeros + length);
			at += (size_t)format_snprintf(text + at, capacity - at, colon ? ":%x" : "%x", group(ip, i));
		}
	}
}

void ax_ip_format(const ax_ip_t *ip, char *text, size_t capacity)
{
	if (ip->family == AX_IP_V6)
		format_v6(ip, text, capacity);
	else
		format_snprintf(text, capacity, "%u.%u.%u.%u", ip->bytes[0], ip->bytes[1], ip->bytes[2], ip->bytes[3]);
}

bool ax_ip_is_unspecified(const ax_ip_t *ip)
{
	static const uint8_t none[V6_BYTES];
	return !memcmp(ip->bytes, none, sizeof none);
}

bool ax_ip_equal(const ax_ip_t *a, const ax_ip_t *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, V6_BYTES);
}
