/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nginx's configure finds with this C library, and what it is told. Not what it finds and the kernel refuses: System V's
 * shared memory, /dev/zero mapped, prctl() for privileges, dlopen().
 */
#pragma once

#define NGX_COMPILER  "gcc " __VERSION__
#define NGX_CONFIGURE " --with-pcre --with-http_dav_module --with-http_gzip_static_module --with-http_stub_status_module"

#if defined(__x86_64__)
#define NGX_HAVE_NONALIGNED 1
#else
#define NGX_ALIGNMENT 16
#endif
#ifdef __riscv
#define NGX_CPU_CACHE_LINE 32
#else
#define NGX_CPU_CACHE_LINE 64
#endif

#define NGX_HAVE_ACCEPT4                 1
#define NGX_HAVE_ALIGNED_DIRECTIO        1
#define NGX_HAVE_C99_VARIADIC_MACROS     1
#define NGX_HAVE_CLEAR_EVENT             1
#define NGX_HAVE_CLOCK_MONOTONIC         1
#define NGX_HAVE_D_TYPE                  1
#define NGX_HAVE_DEFERRED_ACCEPT         1
#define NGX_HAVE_EPOLL                   1
#define NGX_HAVE_EPOLLEXCLUSIVE          1
#define NGX_HAVE_EPOLLRDHUP              1
#define NGX_HAVE_EVENTFD                 1
#define NGX_HAVE_FIONBIO                 1
#define NGX_HAVE_FIONREAD                1
#define NGX_HAVE_GCC_ATOMIC              1
#define NGX_HAVE_GCC_BSWAP64             1
#define NGX_HAVE_GCC_VARIADIC_MACROS     1
#define NGX_HAVE_GETADDRINFO             1
#define NGX_HAVE_GMTOFF                  1
#define NGX_HAVE_GNU_CRYPT_R             1
#define NGX_HAVE_INET6                   1
#define NGX_HAVE_IP_BIND_ADDRESS_NO_PORT 1
#define NGX_HAVE_IP_PKTINFO              1
#define NGX_HAVE_IPV6_RECVPKTINFO        1
#define NGX_HAVE_KEEPALIVE_TUNABLE       1
#define NGX_HAVE_LITTLE_ENDIAN           1
#define NGX_HAVE_LOCALTIME_R             1
#define NGX_HAVE_MAP_ANON                1
#define NGX_HAVE_MEMALIGN                1
#define NGX_HAVE_MSGHDR_MSG_CONTROL      1
#define NGX_HAVE_O_DIRECT                1
#define NGX_HAVE_O_PATH                  1
#define NGX_HAVE_OPENAT                  1
#define NGX_HAVE_POSIX_FADVISE           1
#define NGX_HAVE_POSIX_MEMALIGN          1
#define NGX_HAVE_POSIX_SEM               1
#define NGX_HAVE_PREAD                   1
#define NGX_HAVE_PWRITE                  1
#define NGX_HAVE_PWRITEV                 1
#define NGX_HAVE_REUSEPORT               1
#define NGX_HAVE_SC_NPROCESSORS_ONLN     1
#define NGX_HAVE_SCHED_SETAFFINITY       1
#define NGX_HAVE_SCHED_YIELD             1
#define NGX_HAVE_SENDFILE                1
#define NGX_HAVE_SENDFILE64              1
#define NGX_HAVE_STATFS                  1
#define NGX_HAVE_STATVFS                 1
#define NGX_HAVE_SYS_EVENTFD_H           1
#define NGX_HAVE_TCP_FASTOPEN            1
#define NGX_HAVE_TCP_INFO                1
#define NGX_HAVE_TRANSPARENT_PROXY       1
#define NGX_HAVE_UNIX_DOMAIN             1

#define NGX_KQUEUE_UDATA_T    (void *)
#define NGX_MAX_OFF_T_VALUE   9223372036854775807LL
#define NGX_MAX_SIZE_T_VALUE  9223372036854775807LL
#define NGX_MAX_TIME_T_VALUE  9223372036854775807LL
#define NGX_OFF_T_LEN         (sizeof("-9223372036854775808") - 1)
#define NGX_PTR_SIZE          8
#define NGX_SIG_ATOMIC_T_SIZE 4
#define NGX_SIZE_T_LEN        (sizeof("-9223372036854775808") - 1)
#define NGX_TIME_T_LEN        (sizeof("-9223372036854775808") - 1)
#define NGX_TIME_T_SIZE       8

#define NGX_CRYPT                1
#define NGX_HTTP_CACHE           1
#define NGX_HTTP_DAV             1
#define NGX_HTTP_GZIP            1
#define NGX_HTTP_SSI             1
#define NGX_HTTP_UPSTREAM_ZONE   1
#define NGX_HTTP_X_FORWARDED_FOR 1
#define NGX_PCRE                 1
#define NGX_PCRE2                1
#define NGX_SMP                  1
#define NGX_STAT_STUB            1
#define NGX_SUPPRESS_WARN        1
#define NGX_ZLIB                 1

#define NGX_PREFIX                 "/"
#define NGX_CONF_PREFIX            "/"
#define NGX_SBIN_PATH              "nginx"
#define NGX_CONF_PATH              "nginx.conf"
#define NGX_PID_PATH               "tmp/nginx.pid"
#define NGX_LOCK_PATH              "tmp/nginx.lock"
#define NGX_ERROR_LOG_PATH         ""
#define NGX_ERROR_LOG_STDERR       1
#define NGX_HTTP_LOG_PATH          "dev/stdout"
#define NGX_HTTP_CLIENT_TEMP_PATH  "tmp/client_body"
#define NGX_HTTP_PROXY_TEMP_PATH   "tmp/proxy"
#define NGX_HTTP_FASTCGI_TEMP_PATH "tmp/fastcgi"
#define NGX_HTTP_UWSGI_TEMP_PATH   "tmp/uwsgi"
#define NGX_HTTP_SCGI_TEMP_PATH    "tmp/scgi"
#define NGX_USER                   "root"
#define NGX_GROUP                  "root"
