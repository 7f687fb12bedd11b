/* SPDX-License-Identifier: Apache-2.0 */
/* The structures and numbers of the Linux system-call ABI for sockets. As abi.h. Source: Linux include/linux/socket.h,
 * include/uapi/asm-generic/socket.h, include/uapi/linux/{in,in6,un,tcp}.h, man-pages sections 2 and 7. */
#pragma once

#include <posix_api/abi.h>

struct ax_sockaddr {
	uint16_t family;
	char data[14];
};

struct ax_sockaddr_in {
	uint16_t family;
	uint16_t port;         /* in network order, as all of these */
	uint8_t address[4];
	uint8_t zero[8];
};

struct ax_sockaddr_in6 {
	uint16_t family;
	uint16_t port;
	uint32_t flow;
	uint8_t address[16];
	uint32_t scope;
};

struct ax_sockaddr_un {
	uint16_t family;
	char path[108];
};

/* The room that any of them needs. */
struct ax_sockaddr_storage {
	uint16_t family;
	char data[126];
};

struct ax_msghdr {
	void *name;
	uint32_t name_bytes;
	struct ax_iovec *vector;
	size_t vector_count;
	void *control;
	size_t control_bytes;
	int flags;
};

/* Control data: the header, and what it tells; the next one at a multiple of a word. */
struct ax_cmsghdr {
	size_t bytes; /* the header's too */
	int level;
	int type;
};

struct ax_mmsghdr {
	struct ax_msghdr header;
	uint32_t bytes;
};

struct ax_linger {
	int on;
	int seconds;
};

struct ax_ip_mreq {
	uint8_t group[4];
	uint8_t interface[4];
};

struct ax_ipv6_mreq {
	uint8_t group[16];
	unsigned interface;
};

struct ax_ucred {
	int pid;
	uint32_t uid, gid;
};

enum {
	AX_AF_UNSPEC = 0,
	AX_AF_UNIX = 1,
	AX_AF_INET = 2,
	AX_AF_INET6 = 10,

	AX_SOCK_STREAM = 1,
	AX_SOCK_DGRAM = 2,
	AX_SOCK_SEQPACKET = 5,
	AX_SOCK_TYPE = 0xf,
	AX_SOCK_NONBLOCK = 04000,
	AX_SOCK_CLOEXEC = 02000000,

	AX_IPPROTO_IP = 0,
	AX_IPPROTO_TCP = 6,
	AX_IPPROTO_UDP = 17,
	AX_IPPROTO_IPV6 = 41,

	AX_MSG_PEEK = 0x2,
	AX_MSG_CTRUNC = 0x8,
	AX_MSG_TRUNC = 0x20,
	AX_MSG_DONTWAIT = 0x40,
	AX_MSG_WAITALL = 0x100,
	AX_MSG_NOSIGNAL = 0x4000,
	AX_MSG_OOB = 0x1,
	AX_MSG_CMSG_CLOEXEC = 0x40000000,
	AX_SCM_RIGHTS = 1,

	AX_SHUT_RD = 0,
	AX_SHUT_WR = 1,
	AX_SHUT_RDWR = 2,

	AX_SOL_SOCKET = 1,
	AX_SO_REUSEADDR = 2,
	AX_SO_TYPE = 3,
	AX_SO_ERROR = 4,
	AX_SO_DONTROUTE = 5,
	AX_SO_BROADCAST = 6,
	AX_SO_SNDBUF = 7,
	AX_SO_RCVBUF = 8,
	AX_SO_KEEPALIVE = 9,
	AX_SO_OOBINLINE = 10,
	AX_SO_PRIORITY = 12,
	AX_SO_LINGER = 13,
	AX_SO_REUSEPORT = 15,
	AX_SO_PASSCRED = 16,
	AX_SO_PEERCRED = 17,
	AX_SO_RCVLOWAT = 18,
	AX_SO_SNDLOWAT = 19,
	AX_SO_RCVTIMEO = 20,
	AX_SO_SNDTIMEO = 21,
	AX_SO_ACCEPTCONN = 30,
	AX_SO_PROTOCOL = 38,
	AX_SO_DOMAIN = 39,

	AX_TCP_NODELAY = 1,
	AX_TCP_MAXSEG = 2,
	AX_TCP_CORK = 3,
	AX_TCP_KEEPIDLE = 4,
	AX_TCP_KEEPINTVL = 5,
	AX_TCP_KEEPCNT = 6,
	AX_TCP_DEFER_ACCEPT = 9,
	AX_TCP_QUICKACK = 12,
	AX_TCP_USER_TIMEOUT = 18,
	AX_TCP_FASTOPEN = 23,

	AX_IP_TOS = 1,
	AX_IP_TTL = 2,
	AX_IP_MTU_DISCOVER = 10,
	AX_IP_RECVERR = 11,
	AX_IP_MULTICAST_IF = 32,
	AX_IP_MULTICAST_TTL = 33,
	AX_IP_MULTICAST_LOOP = 34,
	AX_IP_ADD_MEMBERSHIP = 35,
	AX_IP_DROP_MEMBERSHIP = 36,

	AX_IPV6_UNICAST_HOPS = 16,
	AX_IPV6_MULTICAST_HOPS = 18,
	AX_IPV6_MULTICAST_LOOP = 19,
	AX_IPV6_JOIN_GROUP = 20,
	AX_IPV6_LEAVE_GROUP = 21,
	AX_IPV6_V6ONLY = 26,
	AX_IPV6_TCLASS = 67,
};
