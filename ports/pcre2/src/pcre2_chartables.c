/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the C locale, as upstream ships them. */
#include "pcre2_chartables.c.dist"
