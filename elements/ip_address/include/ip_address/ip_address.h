/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the Internet, and their text (RFC 1123, 2.1; RFC 4291, 2.2; RFC 5952). Any context, no locks. */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef enum ax_ip_family {
	AX_IP_ANY,  /* of either: what a socket that serves both is bound to */
	AX_IP_V4,
	AX_IP_V6,
} ax_ip_family_t;

/** An address; all bytes 0 are every address of this machine's, of the family. */
typedef struct ax_ip {
	ax_ip_family_t family;
	uint8_t bytes[16]; /* in network order; of IPv4 the first 4, the rest 0 */
} ax_ip_t;

/** One end of a connection. */
typedef struct ax_endpoint {
	ax_ip_t ip;
	uint16_t port; /* in the machine's order */
} ax_endpoint_t;

#define AX_IP4(a, b, c, d) ((ax_ip_t){ .family = AX_IP_V4, .bytes = { (a), (b), (c), (d) } })

/** Bytes that the longest text of an address needs, its NUL included. */
#define AX_IP_TEXT_BYTES 46

/** Read "10.0.0.1" or "fe80::1". @retval AX_ERR_INVALID_INPUT  it is no address; @p ip is untouched */
ax_err_t ax_ip_parse(const char *text, ax_ip_t *ip);

/** Write the address as text; cut to @p capacity, NUL-terminated. */
void ax_ip_format(const ax_ip_t *ip, char *text, size_t capacity);

bool ax_ip_is_unspecified(const ax_ip_t *ip);
bool ax_ip_equal(const ax_ip_t *a, const ax_ip_t *b);

#pragma GCC visibility pop
