/* SPDX-License-Identifier: Apache-2.0 */
/* What axhal's parts give one another and nobody else: the linker script's symbols, and each platform's small duties. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the image; virtual addresses. */
extern char ax_image_start[], ax_text_start[], ax_text_end[], ax_rodata_start[], ax_rodata_end[];
extern char ax_data_start[], ax_bss_end[], ax_tdata_start[], ax_tdata_end[], ax_tls_end[];
extern char ax_rootfs_start[], ax_rootfs_end[];
extern const char ax_ksyms[];

/* The boot stack and the page below it, which is never mapped. Bare machines. */
extern char ax_boot_guard[], ax_boot_stack[], ax_boot_stack_top[];

/* Each CPU's per-CPU variables, one area after the other. */
extern char ax_percpu_areas[];

/** Eight bytes at @p address can be read without a fault. Any context. Each platform has its own. */
bool axhal_is_readable(uintptr_t address);

/** Bytes from ax_ksyms to the image's end: the symbol table, or the place for it. */
size_t axhal_symbols_bytes(void);

/** Make a loader's command line axhal_boot_args()'s; keeps both, see boot_line_split(). */
void axhal_boot_args_set(char *line, char **pointers);
