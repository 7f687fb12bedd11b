/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the datagram stack share. */
#pragma once

#include "../core.h"
#include "../events.h"

#include <udp_net/udp_net.h>

/** The stack; the protocols' lock. */
extern udp_net_t axnet_udp;
