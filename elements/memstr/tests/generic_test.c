/* SPDX-License-Identifier: Apache-2.0 */
/* The portable mem* of src/, which this machine's own files replace, under names of their own. */
#include "checks.h"
#include "names.h"

#undef MEMSTR_NAME
#undef MEMSTR_LINK
#define MEMSTR_NAME(name) generic_##name
#define MEMSTR_LINK(name) "generic_" #name

#define word_t move_word_t
#include "../src/move.c"
#undef word_t
#define word_t set_word_t
#include "../src/set.c"

TEST(portable_memmove_is_right_at_all_sizes_misalignments_and_overlaps)
{
	check_move(generic_memmove);
	check_move(generic_memcpy);
	check_long_moves(generic_memmove);
}

TEST(portable_memset_touches_its_bytes_alone)
{
	check_set(generic_memset);
	check_long_sets(generic_memset);
}
