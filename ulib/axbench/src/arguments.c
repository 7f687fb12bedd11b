/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line asks for: `ROUNDS [NAME | KEY=N]...`. No C library, as native images have none. */
#include <axbench/axbench.h>
#include <stddef.h>

/* Where @p text goes on behind @p start, or NULL. */
static const char *after(const char *text, const char *start)
{
	while (*start) {
		if (*text++ != *start++)
			return NULL;
	}
	return text;
}

static uint64_t number(const char *digit)
{
	uint64_t value = 0;
	for (; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (uint64_t)(*digit - '0');
	return value;
}

static bool is_option(const char *argument)
{
	while (*argument && *argument != '=')
		argument++;
	return *argument == '=';
}

uint64_t axbench_rounds(int argc, char **argv, uint64_t otherwise)
{
	return argc > 1 ? number(argv[1]) : otherwise;
}

bool axbench_wants(int argc, char **argv, const char *name)
{
	bool named = false;
	for (int i = 2; i < argc; i++) {
		if (is_option(argv[i]))
			continue;
		named = true;
		const char *rest = after(argv[i], name);
		if (rest && !*rest)
			return true;
	}
	return !named;
}

uint64_t axbench_option(int argc, char **argv, const char *key)
{
	for (int i = 2; i < argc; i++) {
		const char *rest = after(argv[i], key);
		if (rest && *rest == '=')
			return number(rest + 1);
	}
	return 0;
}
