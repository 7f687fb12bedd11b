/* SPDX-License-Identifier: Apache-2.0 */
/* The stack "udp": element udp_net as this module's. The interface's address is what AX_IP says; there is no DHCP. */
#include "stack.h"

#include <axalloc/axalloc.h>
#include <axhal/boot.h>
#include <axhal/time.h>
#include <axlog/axlog.h>
#include <memstr/memstr.h>
#include <udp_net/host.h>

udp_net_t axnet_udp;

static ax_ip_t s_name_server;
static bool s_sleeps_for_ever; /* the worker has no deadline. Protocols' lock */

void *udp_net_host_alloc(size_t bytes)
{
	return axalloc_alloc(bytes, 0);
}

void udp_net_host_free(void *pointer)
{
	axalloc_free(pointer);
}

uint64_t udp_net_host_now_ns(void)
{
	return axhal_now_ns();
}

/* Of no entropy the log has said so at the start. */
uint64_t udp_net_host_random(void)
{
	uint64_t bits;
	return axhal_entropy(&bits) ? bits : axhal_now_ns();
}

static void notify([[maybe_unused]] net_device_t *device)
{
	axnet_worker_wake();
}

static udp_net_ip_t address_of(const ax_ip_t *ip)
{
	udp_net_ip_t address;
	memcpy(&address, ip->bytes, sizeof address);
	return address;
}

void axnet_stack_init(net_device_t *device, const axnet_config_t *config)
{
	uint64_t words[2];
	axnet_random(words);
	if (device)
		device->notify = notify;
	if (device && ax_ip_is_unspecified(&config->ip))
		ax_error("net: %s has no address: AX_IP is to say one, as this image's stack has no DHCP", device->name);
	udp_net_init(&axnet_udp, device, address_of(&config->ip), address_of(&config->mask), address_of(&config->gateway));
	s_name_server = config->name_server;
}

size_t axnet_stack_poll(size_t budget)
{
	return udp_net_poll(&axnet_udp, budget);
}

bool axnet_stack_flush([[maybe_unused]] unsigned held)
{
	udp_net_flush(&axnet_udp);
	if (s_sleeps_for_ever && udp_net_deadline_ns(&axnet_udp) != UINT64_MAX) {
		s_sleeps_for_ever = false;
		axnet_worker_wake();
	}
	return false;
}

void axnet_stack_tell(void)
{
}

uint64_t axnet_stack_deadline_ns(void)
{
	uint64_t deadline_ns = udp_net_deadline_ns(&axnet_udp);
	s_sleeps_for_ever = deadline_ns == UINT64_MAX;
	return deadline_ns;
}

bool axnet_stack_arm(bool wanted)
{
	return axnet_udp.device && net_device_arm(axnet_udp.device, wanted);
}

/* An address does not come later. */
ax_err_t ax_net_wait_configured([[maybe_unused]] uint64_t deadline_ns)
{
	return axnet_udp.device && axnet_udp.ip ? AX_OK : AX_ERR_NO_DEVICE;
}

static ax_ip_t ip_of(udp_net_ip_t address)
{
	ax_ip_t ip = { .family = address ? AX_IP_V4 : AX_IP_ANY };
	memcpy(ip.bytes, &address, sizeof address);
	return ip;
}

void ax_net_status(ax_net_status_t *status)
{
	*status = (ax_net_status_t){ .name_server = s_name_server };
	const net_device_t *device = axnet_udp.device;
	if (device) {
		status->interface = device->name;
		memcpy(status->mac, device->address, sizeof status->mac);
		status->mtu = device->mtu;
		status->is_up = device->link_is_up;
		status->ip = ip_of(axnet_udp.ip);
		status->mask = ip_of(axnet_udp.mask);
		status->gateway = ip_of(axnet_udp.gateway);
	}
}

bool axnet_stack_is_idle(void)
{
	if (!axnet_udp.device)
		return true;
	net_device_reclaim(axnet_udp.device);
	return !axnet_udp.unread;
}

/* There are no connections. */
void axnet_stack_close_all(void)
{
}

axnet_leftovers_t axnet_stack_leftovers(void)
{
	return (axnet_leftovers_t){};
}

void axnet_stack_abort_all(void)
{
}

void ax_net_usage(ax_net_usage_t *usage)
{
	axnet_lock();
	*usage = (ax_net_usage_t){ .lent = axnet_udp.lent, .unread = axnet_udp.unread, .dropped = axnet_udp.dropped };
	axnet_unlock();
}
