/* SPDX-License-Identifier: Apache-2.0 */
/* From the runtime to a native application's main(). */
#include <axruntime/app.h>

extern int main(int argc, char **argv);

int axruntime_app_main(int argc, char **argv, [[maybe_unused]] char **envp)
{
	return main(argc, argv);
}
