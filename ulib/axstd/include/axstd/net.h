/* SPDX-License-Identifier: Apache-2.0 */
/* The network for applications: the kernel's sockets, by their own names. */
#pragma once

#include <axhal/time.h>
#include <axnet/axnet.h>
#include <axnet/dns.h>
#include <axnet/tcp.h>
#include <axnet/udp.h>
