/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's functions: by its table where drivers coexist, else those of the only one. */
#pragma once

#include <driver_block/driver.h>
#include <driver_block/features.h>

#if DRIVER_BLOCK_FEATURE_DYN
#define DISPATCH(self, function, ...) (self)->ops->function((self) __VA_OPT__(, ) __VA_ARGS__)
#else
#define DISPATCH(self, function, ...) driver_block_##function((self) __VA_OPT__(, ) __VA_ARGS__)
#endif

#define dispatch_submit(self, request) DISPATCH(self, submit, request)
#define dispatch_kick(self)            DISPATCH(self, kick)
#define dispatch_poll(self)            DISPATCH(self, poll)
#define dispatch_wait(self, request)   DISPATCH(self, wait, request)
