/* SPDX-License-Identifier: Apache-2.0 */
/* For a library that asks for <string.h> and needs memcpy, memset and memcmp. */
#pragma once

#if __STDC_HOSTED__
#include_next <string.h>
#else
#include <memstr/memstr.h>
#endif
