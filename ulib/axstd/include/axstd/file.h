/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories for applications: the kernel's own objects, by their own names. */
#pragma once

#include <axfs/axfs.h>
#include <axfs/dir.h>
#include <axfs/file.h>
#include <axfs/path.h>
