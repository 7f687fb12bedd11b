/* SPDX-License-Identifier: Apache-2.0 */
/* The controller of a memory card, by feature. */
#pragma once

#include <sd_card/host.h>

/** Start it. @p host stays as it is if the machine has none. */
ax_err_t axblock_start_sd_host(const sd_host_user_t *user, sd_host_t **host);
