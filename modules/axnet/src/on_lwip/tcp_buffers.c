/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much a connection may hold. lwIP's window and send buffer are the same for all: TCP_WND, TCP_SND_BUF. A socket that
 * wants less has a part of them withheld: of the window at once, as far as the peer has not been told of it yet (what it
 * has been told of is not taken back, RFC 9293, 3.8.6.2.1), else as it is read.
 */
#include "tcp_socket.h"

#include <base/base.h>
#include <lwip/priv/tcp_priv.h>

_Static_assert(TCP_WND == AX_NET_BUFFER_MAX && TCP_SND_BUF == AX_NET_BUFFER_MAX, "the most is lwIP's");
_Static_assert(AX_NET_BUFFER_MIN > 2 * TCP_WND_UPDATE_THRESHOLD, "a window that was read empty is worth telling of");

/* What of the window is to be withheld. */
static size_t surplus(const ax_tcp_t *tcp)
{
	size_t whole = TCP_WND_MAX(tcp->pcb);
	return whole - AX_MIN(whole, (size_t)tcp->receive_bytes);
}

static size_t owed(const ax_tcp_t *tcp)
{
	size_t wanted = surplus(tcp);
	return wanted - AX_MIN(wanted, (size_t)tcp->withheld);
}

static void give(struct tcp_pcb *pcb, size_t bytes)
{
	while (bytes) {
		u16_t part = (u16_t)AX_MIN(bytes, (size_t)UINT16_MAX);
		tcp_recved(pcb, part);
		bytes -= part;
	}
}

void axnet_tcp_open_window(ax_tcp_t *tcp, size_t bytes)
{
	if (tcp->receive_bytes < AX_NET_BUFFER_MAX) {
		size_t part = AX_MIN(bytes, owed(tcp));
		tcp->withheld += (uint32_t)part;
		bytes -= part;
	}
	give(tcp->pcb, bytes);
}

/* Of the window, what the peer has not been told of. */
static size_t untold(const struct tcp_pcb *pcb)
{
	int32_t told = (int32_t)(pcb->rcv_ann_right_edge - pcb->rcv_nxt);
	return pcb->rcv_wnd - AX_MIN(pcb->rcv_wnd, (tcpwnd_size_t)AX_MAX(told, 0));
}

static void withhold(ax_tcp_t *tcp)
{
	struct tcp_pcb *pcb = tcp->pcb;
	size_t part = AX_MIN(owed(tcp), untold(pcb));
	pcb->rcv_wnd -= (tcpwnd_size_t)part;
	pcb->rcv_ann_wnd = AX_MIN(pcb->rcv_ann_wnd, pcb->rcv_wnd);
	tcp->withheld += (uint32_t)part;
}

/* The window of a handshake's answer had 16 bits (RFC 7323, 2.2), whatever lwIP makes of it. */
void axnet_tcp_apply_buffers(ax_tcp_t *tcp)
{
	struct tcp_pcb *pcb = tcp->pcb;
	if ((int32_t)(pcb->rcv_ann_right_edge - pcb->rcv_nxt) > UINT16_MAX)
		pcb->rcv_ann_right_edge = pcb->rcv_nxt + UINT16_MAX;
	withhold(tcp);
}

void axnet_tcp_release_window(ax_tcp_t *tcp, struct tcp_pcb *pcb)
{
	if (tcp->pcb != pcb)
		return;
	pcb->rcv_wnd += tcp->withheld;
	tcp->withheld = 0;
}

/* tcp_sndbuf() would tell of 64 KiB at most. */
size_t axnet_tcp_send_room(const ax_tcp_t *tcp)
{
	size_t room = tcp->pcb->snd_buf, withheld = TCP_SND_BUF - tcp->send_bytes;
	return room > withheld ? room - withheld : 0;
}

bool axnet_tcp_has_room(const ax_tcp_t *tcp)
{
	return tcp->pcb && axnet_tcp_send_room(tcp) >= AX_MIN((size_t)TCP_SNDLOWAT, tcp->send_bytes / 2u) &&
	       tcp_sndqueuelen(tcp->pcb) < TCP_SNDQUEUELOWAT;
}

void ax_tcp_set_buffers(ax_tcp_t *tcp, size_t receive_bytes, size_t send_bytes)
{
	axnet_lock();
	tcp->receive_bytes = (uint32_t)axnet_buffer_bytes(receive_bytes);
	tcp->send_bytes = (uint32_t)axnet_buffer_bytes(send_bytes);
	if (tcp->pcb && tcp->state == SOCKET_CONNECTED) {
		size_t returned = tcp->withheld - AX_MIN((size_t)tcp->withheld, surplus(tcp));
		tcp->withheld -= (uint32_t)returned;
		give(tcp->pcb, returned);
		withhold(tcp);
		if (axnet_tcp_has_room(tcp))
			axnet_events_change(&tcp->events, AX_NET_WRITABLE, 0);
	}
	axnet_unlock();
}
