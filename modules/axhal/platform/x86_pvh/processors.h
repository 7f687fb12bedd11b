/* SPDX-License-Identifier: Apache-2.0 */
/* Which processors the machine has. Feature `smp`. */
#pragma once

#include <memory_addr/memory_addr.h>

/**
 * The identifiers of the processors' local APICs, at most @p capacity, each once, the one that runs this among them or
 * not. By ACPI's MADT; where there is no ACPI, QEMU's firmware configuration tells their number, and they are numbered from
 * 0; if it is not there either, none. At boot.
 * @param acpi_root  of the root pointer, as the loader says; 0: look for it
 * @return how many
 */
size_t x86_pvh_list_processors(paddr_t acpi_root, uint32_t *apic_ids, size_t capacity);
