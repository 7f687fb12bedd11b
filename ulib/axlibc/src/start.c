/* SPDX-License-Identifier: Apache-2.0 */
/* From the kernel into main(): control block, library state, constructors, main(), exit(). */
#include "axlibc_start.h"

#include <axconfig/axconfig.h>
#include <axruntime/app.h>
#include <musl_port.h>

int axruntime_app_main(int argc, char **argv, char **envp)
{
	axlibc_prepare_main_thread();
	musl_port_run(argc, argv, envp, AX_CONFIG_STACK_BYTES);
}
