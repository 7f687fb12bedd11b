/* SPDX-License-Identifier: Apache-2.0 */
/* The stack "lwip": lwIP as this module's. */
#include "stack.h"

#include <axalloc/axalloc.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip_net/host.h>
#include <lwip_net/lwip_net.h>
#include <memstr/memstr.h>

enum { V4_BYTES = 4, V6_BYTES = 16 };

static lwip_net_t s_interface;
static bool s_has_interface;
static axnet_events_t s_configured; /* readable: the interface has an address */
static bool s_slept_without_tcp;    /* the worker's deadline is no TCP timer's. Protocols' lock */

void *lwip_net_host_alloc(size_t bytes)
{
	return axalloc_alloc(bytes, 0);
}

void lwip_net_host_free(void *pointer)
{
	axalloc_free(pointer);
}

uint64_t lwip_net_host_now_ns(void)
{
	return axhal_now_ns();
}

void axnet_to_lwip(const ax_ip_t *ip, ip_addr_t *out)
{
	if (ip->family == AX_IP_ANY) {
		*out = *IP_ANY_TYPE;
		return;
	}
	ip_addr_set_zero(out);
	if (ip->family == AX_IP_V6) {
		IP_SET_TYPE(out, IPADDR_TYPE_V6);
		memcpy(ip_2_ip6(out)->addr, ip->bytes, V6_BYTES);
		/* An address of the link's (RFC 4007) is of the one interface that there is. */
		if (s_has_interface && ip6_addr_lacks_zone(ip_2_ip6(out), IP6_UNKNOWN))
			ip6_addr_assign_zone(ip_2_ip6(out), IP6_UNKNOWN, &s_interface.netif);
	} else {
		IP_SET_TYPE(out, IPADDR_TYPE_V4);
		memcpy(&ip_2_ip4(out)->addr, ip->bytes, V4_BYTES);
	}
}

ax_ip_t axnet_from_lwip(const ip_addr_t *ip)
{
	ax_ip_t result = {};
	if (IP_IS_V6(ip)) {
		result.family = AX_IP_V6;
		memcpy(result.bytes, ip_2_ip6(ip)->addr, V6_BYTES);
	} else if (IP_IS_V4_VAL(*ip)) {
		result.family = AX_IP_V4;
		memcpy(result.bytes, &ip_2_ip4(ip)->addr, V4_BYTES);
	}
	return result;
}

uint8_t axnet_lwip_type(ax_ip_family_t family)
{
	return family == AX_IP_V4 ? IPADDR_TYPE_V4 : family == AX_IP_V6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY;
}

ax_err_t axnet_from_lwip_error(err_t error)
{
	switch (error) {
	case ERR_OK:
		return AX_OK;
	case ERR_MEM:
	case ERR_BUF:
		return AX_ERR_NO_BUFFERS;
	case ERR_TIMEOUT:
	case ERR_ABRT: /* lwIP gave up */
		return AX_ERR_TIMED_OUT;
	case ERR_RTE:
		return AX_ERR_NETWORK_UNREACHABLE;
	case ERR_USE:
		return AX_ERR_ADDRESS_IN_USE;
	case ERR_RST:
		return AX_ERR_CONNECTION_RESET;
	case ERR_CONN:
	case ERR_CLSD:
		return AX_ERR_NOT_CONNECTED;
	case ERR_WOULDBLOCK:
		return AX_ERR_WOULD_BLOCK;
	case ERR_ISCONN:
		return AX_ERR_CONNECTED;
	case ERR_IF:
		return AX_ERR_NETWORK_DOWN;
	default:
		return AX_ERR_INVALID_INPUT;
	}
}

bool axnet_can_reach(const ip_addr_t *ip)
{
	return ip_route(IP46_ADDR_ANY(IP_GET_TYPE(ip)), ip) != NULL;
}

static void on_status(struct netif *netif)
{
	char text[AX_IP_TEXT_BYTES];
	if (ip4_addr_isany(netif_ip4_addr(netif)))
		return;
	ax_ip_t ip = axnet_from_lwip(&netif->ip_addr);
	ax_ip_format(&ip, text, sizeof text);
	ax_info("net: %s is %s", s_interface.device->name, text);
	axnet_events_change(&s_configured, AX_NET_READABLE, 0);
}

