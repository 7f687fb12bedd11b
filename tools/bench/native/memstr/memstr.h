/* SPDX-License-Identifier: Apache-2.0 */
/* The C library has them: see axstd/axstd.h beside this. */
#pragma once

#include <string.h>
