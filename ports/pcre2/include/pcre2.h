/* SPDX-License-Identifier: Apache-2.0 */
/* The header as upstream ships it for who does not configure. */
#pragma once

#include <pcre2.h.generic>
