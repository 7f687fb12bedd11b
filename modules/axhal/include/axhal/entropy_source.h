/* SPDX-License-Identifier: Apache-2.0 */
/* A source of entropy beside the processor's. Feature `entropy_source`. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** A random number, or false: none now. Called in threads. */
typedef bool axhal_entropy_source_t(uint64_t *value);

/** From now on axhal_entropy() mixes what @p source gives with what the processor does; either will do. Once, at boot. */
void axhal_entropy_add(axhal_entropy_source_t *source);

#pragma GCC visibility pop
