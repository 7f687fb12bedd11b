/* SPDX-License-Identifier: Apache-2.0 */
/* Runs every test registered by TEST() of one test binary; exit status: how many failed. */
#include <axtest.h>

enum { MAX_TESTS = 256 };

static struct CMUnitTest s_tests[MAX_TESTS];
static size_t s_count;

void axtest_register(const char *name, void (*body)(void **state))
{
	if (s_count == MAX_TESTS) {
		fprintf(stderr, "axtest: more than %d tests in one binary: raise MAX_TESTS\n", MAX_TESTS);
		exit(1);
	}
	s_tests[s_count++] = (struct CMUnitTest){ .name = name, .test_func = body };
}

int main(void)
{
	if (s_count == 0) {
		fprintf(stderr, "axtest: no test in this binary\n");
		return 1;
	}
	return _cmocka_run_group_tests("", s_tests, s_count, NULL, NULL);
}
