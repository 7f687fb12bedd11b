/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interfaces, and what arrives at them. A lent buffer has room for its holder (net_buffer_t.holder): there lies the pbuf
 * that describes it, so that a received frame costs no allocation either.
 *
 * Whoever holds many received frames (a connection whose reader is slow) would starve the device of buffers. Beyond three
 * quarters of them frames are copied, and the buffer goes back at once: then it is the heap that bounds them.
 */
#include <base/base.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/pbuf.h>
#include <lwip/timeouts.h>
#include <lwip_net/host.h>
#include <lwip_net/lwip_net.h>
#include <memstr/memstr.h>
#include <netif/ethernet.h>
#include "lwip_net_internal.h"

enum { NS_PER_MS = 1000000 };

/* The pbuf in a lent buffer. */
typedef struct lent_pbuf {
	struct pbuf_custom pbuf;
	lwip_net_t *owner;
} lent_pbuf_t;
_Static_assert(sizeof(lent_pbuf_t) <= sizeof(((net_buffer_t *)0)->holder), "the holder's room holds a pbuf");

static lwip_net_t *s_first;

void lwip_net_init(const uint64_t secret[2])
{
	lwip_net_seed(secret);
	lwip_init();
}

static err_t open_netif(struct netif *netif)
{
	lwip_net_t *self = netif->state;
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->hostname = "ashlar";
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = lwip_net_transmit;
	netif->mtu = self->device->mtu;
	netif->hwaddr_len = NET_ADDRESS_BYTES;
	memcpy(netif->hwaddr, self->device->address, NET_ADDRESS_BYTES);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	self->checksums = NETIF_CHECKSUM_ENABLE_ALL;
	if (self->device->offloads & NET_OFFLOAD_TX_CHECKSUM)
		self->checksums &= (uint16_t)~NETIF_CHECKSUM_GEN_TCP;
	NETIF_SET_CHECKSUM_CTRL(netif, self->checksums);
	return ERR_OK;
}

/* A frame that was queued has been read. */
static void sent(net_device_t *device, void *cookie)
{
	lwip_net_t *self = device->context;
	self->unread--;
	if (!lwip_net_release_gathered(cookie))
		pbuf_free(cookie);
}

void lwip_net_add(lwip_net_t *self, net_device_t *device)
{
	*self = (lwip_net_t){ .device = device, .lent_max = device->receive_buffers * 3u / 4 };
	device->sent = sent;
	device->context = self;
	netif_add_noaddr(&self->netif, self, open_netif, ethernet_input);
	netif_create_ip6_linklocal_address(&self->netif, 1);
	netif_set_ip6_autoconfig_enabled(&self->netif, 1);
	if (!s_first)
		netif_set_default(&self->netif);
	self->next = s_first;
	s_first = self;
	if (device->link_is_up)
		netif_set_link_up(&self->netif);
	netif_set_up(&self->netif);
}

static void give_back(struct pbuf *pbuf)
{
	lent_pbuf_t *lent = (lent_pbuf_t *)pbuf;
	lent->owner->lent--;
	net_device_return(lent->owner->device, container_of(lent, net_buffer_t, holder));
}

/* The pieces as a chain of pbufs. Cannot fail: each lies in its piece. */
static struct pbuf *lend(lwip_net_t *self, net_buffer_t *frame)
{
	struct pbuf *first = NULL, *last = NULL;
	uint32_t left = frame->frame_bytes;
	for (net_buffer_t *piece = frame; piece; piece = piece->next) {
		lent_pbuf_t *lent = (lent_pbuf_t *)piece->holder;
		lent->owner = self;
		lent->pbuf.custom_free_function = give_back;
		struct pbuf *pbuf = pbuf_alloced_custom(PBUF_RAW, (u16_t)piece->bytes, PBUF_REF, &lent->pbuf, piece->data,
							(u16_t)piece->bytes);
		pbuf->tot_len = (u16_t)left;
		left -= piece->bytes;
		if (last)
			last->next = pbuf;
		else
			first = pbuf;
		last = pbuf;
		self->lent++;
	}
	return first;
}

