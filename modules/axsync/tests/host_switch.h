/* SPDX-License-Identifier: Apache-2.0 */
/* Included before axtask's wait_queue.c: the switch there is a call of host_cpus.c. */
#pragma once

#include "../../axtask/src/switch.h"

#define switch_away axtask_switch_away
