/* SPDX-License-Identifier: Apache-2.0 */
/* The modules, in the order of nginx's configure: of two filters the later one is asked first. */
#include <ngx_config.h>
#include <ngx_core.h>

#define MODULES(M) \
	M(core) M(errlog) M(conf) M(regex) M(events) M(event_core) M(epoll) M(http) M(http_core) M(http_log) M(http_upstream) \
	M(http_static) M(http_gzip_static) M(http_dav) M(http_autoindex) M(http_index) M(http_mirror) M(http_try_files) \
	M(http_auth_basic) M(http_access) M(http_limit_conn) M(http_limit_req) M(http_geo) M(http_map) M(http_split_clients) \
	M(http_referer) M(http_rewrite) M(http_proxy) M(http_fastcgi) M(http_uwsgi) M(http_scgi) M(http_memcached) \
	M(http_empty_gif) M(http_browser) M(http_upstream_hash) M(http_upstream_ip_hash) M(http_upstream_least_conn) \
	M(http_upstream_random) M(http_upstream_keepalive) M(http_upstream_zone) M(http_stub_status) M(http_write_filter) \
	M(http_header_filter) M(http_chunked_filter) M(http_range_header_filter) M(http_gzip_filter) M(http_postpone_filter) \
	M(http_ssi_filter) M(http_charset_filter) M(http_userid_filter) M(http_headers_filter) M(http_copy_filter) \
	M(http_range_body_filter) M(http_not_modified_filter)

#define DECLARE(name) extern ngx_module_t ngx_##name##_module;
#define ADDRESS(name) &ngx_##name##_module,
#define NAME(name)    "ngx_" #name "_module",

MODULES(DECLARE)

ngx_module_t *ngx_modules[] = { MODULES(ADDRESS) NULL };

char *ngx_module_names[] = { MODULES(NAME) NULL };
