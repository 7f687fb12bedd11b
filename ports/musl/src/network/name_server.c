/* SPDX-License-Identifier: Apache-2.0 */
/* Which name server is asked: those of /etc/resolv.conf, as upstream's function of the same name reads it (renamed by the
 * port's manifest); without that file the network's, which was told by its environment or by DHCP. */
#include <unistd.h>
#include "../network/lookup.h"
#include "syscall.h"

hidden int musl_get_resolv_conf(struct resolvconf *conf, char *search, size_t search_bytes);

int __get_resolv_conf(struct resolvconf *conf, char *search, size_t search_bytes)
{
	char text[64];
	int result = musl_get_resolv_conf(conf, search, search_bytes);
	if (!result && access("/etc/resolv.conf", F_OK) && ax_sys_name_server(text, sizeof text) == 0)
		__lookup_ipliteral(conf->ns, text, AF_UNSPEC);
	return result;
}