static void give_back_all(lwip_net_t *self, net_buffer_t *frame)
{
	while (frame) {
		net_buffer_t *next = frame->next;
		net_device_return(self->device, frame);
		frame = next;
	}
}

static struct pbuf *copy(lwip_net_t *self, net_buffer_t *frame)
{
	struct pbuf *pbuf = pbuf_alloc(PBUF_RAW, (u16_t)frame->frame_bytes, PBUF_RAM);
	char *to = pbuf ? pbuf->payload : NULL;
	for (net_buffer_t *piece = frame; pbuf && piece; piece = piece->next) {
		memcpy(to, piece->data, piece->bytes);
		to += piece->bytes;
	}
	give_back_all(self, frame);
	return pbuf;
}

/* Checksums are looked at or not by the interface's flags, which are therefore set for each frame. */
static void take_in(lwip_net_t *self, net_buffer_t *frame)
{
	bool is_checked = frame->flags & NET_BUFFER_CHECKED;
	struct pbuf *pbuf = NULL;
	if (frame->frame_bytes > UINT16_MAX || !lwip_net_guard(&self->netif, frame->data, frame->bytes)) {
		give_back_all(self, frame);
	} else {
		pbuf = self->lent < self->lent_max ? lend(self, frame) : copy(self, frame);
	}
	if (!pbuf) {
		self->dropped++;
		return;
	}
	uint16_t checksums = self->checksums;
	if (is_checked)
		checksums &= (uint16_t)~(NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP);
	NETIF_SET_CHECKSUM_CTRL(&self->netif, checksums);
	if (self->netif.input(pbuf, &self->netif) != ERR_OK)
		pbuf_free(pbuf);
}

static size_t poll_interface(lwip_net_t *self, size_t budget)
{
	size_t frames = 0;
	bool up = self->device->link_is_up;
	if (up != netif_is_link_up(&self->netif)) {
		if (up)
			netif_set_link_up(&self->netif);
		else
			netif_set_link_down(&self->netif);
	}
	net_device_reclaim(self->device);
	for (; frames < budget; frames++) {
		net_buffer_t *frame = net_device_receive(self->device);
		if (!frame)
			break;
		take_in(self, frame);
	}
	return frames;
}

size_t lwip_net_poll(size_t budget)
{
	size_t most = 0;
	for (lwip_net_t *self = s_first; self; self = self->next) {
		size_t frames = poll_interface(self, budget);
		most = AX_MAX(most, frames);
	}
	sys_check_timeouts();
	lwip_net_flush();
	return most;
}

void lwip_net_flush(void)
{
	(void)lwip_net_flush_most(0);
}

static bool tell(lwip_net_t *self, unsigned held)
{
	if (self->untold > held) {
		self->untold = 0;
		net_device_kick(self->device);
	}
	return self->untold;
}

bool lwip_net_flush_most(unsigned held)
{
	bool is_left = false;
	netif_poll_all();
	for (lwip_net_t *self = s_first; self; self = self->next) {
		lwip_net_send_fragments(self);
		(void)lwip_net_send_gathered(self); /* with no room now, when there is */
		is_left |= tell(self, held);
	}
	return is_left;
}

void lwip_net_tell(void)
{
	for (lwip_net_t *self = s_first; self; self = self->next)
		(void)tell(self, 0);
}

uint64_t lwip_net_deadline_ns(void)
{
	u32_t ms = sys_timeouts_sleeptime();
	if (ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE)
		return UINT64_MAX;
	return (lwip_net_host_now_ns() / NS_PER_MS + ms) * NS_PER_MS;
}

bool lwip_net_arm(bool wanted)
{
	bool arrived = false;
	for (lwip_net_t *self = s_first; self; self = self->next)
		arrived |= net_device_arm(self->device, wanted);
	return arrived;
}

bool lwip_net_is_idle(void)
{
	bool is_idle = true;
	for (lwip_net_t *self = s_first; self; self = self->next) {
		net_device_reclaim(self->device);
		is_idle &= !self->unread && !self->gathered;
	}
	return is_idle;
}
