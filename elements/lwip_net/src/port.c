/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions that lwIP's port asks for (ports/lwip/include/arch/cc.h). Numbers that others shall not guess come from
 * SipHash-2-4 (Aumasson, Bernstein 2012) under a secret: sequence numbers as RFC 6528 has them, all others of a counter.
 */
#include <arch/cc.h>
#include <lwip/ip_addr.h>
#include <lwip/sys.h>
#include <lwip_net/host.h>
#include <memstr/memstr.h>
#include <panic/panic.h>
#include "lwip_net_internal.h"

enum { NS_PER_MS = 1000000, ISN_NS_PER_STEP = 4000 };

static uint64_t s_secret[2];

void lwip_net_seed(const uint64_t secret[2])
{
	memcpy(s_secret, secret, sizeof s_secret);
}

static inline uint64_t rotate(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* Of whole words: the last block holds the length alone. */
static uint64_t siphash(const uint64_t *words, size_t count)
{
	uint64_t v[4] = { s_secret[0] ^ UINT64_C(0x736f6d6570736575), s_secret[1] ^ UINT64_C(0x646f72616e646f6d),
			  s_secret[0] ^ UINT64_C(0x6c7967656e657261), s_secret[1] ^ UINT64_C(0x7465646279746573) };
	for (size_t i = 0; i <= count; i++) {
		uint64_t word = i < count ? words[i] : (uint64_t)(count * sizeof *words) << 56;
		v[3] ^= word;
		sip_round(v);
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t lwip_port_random(void)
{
	static uint64_t counter;
	counter++;
	return (uint32_t)siphash(&counter, 1);
}

uint32_t lwip_port_isn(const void *local_ip, uint16_t local_port, const void *remote_ip, uint16_t remote_port)
{
	uint64_t words[1 + 2 * ((sizeof(ip_addr_t) + 7) / 8)] = { (uint64_t)local_port << 16 | remote_port };
	memcpy(&words[1], local_ip, sizeof(ip_addr_t));
	memcpy(&words[1 + (sizeof(ip_addr_t) + 7) / 8], remote_ip, sizeof(ip_addr_t));
	return (uint32_t)siphash(words, sizeof words / sizeof *words) + (uint32_t)(lwip_net_host_now_ns() / ISN_NS_PER_STEP);
}

_Noreturn void lwip_port_assert_failed(const char *what, const char *file, int line)
{
	PANIC("lwIP: %s (%s:%d)", what, file, line);
}

uint16_t lwip_port_checksum(const void *data, int bytes)
{
	return net_checksum_fold(net_checksum_add(0, data, (size_t)bytes));
}

void *lwip_port_alloc(size_t bytes)
{
	return lwip_net_host_alloc(bytes);
}

void *lwip_port_alloc_zeroed(size_t count, size_t bytes)
{
	size_t total;
	void *block = __builtin_mul_overflow(count, bytes, &total) ? NULL : lwip_net_host_alloc(total);
	if (block)
		memset(block, 0, total);
	return block;
}

void lwip_port_free(void *pointer)
{
	lwip_net_host_free(pointer);
}

u32_t sys_now(void)
{
	return (u32_t)(lwip_net_host_now_ns() / NS_PER_MS);
}
