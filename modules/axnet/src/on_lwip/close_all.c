/* SPDX-License-Identifier: Apache-2.0 */
/* Every connection of lwIP's, whether a socket has it or it is on its own: for the end of the network. */
#include "tcp_socket.h"

#include <lwip/priv/tcp_priv.h>

/* Sockets keep their pointers to what is released here: nobody follows them, as the lock is not given back. What was received
 * and not read makes it a reset (RFC 2525, 2.17), which lwIP sees by the window. */
void axnet_stack_close_all(void)
{
	while (tcp_listen_pcbs.listen_pcbs) {
		struct tcp_pcb *listener = tcp_listen_pcbs.pcbs;
		tcp_arg(listener, NULL);
		tcp_close(listener);
	}
	for (struct tcp_pcb *pcb = tcp_active_pcbs, *next; pcb; pcb = next) {
		next = pcb->next;
		if (pcb->callback_arg)
			axnet_tcp_release_window(pcb->callback_arg, pcb);
		axnet_tcp_detach(pcb);
		(void)(tcp_close(pcb) == ERR_OK); /* for want of memory: the timer tries again (TF_CLOSEPEND) */
	}
}

axnet_leftovers_t axnet_stack_leftovers(void)
{
	axnet_leftovers_t left = {};
	for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
		left.progress += pcb->lastack;
		if (pcb->state == FIN_WAIT_2)
			left.half++;
		else
			left.undelivered++;
	}
	return left;
}

void axnet_stack_abort_all(void)
{
	while (tcp_active_pcbs) {
		axnet_tcp_detach(tcp_active_pcbs);
		tcp_abort(tcp_active_pcbs);
	}
}
