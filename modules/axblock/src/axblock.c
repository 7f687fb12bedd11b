/* SPDX-License-Identifier: Apache-2.0 */
/* The list. It does not change after the boot. */
#include <axblock/axblock.h>
#include <axlog/axlog.h>

#include "list.h"

static block_device_t *s_devices[AXBLOCK_MAX];
static char s_names[AXBLOCK_MAX][4];
static size_t s_count;

void axblock_init(void)
{
	for (; s_count < AXBLOCK_MAX; s_count++) {
		char *name = s_names[s_count];
		name[0] = 'v';
		name[1] = 'd';
		name[2] = (char)('a' + s_count);
		block_device_t *device = axblock_make(s_count, name);
		if (!device)
			return;
		ax_info("%s: %llu blocks of %u bytes%s", name, (unsigned long long)device->block_count, device->block_bytes,
			device->read_only ? ", read-only" : "");
		s_devices[s_count] = device;
	}
	ax_warn("block devices: more than %u are passed over", AXBLOCK_MAX);
}

size_t axblock_count(void)
{
	return s_count;
}

block_device_t *axblock_get(size_t index)
{
	return index < s_count ? s_devices[index] : NULL;
}

block_device_t *axblock_find(const char *name)
{
	for (size_t i = 0; i < s_count; i++) {
		size_t at = 0;
		while (name[at] && name[at] == s_names[i][at])
			at++;
		if (!name[at] && !s_names[i][at])
			return s_devices[i];
	}
	return NULL;
}
