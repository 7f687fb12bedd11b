/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the lwIP stack share: addresses in its form and ours, its errors. */
#pragma once

#include "../core.h"
#include "../events.h"

#include <lwip/err.h>
#include <lwip/ip_addr.h>

/** @p ip in lwIP's form: of AX_IP_ANY the address that stands for all of both families. */
void axnet_to_lwip(const ax_ip_t *ip, ip_addr_t *out);
ax_ip_t axnet_from_lwip(const ip_addr_t *ip);

/** lwIP's type for sockets of the family. */
uint8_t axnet_lwip_type(ax_ip_family_t family);

ax_err_t axnet_from_lwip_error(err_t error);

/** Whether there is a way to @p ip; lock held. */
bool axnet_can_reach(const ip_addr_t *ip);
