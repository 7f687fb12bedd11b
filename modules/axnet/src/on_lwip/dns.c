/* SPDX-License-Identifier: Apache-2.0 */
/* Names: lwIP asks the server. Who asks may give up before the answer comes; then the answer releases what it came for. */
#include "stack.h"

#include <axalloc/axalloc.h>
#include <axnet/dns.h>
#include <lwip/dns.h>
#include <memstr/memstr.h>

/* The protocols' lock protects all but the events. */
typedef struct query {
	axnet_events_t events; /* readable: answered */
	ip_addr_t answer;
	bool is_found, is_given_up;
} query_t;

static void on_answer([[maybe_unused]] const char *name, const ip_addr_t *ip, void *argument)
{
	query_t *query = argument;
	if (query->is_given_up) {
		axalloc_free(query);
		return;
	}
	query->is_found = ip != NULL;
	if (ip)
		query->answer = *ip;
	axnet_events_change(&query->events, AX_NET_READABLE, 0);
}

/* AX_ERR_IN_PROGRESS: the answer is to come. */
static ax_err_t ask(query_t *query, const char *name, ax_ip_family_t family)
{
	static const u8_t types[] = { LWIP_DNS_ADDRTYPE_IPV4_IPV6, LWIP_DNS_ADDRTYPE_IPV4, LWIP_DNS_ADDRTYPE_IPV6 };
	ax_err_t error;
	axnet_lock();
	if (ip_addr_isany(dns_getserver(0)) && strcmp(name, "localhost")) {
		error = AX_ERR_NETWORK_DOWN;
	} else {
		err_t result = dns_gethostbyname_addrtype(name, &query->answer, on_answer, query, types[family]);
		query->is_found = result == ERR_OK;
		error = result == ERR_OK ? AX_OK : result == ERR_INPROGRESS ? AX_ERR_IN_PROGRESS : axnet_from_lwip_error(result);
	}
	axnet_unlock();
	return error;
}

/* @return whether the query is the caller's again */
static bool give_up(query_t *query)
{
	axnet_lock();
	bool is_answered = axnet_events_ready(&query->events) & AX_NET_READABLE;
	query->is_given_up = !is_answered;
	axnet_unlock();
	return is_answered;
}

ax_err_t ax_dns_resolve(const char *name, ax_ip_family_t family, uint64_t deadline_ns, ax_ip_t *ip)
{
	if (!ax_ip_parse(name, ip))
		return family == AX_IP_ANY || family == ip->family ? AX_OK : AX_ERR_NOT_FOUND;
	if (strlen(name) >= DNS_MAX_NAME_LENGTH)
		return AX_ERR_NAME_TOO_LONG;
	query_t *query = axalloc_alloc(sizeof *query, 0);
	if (!query)
		return AX_ERR_NO_MEMORY;
	memset(query, 0, sizeof *query);
	ax_err_t error = ask(query, name, family);
	if (error == AX_ERR_IN_PROGRESS) {
		error = axnet_events_wait(&query->events, AX_NET_READABLE, deadline_ns);
		if (error && !give_up(query))
			return error;
		error = AX_OK;
	}
	if (!error) {
		if (query->is_found)
			*ip = axnet_from_lwip(&query->answer);
		else
			error = AX_ERR_NOT_FOUND;
	}
	axalloc_free(query);
	return error;
}
