/* SPDX-License-Identifier: Apache-2.0 */
/* What memcached's configure would find here. */
#pragma once

#include <inttypes.h>
#include <stdbool.h>

#define ENDIAN_LITTLE	   1
#define HAVE_ACCEPT4	   1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_EVENTFD	   1
#define HAVE_GCC_64ATOMICS 1
#define HAVE_GCC_ATOMICS   1
#define HAVE_GETOPT_LONG   1
#define HAVE_INTTYPES_H	   1
#define HAVE_LIBEVENT_NEW  1
#define HAVE_PREAD	   1
#define HAVE_STDBOOL_H	   1
#define HAVE_SYSCONF	   1
#define HAVE_UNISTD_H	   1
#define PACKAGE		   "memcached"
#define VERSION		   "1.6.18"
