/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a hosted image: the TAP device that AX_TAP in the environment names; none without. */
#include "core.h"

#include <axalloc/axalloc.h>
#include <axhal/boot.h>
#include <axhal/host.h>
#include <axhal/irq.h>
#include <axlog/axlog.h>
#include <panic/panic.h>
#include <tap_net/host.h>
#include <tap_net/tap_net.h>

enum { PIECES = 384 };
_Static_assert(sizeof(struct tap_net_iovec) == sizeof(struct axhal_host_iovec), "one struct iovec");

static tap_net_t s_tap;
static void (*s_handler)(void *argument);
static void *s_argument;

long tap_net_host_open(const char *path)
{
	return axhal_host_open(path, AXHAL_HOST_RDWR | AXHAL_HOST_NONBLOCK | AXHAL_HOST_CLOEXEC);
}

void tap_net_host_close(int fd)
{
	axhal_host_close(fd);
}

long tap_net_host_ioctl(int fd, unsigned long request, void *argument)
{
	return axhal_host_ioctl(fd, request, argument);
}

long tap_net_host_readv(int fd, const struct tap_net_iovec *vector, size_t count)
{
	return axhal_host_readv(fd, (const struct axhal_host_iovec *)vector, count);
}

long tap_net_host_writev(int fd, const struct tap_net_iovec *vector, size_t count)
{
	return axhal_host_writev(fd, (const struct axhal_host_iovec *)vector, count);
}

/* Once is enough: the next interrupt is asked for when somebody is about to sleep again. */
static void on_interrupt([[maybe_unused]] void *argument)
{
	axhal_host_interrupt(s_tap.fd, false);
	s_handler(s_argument);
}

void tap_net_host_interrupt(int fd, bool wanted, void (*handler)(void *argument), void *argument)
{
	if (!s_handler) {
		s_argument = argument;
		s_handler = handler;
		if (axhal_irq_register(AXHAL_IRQ_HOST, on_interrupt, NULL))
			PANIC("the host's interrupt is somebody else's");
	}
	if (axhal_host_interrupt(fd, wanted) < 0)
		PANIC("the host raises no interrupt for its TAP device");
}

net_device_t *axnet_interface(void)
{
	const char *name = axhal_boot_env("AX_TAP");
	if (!name)
		return NULL;
	vaddr_t memory = axalloc_pages(PIECES * TAP_NET_PIECE_BYTES / PAGE_SIZE, PAGE_SIZE);
	if (!memory) {
		ax_error("net: no memory for what is received");
		return NULL;
	}
	ax_err_t error = tap_net_init(&s_tap, name, (void *)memory, (size_t)PIECES * TAP_NET_PIECE_BYTES);
	if (error) {
		ax_error("net: AX_TAP=%s: %s", name, ax_err_text(error));
		axalloc_free_pages(memory, PIECES * TAP_NET_PIECE_BYTES / PAGE_SIZE);
		return NULL;
	}
	return &s_tap.device;
}
