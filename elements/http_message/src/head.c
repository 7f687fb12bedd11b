/* SPDX-License-Identifier: Apache-2.0 */
/* Start lines and fields. */
#include <http_message/http_message.h>
#include <memstr/memstr.h>

enum { DECIMAL = 10, HEXADECIMAL = 16, STATUS_DIGITS = 3, STATUS_MIN = 100 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Of a method or a field's name (RFC 9110, 5.6.2). */
static bool is_token(http_text_t text)
{
	for (size_t i = 0; i < text.bytes; i++) {
		char c = lower(text.start[i]);
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+-.^_`|~", c))))
			return false;
	}
	return text.bytes;
}

static http_text_t trim(http_text_t text)
{
	while (text.bytes && (*text.start == ' ' || *text.start == '\t')) {
		text.start++;
		text.bytes--;
	}
	while (text.bytes && (text.start[text.bytes - 1] == ' ' || text.start[text.bytes - 1] == '\t'))
		text.bytes--;
	return text;
}

/* Take what comes before @p end off @p text, and @p end. false: it is not there. */
static bool cut(http_text_t *text, char end, http_text_t *piece)
{
	const char *found = text->bytes ? memchr(text->start, end, text->bytes) : NULL;
	if (!found)
		return false;
	*piece = (http_text_t){ text->start, (size_t)(found - text->start) };
	text->start = found + 1;
	text->bytes -= piece->bytes + 1;
	return true;
}

/* A line without its end, which may lack the CR (RFC 9112, 2.2). */
static bool cut_line(http_text_t *text, http_text_t *line)
{
	if (!cut(text, '\n', line))
		return false;
	if (line->bytes && line->start[line->bytes - 1] == '\r')
		line->bytes--;
	return true;
}

size_t http_head_bytes(const char *data, size_t bytes)
{
	http_text_t rest = { data, bytes }, line;
	while (cut_line(&rest, &line)) {
		if (!line.bytes)
			return bytes - rest.bytes;
	}
	return 0;
}

static bool is_plain(http_text_t text)
{
	for (size_t i = 0; i < text.bytes; i++) {
		unsigned char c = (unsigned char)text.start[i];
		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

static bool cut_field(http_text_t *fields, http_text_t *name, http_text_t *value)
{
	http_text_t line;
	if (!cut_line(fields, &line) || !line.bytes || !cut(&line, ':', name))
		return false;
	*value = trim(line);
	return true;
}

/* Every line up to the empty one is a field. */
static bool check_fields(http_text_t fields)
{
	http_text_t line, name;
	while (cut_line(&fields, &line) && line.bytes) {
		if (!cut(&line, ':', &name) || !is_token(name) || !is_plain(line))
			return false;
	}
	return true;
}

static bool read_version(http_text_t text, unsigned *minor)
{
	enum { BYTES = sizeof "HTTP/1.1" - 1 };
	if (text.bytes != BYTES || memcmp(text.start, "HTTP/1.", BYTES - 1) || text.start[BYTES - 1] < '0' ||
	    text.start[BYTES - 1] > '9')
		return false;
	*minor = (unsigned)(text.start[BYTES - 1] - '0');
	return true;
}

bool http_read_request(const char *data, size_t bytes, http_head_t *head)
{
	http_text_t line;
	*head = (http_head_t){ .fields = { data, bytes } };
	return cut_line(&head->fields, &line) && cut(&line, ' ', &head->method) && cut(&line, ' ', &head->target) &&
	       is_token(head->method) && head->target.bytes && is_plain(head->target) && read_version(line, &head->minor) &&
	       check_fields(head->fields);
}

/* The reason behind the status says nothing to a program, and may be missing with its space. */
bool http_read_response(const char *data, size_t bytes, http_head_t *head)
{
	http_text_t line, version;
	uint64_t status;
	*head = (http_head_t){ .fields = { data, bytes } };
	if (!cut_line(&head->fields, &line) || !cut(&line, ' ', &version) || !read_version(version, &head->minor) ||
	    line.bytes < STATUS_DIGITS || (line.bytes > STATUS_DIGITS && line.start[STATUS_DIGITS] != ' ') ||
	    !http_decimal((http_text_t){ line.start, STATUS_DIGITS }, &status) || status < STATUS_MIN)
		return false;
	head->status = (unsigned)status;
	return check_fields(head->fields);
}

bool http_is(http_text_t text, const char *word)
{
	if (text.bytes != strlen(word))
		return false;
	for (size_t i = 0; i < text.bytes; i++) {
		if (lower(text.start[i]) != lower(word[i]))
			return false;
	}
	return true;
}

unsigned http_field(const http_head_t *head, const char *name, http_text_t *value)
{
	http_text_t fields = head->fields, own_name, own_value;
	unsigned count = 0;
	while (cut_field(&fields, &own_name, &own_value)) {
		if (http_is(own_name, name) && !count++)
			*value = own_value;
	}
	return count;
}

bool http_has(http_text_t text, const char *word)
{
	http_text_t piece;
	while (cut(&text, ',', &piece)) {
		if (http_is(trim(piece), word))
			return true;
	}
	return http_is(trim(text), word);
}

static bool read_number(http_text_t text, unsigned base, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.bytes; i++) {
		char c = lower(text.start[i]);
		unsigned digit = base;
		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a') + DECIMAL;
		if (digit >= base || __builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	return text.bytes;
}

bool http_decimal(http_text_t text, uint64_t *number)
{
	return read_number(text, DECIMAL, number);
}

bool http_hexadecimal(http_text_t text, uint64_t *number)
{
	return read_number(text, HEXADECIMAL, number);
}

http_range_result_t http_range(http_text_t value, uint64_t size, uint64_t *first, uint64_t *end)
{
	http_text_t unit, from;
	uint64_t number;
	*first = 0;
	*end = size;
	if (!cut(&value, '=', &unit) || !http_is(unit, "bytes") || !cut(&value, '-', &from))
		return HTTP_RANGE_ALL;
	if (!from.bytes) { /* the last so many */
		if (!http_decimal(value, &number))
			return HTTP_RANGE_ALL;
		*first = number < size ? size - number : 0;
		return number && size ? HTTP_RANGE_PART : HTTP_RANGE_UNSATISFIABLE;
	}
	if (!http_decimal(from, first) || (value.bytes && (!http_decimal(value, &number) || number < *first))) {
		*first = 0;
		return HTTP_RANGE_ALL;
	}
	if (*first >= size)
		return HTTP_RANGE_UNSATISFIABLE;
	if (value.bytes && number < size - 1)
		*end = number + 1;
	return HTTP_RANGE_PART;
}
