/* SPDX-License-Identifier: Apache-2.0 */
/* All of the native library that the features of this image offer. */
#pragma once

#include <axstd/console.h>
#include <axstd/features.h>
#include <axstd/string.h>
#include <axstd/time.h>

#if AXSTD_FEATURE_ALLOC
#include <axstd/memory.h>
#endif
#if AXSTD_FEATURE_BLOCK
#include <axstd/block.h>
#endif
#if AXSTD_FEATURE_FS
#include <axstd/file.h>
#endif
#if AXSTD_FEATURE_NET
#include <axstd/net.h>
#endif
#if AXSTD_FEATURE_MULTITASK
#include <axstd/thread.h>
#endif
