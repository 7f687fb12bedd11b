/* SPDX-License-Identifier: Apache-2.0 */
/* The words of idle blocks that link them. */
#pragma once

#include <magazine_cache/magazine_cache.h>

/* Of a block: the next one of its magazine. */
static inline magazine_link_t *next_block(void *block)
{
	return block;
}

/* Of a magazine's first block: the next magazine of the depot. */
static inline magazine_link_t *next_magazine(void *first_block)
{
	return (magazine_link_t *)first_block + 1;
}
