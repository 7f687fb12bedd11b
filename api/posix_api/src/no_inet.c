/* SPDX-License-Identifier: Apache-2.0 */
/* An image without the network (feature `net`): there are Unix-domain sockets alone. */
#include "socket.h"

#include <axerrno/axerrno.h>
#include <posix_api/syscalls.h>

long posix_inet_new([[maybe_unused]] int family, [[maybe_unused]] int type, [[maybe_unused]] int protocol,
		    [[maybe_unused]] posix_socket_t **socket)
{
	return -AX_ERR_ADDRESS_FAMILY;
}

void posix_inet_end(void)
{
}

long ax_sys_name_server([[maybe_unused]] char *text, [[maybe_unused]] size_t capacity)
{
	return -AX_ERR_NOT_FOUND;
}
