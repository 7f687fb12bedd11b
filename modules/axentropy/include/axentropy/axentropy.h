/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers of the host, where the machine has a device for them: axhal_entropy() mixes them with the processor's, and
 * so does all that asks it. Without device and processor's instruction there is no entropy, and nothing is made up.
 */
#pragma once

#include <stdbool.h>

#pragma GCC visibility push(default)

/** Find the device. Once, by axruntime, before anybody wants entropy. */
void axentropy_init(void);

/** Whether there is a device, and it gives random numbers. Any context. */
bool axentropy_has_device(void);

#pragma GCC visibility pop
