/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations on a file system, compared with a model: after Apple's and then Linux's "fsx" for a file's
 * contents, and the same for names. `seed=N` repeats a run, `operations=N` says how many of each, `directory=D`
 * where, `size=BYTES` how large a file becomes. A difference ends the test with the number of the operation.
 */
#include "fsx.h"

#include <axhal/power.h>
#include <fsx/features.h>

uint32_t fsx_random(fsx_t *self, uint32_t below)
{
	/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016) */
	self->random ^= self->random >> 12;
	self->random ^= self->random << 25;
	self->random ^= self->random >> 27;
	return (uint32_t)((self->random * UINT64_C(2685821657736338717) >> 32) * below >> 32);
}

void fsx_fail(const fsx_t *self, const char *what, ax_err_t error)
{
	ax_print("fsx: seed=%lu, operation %lu: %s: %s\n", self->seed, self->operation, what, ax_err_text(error));
	axhal_exit(1);
}

/* The number behind "name=" in an argument, or @p fallback. */
static unsigned long number_of(int argc, char **argv, const char *name, unsigned long fallback)
{
	for (int i = 1; i < argc; i++) {
		size_t k = 0;
		while (name[k] && argv[i][k] == name[k])
			k++;
		if (name[k] || argv[i][k] != '=')
			continue;
		unsigned long number = 0;
		for (const char *digit = &argv[i][k + 1]; *digit >= '0' && *digit <= '9'; digit++)
			number = number * 10 + (unsigned long)(*digit - '0');
		return number;
	}
	return fallback;
}

static const char *text_of(int argc, char **argv, const char *name, const char *fallback)
{
	for (int i = 1; i < argc; i++) {
		size_t k = 0;
		while (name[k] && argv[i][k] == name[k])
			k++;
		if (!name[k] && argv[i][k] == '=')
			return &argv[i][k + 1];
	}
	return fallback;
}

int main(int argc, char **argv)
{
	const unsigned long operations = number_of(argc, argv, "operations", 20000);
	fsx_t self = {
		.seed = number_of(argc, argv, "seed", 1),
		.directory = text_of(argc, argv, "directory", "/"),
		.size_max = number_of(argc, argv, "size", 256 * 1024),
	};
	self.random = self.seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	ax_err_t error = ax_path_change(self.directory);
	if (error != AX_OK)
		fsx_fail(&self, self.directory, error);
	fsx_contents(&self, operations);
	ax_print("contents: %lu operations\n", operations);
	fsx_names(&self, operations);
	ax_print("names: %lu operations\n", operations);
#if FSX_FEATURE_THREADS
	fsx_threads(&self, operations);
	ax_print("threads: %lu operations each\n", operations);
#endif
	return 0;
}
