/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Echo (RFC 862) on the stack for datagrams alone. A datagram is borrowed where it arrived and sent back from there; TCP is
 * asked for once, to show how it is refused.
 */
#include <axstd/axstd.h>

enum { ECHO_PORT = 7, PARTS = 64 };

static ax_err_t echo(ax_udp_t *udp)
{
	ax_udp_loan_t *loan;
	ax_net_piece_t pieces[PARTS];
	ax_err_t error = ax_udp_borrow(udp, AX_NET_FOREVER, &loan);
	if (error)
		return error;
	error = ax_udp_send_pieces(udp, pieces, ax_udp_loan_pieces(loan, pieces, PARTS), ax_udp_loan_from(loan));
	if (error)
		ax_print("udpecho: %s\n", ax_err_text(error));
	ax_udp_return(loan);
	return AX_OK;
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	AX_SCOPED_UDP udp = NULL;
	ax_tcp_t *tcp;
	ax_err_t error = ax_tcp_new(AX_IP_V4, &tcp);
	ax_print("udpecho: TCP: %s\n", ax_err_text(error));
	error = ax_udp_new(AX_IP_V4, &udp);
	if (!error)
		error = ax_udp_bind(udp, &(ax_endpoint_t){ .port = ECHO_PORT }, false);
	if (!error)
		ax_print("udpecho: port %d\n", ECHO_PORT);
	while (!error)
		error = echo(udp);
	ax_print("udpecho: %s\n", ax_err_text(error));
	return 1;
}
