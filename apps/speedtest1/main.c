/* SPDX-License-Identifier: Apache-2.0 */
/* speedtest1: upstream's test/speedtest1.c, whose main() has this name in the port's library. */
int main_test_speedtest1(int argc, char **argv);

int main(int argc, char **argv)
{
	return main_test_speedtest1(argc, argv);
}
