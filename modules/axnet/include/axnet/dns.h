/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the Internet (RFC 1035). */
#pragma once

#include <axnet/axnet.h>

#pragma GCC visibility push(default)

/**
 * The address of @p name, which may be an address already; asks the name server (AX_DNS, or DHCP's). Waiting and context:
 * axnet.h.
 * @param family  AX_IP_ANY: of IPv4 if there is one
 * @retval AX_ERR_NOT_FOUND      there is no such name, or the server does not answer
 * @retval AX_ERR_NETWORK_DOWN   no server is known
 * @retval AX_ERR_NAME_TOO_LONG  longer than a name can be
 */
ax_err_t ax_dns_resolve(const char *name, ax_ip_family_t family, uint64_t deadline_ns, ax_ip_t *ip);

#pragma GCC visibility pop
