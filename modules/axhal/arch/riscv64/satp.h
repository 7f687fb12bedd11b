/* SPDX-License-Identifier: Apache-2.0 */
/* The mode of translation: page_table_entry's, for C and assembly. */
#pragma once

#include <page_table_entry/features.h>
#include "registers.h"

#if PAGE_TABLE_ENTRY_FEATURE_SV48
#define SATP_MODE SATP_SV48
#else
#define SATP_MODE SATP_SV39
#endif
