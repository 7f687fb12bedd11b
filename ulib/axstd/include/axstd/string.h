/* SPDX-License-Identifier: Apache-2.0 */
/* memcpy(), strlen() and the others of their kind, for applications. */
#pragma once

#include <memstr/memstr.h>
