/* SPDX-License-Identifier: Apache-2.0 */
/* How lwIP is set up; each option is told of in its opt.h. */
#ifndef LWIP_PORT_OPTS_H
#define LWIP_PORT_OPTS_H

/* No threads of its own: whoever drives it holds a lock, and runs its timers. */
#define NO_SYS                1
#define SYS_LIGHTWEIGHT_PROT  0
#define LWIP_SOCKET           0
#define LWIP_NETCONN          0
#define LWIP_TIMERS           1
#define LWIP_STATS            0
#define LWIP_NETIF_API        0
#define LWIP_ALTCP            0

/* Memory is the image's heap: nothing is bounded by tables. */
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC  lwip_port_alloc
#define MEM_CUSTOM_CALLOC  lwip_port_alloc_zeroed
#define MEM_CUSTOM_FREE    lwip_port_free
#define MEMP_MEM_MALLOC    1
#define MEM_ALIGNMENT      16
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 8)

/* Frames: room for an Ethernet header that leaves the IP header aligned; received ones are the driver's own buffers. */
#define ETH_PAD_SIZE           0
#define PBUF_LINK_ENCAPSULATION_HLEN 2
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_POOL_BUFSIZE      1600
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define LWIP_SINGLE_NETIF      0
#define LWIP_NETIF_HOSTNAME    1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_HAVE_LOOPIF       1
#define LWIP_NETIF_LOOPBACK    1
#define LWIP_LOOPBACK_MAX_PBUFS 0
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY  0
#define LWIP_CHKSUM_ALGORITHM  0

/* Protocols. */
#define LWIP_IPV4              1
#define LWIP_IPV6              1
#define LWIP_ARP               1
#define ARP_TABLE_SIZE         32
#define ARP_QUEUEING           1
#define ARP_QUEUE_LEN          16
#define MEMP_NUM_ARP_QUEUE     128
#define ETHARP_TRUST_IP_MAC    0
#define LWIP_ICMP              1
#define IP_DEFAULT_TTL         64
#define LWIP_RAW               0
#define LWIP_DHCP              1
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_AUTOIP            0
#define LWIP_ACD               0
#define LWIP_DNS               1
#define LWIP_IGMP              1
#define LWIP_IPV6_MLD          1
#define LWIP_IPV6_DHCP6        0
#define LWIP_IPV6_AUTOCONFIG   1
#define LWIP_IPV6_FRAG         1
#define LWIP_IPV6_REASS        1
#define IPV6_FRAG_COPYHEADER   1
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define IP_REASSEMBLY          1
#define IP_FRAG                1
#define IP_REASS_MAX_PBUFS     128
#define IP_FORWARD             0
#define IP_SOF_BROADCAST       1
#define IP_SOF_BROADCAST_RECV  0
#define LWIP_MULTICAST_PING    0
#define LWIP_UDP               1
#define SO_REUSE               1
#define SO_REUSE_RXTOALL       0
#define DNS_TABLE_SIZE         8
#define DNS_MAX_SERVERS        3

/* TCP. Windows of 512 KiB scaled by 2^4; timers twice as often as is usual there, so that loss is mended sooner. */
#define LWIP_TCP               1
#define TCP_MSS                1460
#define LWIP_WND_SCALE         1
#define TCP_RCV_SCALE          4
#define TCP_WND                (512 * 1024)
#define TCP_SND_BUF            (512 * 1024)
#define TCP_SND_QUEUELEN       4096
#define TCP_SNDLOWAT           (56 * 1024)
#define TCP_SNDQUEUELOWAT      2048
#define MEMP_NUM_TCP_SEG       TCP_SND_QUEUELEN
#define TCP_OVERSIZE           TCP_MSS
#define TCP_QUEUE_OOSEQ        1
#define TCP_OOSEQ_MAX_BYTES    TCP_WND
#define TCP_OOSEQ_MAX_PBUFS    1024
#define LWIP_TCP_SACK_OUT      1
#define LWIP_TCP_MAX_SACK_NUM  4
#define LWIP_TCP_TIMESTAMPS    1
#define LWIP_TCP_KEEPALIVE     1
#define TCP_LISTEN_BACKLOG     1
#define TCP_DEFAULT_LISTEN_BACKLOG 255
#define TCP_TMR_INTERVAL       50
#define TCP_MSL                1000
#define TCP_MAXRTX             12
#define TCP_SYNMAXRTX          6
#define LWIP_TCP_RTO_TIME      1000
#define LWIP_EVENT_API         0
#define LWIP_CALLBACK_API      1

#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/* An initial sequence number that others cannot guess (RFC 6528). */
uint32_t lwip_port_isn(const void *local_ip, uint16_t local_port, const void *remote_ip, uint16_t remote_port);

/* An empty segment's sequence number while the peer's window is closed. A segment that is about to leave; returns @p options. */
struct pbuf;
struct tcp_hdr;
struct tcp_pcb;
uint32_t *lwip_port_number_empty(const struct pbuf *segment, struct tcp_hdr *header, const struct tcp_pcb *pcb, uint32_t *options);
#ifdef __cplusplus
}
#endif
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port)                                               \
	lwip_port_isn((local_ip), (local_port), (remote_ip), (remote_port))
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(segment, header, pcb, options) lwip_port_number_empty((segment), (header), (pcb), (options))

#endif
