/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the console is a terminal of ours to cook: a serial line is; a Linux process's standard input and output are
 * its host's terminal, file or pipe, already cooked or not meant to be.
 */
#pragma once

#include <axhal/features.h>

#define POSIX_CONSOLE_IS_TERMINAL (!AXHAL_FEATURE_LINUX)
