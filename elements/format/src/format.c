/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter. A conversion is parsed into a spec, then every kind ends in print_field(): prefix, zeros and body,
 * padded to the width. Digits are the only thing built in memory; padding goes out from a constant.
 */
#include <format/format.h>
#include <limits.h>
#include <memstr/memstr.h>
#include <stdbool.h>
#include <stdint.h>

_Static_assert(sizeof(long) == 8, "length modifiers l, ll, j, z, t and pointers are taken as 64 bits");

enum { MAX_DIGITS = 22 }; /* of 64 bits in octal */

typedef struct output {
	format_sink_t *sink;
	void *context;
	size_t length;
	va_list arguments;
} output_t;

typedef struct spec {
	unsigned flags; /* bit N: the Nth of FLAGS was given */
	unsigned bits;	/* of an integer argument */
	bool has_precision;
	size_t width, precision;
} spec_t;

#define FLAGS "-+ 0#"
enum { LEFT = 1, PLUS = 2, SPACE = 4, ZERO = 8, ALTERNATE = 16, POINTER = 32 };

static void emit(output_t *out, const char *text, size_t length)
{
	if (length) {
		out->sink(out->context, text, length);
		out->length += length;
	}
}

/*
 * The next argument, whatever its type: on every 64-bit ABI that we know a variadic int, long or pointer takes
 * one slot of 8 bytes (System V x86-64 3.5.7, AAPCS64, RISC-V psABI), an int's upper half undefined. One va_arg
 * is a third of the code of one for each type.
 */
__attribute__((noinline)) static uint64_t next_argument(output_t *out)
{
	return va_arg(out->arguments, unsigned long);
}

__attribute__((noinline)) static void pad(output_t *out, char with, size_t count)
{
	static const char spaces[] = "                ", zeros[] = "0000000000000000";
	while (count) {
		size_t part = count < sizeof zeros - 1 ? count : sizeof zeros - 1;
		emit(out, with == '0' ? zeros : spaces, part);
		count -= part;
	}
}

/* prefix, zeros, body; spaces before or behind up to the width. */
static void print_field(output_t *out, const spec_t *spec, const char *prefix, size_t zeros, const char *body,
			size_t body_length)
{
	size_t prefix_length = strlen(prefix);
	size_t length = prefix_length + zeros + body_length;
	size_t spaces = spec->width > length ? spec->width - length : 0;
	if (!(spec->flags & LEFT))
		pad(out, ' ', spaces);
	emit(out, prefix, prefix_length);
	pad(out, '0', zeros);
	emit(out, body, body_length);
	if (spec->flags & LEFT)
		pad(out, ' ', spaces);
}

static void print_number(output_t *out, const spec_t *spec, const char *prefix, uint64_t value, unsigned base,
			 char letters)
{
	char digits[MAX_DIGITS], *end = digits + sizeof digits, *start = end;
	for (; value; value /= base) {
		unsigned digit = (unsigned)(value % base);
		*--start = (char)(digit < 10 ? '0' + digit : letters + digit - 10);
	}
	size_t length = (size_t)(end - start);
	size_t least = spec->has_precision ? spec->precision : 1;
	if (base == 8 && (spec->flags & ALTERNATE) && least <= length)
		least = length + 1;
	size_t zeros = least > length ? least - length : 0;
	size_t used = strlen(prefix) + zeros + length;
	if ((spec->flags & (ZERO | LEFT)) == ZERO && !spec->has_precision && spec->width > used)
		zeros += spec->width - used;
	print_field(out, spec, prefix, zeros, start, length);
}

