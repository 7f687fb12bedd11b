/* SPDX-License-Identifier: Apache-2.0 */
/* Each check prints its name; a line that says FAIL has the place. Each cleans up what it made. See app.toml. */
#include "filetest.h"

#include <sys/stat.h>

bool filetest_failed;

void put(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

bool holds(const char *path, const char *text)
{
	char buffer[256];
	const int fd = open(path, O_RDONLY);
	const ssize_t count = read(fd, buffer, sizeof buffer);
	return close(fd) == 0 && count == (ssize_t)strlen(text) && memcmp(buffer, text, strlen(text)) == 0;
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} checks[] = {
		{ "reading and writing", reading_and_writing },
		{ "opening", opening },
		{ "appending", appending },
		{ "vectors", vectors },
		{ "holes", holes },
		{ "sizes", sizes },
		{ "streams", streams },
		{ "links", links },
		{ "symbolic links", symbolic_links },
		{ "renaming", renaming },
		{ "removing", removing },
		{ "relative names", relative_names },
		{ "status", status },
		{ "modes", modes },
		{ "times", times_of_files },
		{ "file systems", file_systems },
		{ "devices", devices },
		{ "current directory", current_directory },
		{ "listing", listing },
		{ "whole-file locks", whole_file_locks },
		{ "record locks", record_locks },
		{ "private mapping", private_mapping },
		{ "mappings of other sizes", other_sizes },
		{ "shared mapping", shared_mapping },
		{ "accesses that a handler mends", mended_accesses },
		{ "accesses that are refused", refused_accesses },
		{ "behind the end of a mapped file", behind_the_end },
		{ "FIFOs", fifos },
		{ "sockets by name", sockets_by_name },
		{ "sending files", sending_files },
		{ "FIFOs and asynchronous I/O between threads", waiting },
	};
	umask(022);
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		if (checks[i].run)
			checks[i].run();
		printf("%s\n", checks[i].name);
	}
	return filetest_failed;
}
