/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this program share. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/** Some check did not hold. */
extern bool filetest_failed;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("FAIL %s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno); \
			filetest_failed = true;                                                    \
		}                                                                                  \
	} while (0)

#define CHECK_FAILS(call, error) CHECK((call) == -1 && errno == (error))

/** Make a file with this text. */
void put(const char *path, const char *text);

/** Whether the file holds this text. */
bool holds(const char *path, const char *text);

/* data.c */
void reading_and_writing(void);
void opening(void);
void appending(void);
void vectors(void);
void holes(void);
void sizes(void);
void streams(void);

/* names.c */
void links(void);
void symbolic_links(void);
void renaming(void);
void removing(void);
void relative_names(void);

/* attributes.c */
void status(void);
void modes(void);
void times_of_files(void);
void file_systems(void);
void devices(void);

/* directories.c */
void current_directory(void);
void listing(void);

/* locks.c */
void whole_file_locks(void);
void record_locks(void);

/* mappings.c */
void private_mapping(void);
void other_sizes(void);
void shared_mapping(void);


/* fifos.c */
void fifos(void);
void sockets_by_name(void);
void sending_files(void);

/* rights.c and waiting.c, where there are threads, and memory has rights */
#pragma weak mended_accesses
#pragma weak refused_accesses
#pragma weak behind_the_end
#pragma weak waiting
void mended_accesses(void);
void refused_accesses(void);
void behind_the_end(void);
void waiting(void);
