/* SPDX-License-Identifier: Apache-2.0 */
/* A program that knows nothing of Ashlar: sorts the numbers of its command line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *who = getenv("WHO");
	printf("Hello, %s!\n", who ? who : "nobody");
	size_t count = (size_t)argc - 1;
	double *numbers = malloc((count + 1) * sizeof *numbers);
	if (!numbers) {
		perror("malloc");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < count; i++)
		numbers[i] = strtod(argv[i + 1], NULL);
	qsort(numbers, count, sizeof *numbers, by_value);
	for (size_t i = 0; i < count; i++)
		printf("%g has the root %.6f\n", numbers[i], sqrt(numbers[i]));
	free(numbers);
	return EXIT_SUCCESS;
}
