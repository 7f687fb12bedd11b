/* SPDX-License-Identifier: Apache-2.0 */
/* Open files on their way from one Unix-domain socket to another (SCM_RIGHTS; POSIX.1-2017, XBD <sys/socket.h>). */
#pragma once

#include "descriptor.h"

#include <posix_api/abi_socket.h>

typedef struct posix_rights {
	struct posix_rights *next; /* of those that are to be discarded */
	unsigned count;
	posix_file_t *files[];     /* a reference to each */
} posix_rights_t;

/** What the message's control data asks to send along: NULL for nothing. 0, or a negated errno. */
long posix_rights_collect(const struct ax_msghdr *message, posix_rights_t **rights);

/** Descriptors for the caller, as many as the control data has room for; used up. Sets the control data's length and MSG_CTRUNC. */
void posix_rights_deliver(posix_rights_t *rights, struct ax_msghdr *message, int flags);

/** Give a list of them back: what nobody else has is closed. No lock held that a file's release may want. */
void posix_rights_discard(posix_rights_t *rights);