static void configure(const axnet_config_t *config)
{
	ip4_addr_t ip, mask, gateway;
	if (ax_ip_is_unspecified(&config->ip)) {
		if (dhcp_start(&s_interface.netif) != ERR_OK)
			ax_error("net: no memory for DHCP");
		return;
	}
	memcpy(&ip.addr, config->ip.bytes, V4_BYTES);
	memcpy(&mask.addr, config->mask.bytes, V4_BYTES);
	memcpy(&gateway.addr, config->gateway.bytes, V4_BYTES);
	netif_set_addr(&s_interface.netif, &ip, &mask, &gateway);
}

static void notify([[maybe_unused]] net_device_t *device)
{
	axnet_worker_wake();
}

void axnet_stack_init(net_device_t *device, const axnet_config_t *config)
{
	uint64_t secret[2];
	axnet_random(secret);
	lwip_net_init(secret);
	if (device) {
		device->notify = notify;
		lwip_net_add(&s_interface, device);
		s_has_interface = true;
		netif_set_status_callback(&s_interface.netif, on_status);
		configure(config);
	}
	if (!ax_ip_is_unspecified(&config->name_server)) {
		ip_addr_t server;
		axnet_to_lwip(&config->name_server, &server);
		dns_setserver(0, &server);
	}
}

size_t axnet_stack_poll(size_t budget)
{
	return lwip_net_poll(budget);
}

/* lwIP's TCP timer runs while there are connections: the first one brings the deadline forward. */
bool axnet_stack_flush(unsigned held)
{
	bool is_left = lwip_net_flush_most(held);
	if (s_slept_without_tcp && (tcp_active_pcbs || tcp_tw_pcbs)) {
		s_slept_without_tcp = false;
		axnet_worker_wake();
	}
	return is_left;
}

void axnet_stack_tell(void)
{
	lwip_net_tell();
}

uint64_t axnet_stack_deadline_ns(void)
{
	s_slept_without_tcp = !tcp_active_pcbs && !tcp_tw_pcbs;
	return lwip_net_deadline_ns();
}

bool axnet_stack_arm(bool wanted)
{
	return lwip_net_arm(wanted);
}

ax_err_t ax_net_wait_configured(uint64_t deadline_ns)
{
	return s_has_interface ? axnet_events_wait(&s_configured, AX_NET_READABLE, deadline_ns) : AX_ERR_NO_DEVICE;
}

void ax_net_status(ax_net_status_t *status)
{
	*status = (ax_net_status_t){};
	axnet_lock();
	status->name_server = axnet_from_lwip(dns_getserver(0));
	if (s_has_interface) {
		const struct netif *netif = &s_interface.netif;
		status->interface = s_interface.device->name;
		memcpy(status->mac, s_interface.device->address, sizeof status->mac);
		status->mtu = netif->mtu;
		status->is_up = netif_is_link_up(netif);
		status->ip = axnet_from_lwip(&netif->ip_addr);
		status->mask = axnet_from_lwip(&netif->netmask);
		status->gateway = axnet_from_lwip(&netif->gw);
	}
	axnet_unlock();
}

bool axnet_stack_is_idle(void)
{
	return lwip_net_is_idle();
}

static size_t count(const struct tcp_pcb *pcb)
{
	size_t found = 0;
	for (; pcb; pcb = pcb->next)
		found++;
	return found;
}

void ax_net_usage(ax_net_usage_t *usage)
{
	*usage = (ax_net_usage_t){};
	axnet_lock();
	usage->connections = count(tcp_active_pcbs);
	usage->time_wait = count(tcp_tw_pcbs);
	usage->listeners = count(tcp_listen_pcbs.pcbs);
	for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
		usage->half_open += pcb->state == SYN_RCVD || pcb->state == SYN_SENT;
	if (s_has_interface) {
		usage->lent = s_interface.lent;
		usage->unread = s_interface.unread;
		usage->dropped = s_interface.dropped;
	}
	axnet_unlock();
}
