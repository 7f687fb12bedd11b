/* SPDX-License-Identifier: Apache-2.0 */
/* The first thing that axhal_exit() does. */
#pragma once

#include <axhal/features.h>

#if AXHAL_FEATURE_GUARD_TIMING
#include <axhal/exit_report.h>
#else
static inline void axhal_exit_report([[maybe_unused]] int status)
{
}
#endif
