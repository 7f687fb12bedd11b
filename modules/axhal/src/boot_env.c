/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up the boot environment. */
#include <axhal/boot.h>

const char *axhal_boot_env(const char *name)
{
	for (char **entry = axhal_boot_args()->envp; *entry; entry++) {
		size_t i = 0;
		while (name[i] && (*entry)[i] == name[i])
			i++;
		if (!name[i] && (*entry)[i] == '=')
			return *entry + i + 1;
	}
	return NULL;
}
