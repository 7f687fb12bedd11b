/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's shell: upstream's shell.c, whose main() has this name in the port's library. */
int main_amalgamation_shell(int argc, char **argv);

int main(int argc, char **argv)
{
	return main_amalgamation_shell(argc, argv);
}
