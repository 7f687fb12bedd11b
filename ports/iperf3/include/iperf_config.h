/* SPDX-License-Identifier: Apache-2.0 */
/* What iperf3's configure would have found here. */
#pragma once

#define HAVE_CLOCK_GETTIME 1
#define HAVE_ENDIAN_H	   1
#define HAVE_INTTYPES_H	   1
#define HAVE_POLL_H	   1
#define HAVE_SENDFILE	   1
#define HAVE_STDINT_H	   1
#define PACKAGE_STRING	   "iperf 3.9"
