/* SPDX-License-Identifier: Apache-2.0 */
/* libfdt asks for it; the files that are built use nothing of it. */
#pragma once

#if __STDC_HOSTED__ /* a unit test */
#include_next <stdlib.h>
#endif
