/* SPDX-License-Identifier: Apache-2.0 */
/* What a PVH loader hands over: Xen, public/arch-x86/hvm/start_info.h. All addresses physical. */
#pragma once

#include <stdint.h>

#define START_INFO_MAGIC 0x336ec578u

typedef struct start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules_paddr, command_line_paddr, rsdp_paddr;
	/* version 1: */
	uint64_t memory_map_paddr;
	uint32_t memory_map_entries, reserved;
} start_info_t;
_Static_assert(sizeof(start_info_t) == 56, "");

typedef struct start_info_module {
	uint64_t paddr, size, command_line_paddr, reserved;
} start_info_module_t;

#define MEMORY_MAP_RAM 1u

typedef struct memory_map_entry {
	uint64_t paddr, size;
	uint32_t type, reserved;
} memory_map_entry_t;
_Static_assert(sizeof(memory_map_entry_t) == 24, "");
