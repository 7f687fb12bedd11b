/* SPDX-License-Identifier: Apache-2.0 */
/* An image without the network (feature `net`): there are Unix-domain sockets alone. */
#include "socket.h"

#include <axerrno/axerrno.h>

long posix_inet_new([[maybe_unused]] int family, [[maybe_unused]] int type, [[maybe_unused]] int protocol,
		    [[maybe_unused]] posix_socket_t **socket)
{
	return -AX_ERR_ADDRESS_FAMILY;
}

void posix_inet_end(void)
{
}
