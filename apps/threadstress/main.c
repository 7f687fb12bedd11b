/* SPDX-License-Identifier: Apache-2.0 */
/* Reads how much to do, and does it. */
#include "threadstress.h"

static _Atomic uint64_t s_failures;

void note_failure(const char *what, const char *file, int line)
{
	enum { PRINTED = 20 };
	if (s_failures++ < PRINTED)
		ax_print("%s:%d: not so: %s\n", file, line, what);
}

uint64_t failures(void)
{
	return s_failures;
}

/* The number behind `key=`; false if it is none. */
static bool read_number(const char *text, uint64_t *number)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || value > (UINT64_MAX - 9) / 10)
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	*number = value;
	return true;
}

static bool read_argument(const char *argument, stress_t *stress)
{
	const struct {
		const char *key;
		uint64_t *number;
	} keys[] = {
		{ "alive=", &stress->alive },     { "created=", &stress->created }, { "rounds=", &stress->rounds },
		{ "seconds=", &stress->seconds }, { "seed=", &stress->seed },
	};
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		size_t length = 0;
		while (keys[i].key[length] && argument[length] == keys[i].key[length])
			length++;
		if (!keys[i].key[length])
			return read_number(argument + length, keys[i].number);
	}
	return false;
}

int main(int argc, char **argv)
{
	stress_t stress = { .alive = 1000, .created = 8000, .rounds = 600, .seed = 1 };
	for (int i = 1; i < argc; i++) {
		if (!read_argument(argv[i], &stress)) {
			ax_print("usage: threadstress [alive=THREADS] [created=THREADS] [rounds=N] [seconds=N] [seed=N]\n");
			return 2;
		}
	}
	bool holds = many_live_at_once(&stress);
	holds &= many_come_and_go(&stress);
	holds &= torture_locks(&stress);
	holds &= hold_meetings(&stress);
	return holds ? 0 : 1;
}
