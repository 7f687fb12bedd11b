/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers that a seed repeats, checks that tell the operation, and the two parts of the test. */
#pragma once

#include <axstd/axstd.h>

typedef struct fsx {
	uint64_t random;         /* state of fsx_random() */
	unsigned long seed;
	unsigned long operation; /* number of the one that is being done */
	const char *directory;
	uint64_t size_max;       /* of a file */
} fsx_t;

/** A number below @p below. */
uint32_t fsx_random(fsx_t *self, uint32_t below);

/** The test has failed: say where, and end. */
[[gnu::noreturn]] void fsx_fail(const fsx_t *self, const char *what, ax_err_t error);

/** @p operations on one file: reads, writes, appends, cuts, each against an array. */
void fsx_contents(fsx_t *self, unsigned long operations);

/** @p operations on names in two levels of directories: made, linked, renamed, removed, listed, against a table. */
void fsx_names(fsx_t *self, unsigned long operations);

/** Eight threads with @p operations each on the same names: whatever they do, at the end nothing is left. */
void fsx_threads(fsx_t *self, unsigned long operations);