/* Prints the next argument, an integer of spec->bits bits. */
static void print_integer(output_t *out, const spec_t *spec, bool is_signed, unsigned base, char letters)
{
	unsigned unused = 64 - spec->bits;
	uint64_t value = next_argument(out) << unused;
	const char *prefix = "";
	if (is_signed) {
		int64_t number = (int64_t)value >> unused;
		prefix = number < 0 ? "-" : spec->flags & PLUS ? "+" : spec->flags & SPACE ? " " : "";
		value = number < 0 ? -(uint64_t)number : (uint64_t)number;
	} else {
		value >>= unused;
		if ((spec->flags & POINTER) || ((spec->flags & ALTERNATE) && base == 16 && value))
			prefix = letters == 'a' ? "0x" : "0X";
	}
	print_number(out, spec, prefix, value, base, letters);
}

static void print_string(output_t *out, const spec_t *spec)
{
	const char *text = (const char *)(uintptr_t)next_argument(out);
	if (!text)
		text = "(null)";
	print_field(out, spec, "", 0, text, strnlen(text, spec->has_precision ? spec->precision : SIZE_MAX));
}

static const char *parse_flags(const char *at, spec_t *spec)
{
	for (const char *flag; *at && (flag = strchr(FLAGS, *at)); at++)
		spec->flags |= 1u << (flag - FLAGS);
	return at;
}

/* A decimal number or *; a number too large for int stays at INT_MAX. */
static const char *parse_number(const char *at, output_t *out, int *number)
{
	if (*at == '*') {
		*number = (int)next_argument(out);
		return at + 1;
	}
	for (*number = 0; *at >= '0' && *at <= '9'; at++)
		*number = *number > (INT_MAX - 9) / 10 ? INT_MAX : *number * 10 + (*at - '0');
	return at;
}

static const char *parse_spec(const char *at, output_t *out, spec_t *spec)
{
	int number;
	at = parse_number(parse_flags(at, spec), out, &number);
	if (number < 0) {
		spec->flags |= LEFT;
		number = number == INT_MIN ? INT_MAX : -number;
	}
	spec->width = (size_t)number;
	if (*at == '.') {
		at = parse_number(at + 1, out, &number);
		spec->has_precision = number >= 0;
		spec->precision = (size_t)number;
	}
	spec->bits = 32;
	for (; *at == 'h'; at++)
		spec->bits /= 2;
	for (; *at == 'l' || *at == 'j' || *at == 'z' || *at == 't'; at++)
		spec->bits = 64;
	return at;
}

/* Prints the conversion @p letter; false: there is no such one. */
static bool print_conversion(output_t *out, spec_t *spec, char letter)
{
	switch (letter) {
	case 'd':
	case 'i':
		print_integer(out, spec, true, 10, 'a');
		return true;
	case 'p':
		spec->bits = 64;
		spec->flags |= POINTER;
		print_integer(out, spec, false, 16, 'a');
		return true;
	case 'u':
		print_integer(out, spec, false, 10, 'a');
		return true;
	case 'o':
		print_integer(out, spec, false, 8, 'a');
		return true;
	case 'x':
	case 'X':
		print_integer(out, spec, false, 16, (char)(letter - 'x' + 'a'));
		return true;
	case 'c':
		print_field(out, spec, "", 0, &(char){ (char)next_argument(out) }, 1);
		return true;
	case 's':
		print_string(out, spec);
		return true;
	case '%':
		emit(out, "%", 1);
		return true;
	default:
		return false;
	}
}

size_t format_v(format_sink_t *sink, void *context, const char *format, va_list arguments)
{
	output_t out = { .sink = sink, .context = context };
	va_copy(out.arguments, arguments);
	while (*format) {
		const char *plain = format;
		while (*format && *format != '%')
			format++;
		emit(&out, plain, (size_t)(format - plain));
		if (!*format)
			break;
		const char *percent = format;
		spec_t spec = {};
		format = parse_spec(format + 1, &out, &spec);
		char letter = *format;
		if (letter)
			format++;
		if (!print_conversion(&out, &spec, letter))
			emit(&out, percent, (size_t)(format - percent));
	}
	va_end(out.arguments);
	return out.length;
}

size_t format_to(format_sink_t *sink, void *context, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	size_t length = format_v(sink, context, format, arguments);
	va_end(arguments);
	return length;
}
