/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which function an operation of a node is. With one file system in the image AXFS_OPS() is a constant table that
 * every file here sees, so the compiler calls through it directly and may inline; with several, or with feature
 * `dyn`, it is the node's own. Likewise what no file system of the image does (sleep) costs no question.
 */
#pragma once

#include <axfs/features.h>
#include <axfs_vfs/vfs.h>

#define AXFS_ROOT_IS_DISK (AXFS_FEATURE_ROOT_EXT || AXFS_FEATURE_ROOT_FAT)
#define AXFS_FILE_SYSTEMS                                                                                            \
	(AXFS_FEATURE_RAMFS + AXFS_FEATURE_ARCHIVE + AXFS_FEATURE_DEVFS + AXFS_FEATURE_PROCFS + AXFS_ROOT_IS_DISK)
#define AXFS_IS_DYN	  (AXFS_FEATURE_DYN || AXFS_FILE_SYSTEMS > 1)
#define AXFS_SOME_SLEEP	  (AXFS_FEATURE_DYN || AXFS_ROOT_IS_DISK)
#define AXFS_SOME_SERIAL  (AXFS_FEATURE_DYN || AXFS_ROOT_IS_DISK)

#if AXFS_IS_DYN
#define AXFS_OPS(node)	((node)->ops)
#define AXFS_FS_OPS(fs) ((fs)->ops)
#else

#if AXFS_FEATURE_RAMFS
#include <ramfs/ramfs.h>
static const vfs_ops_t axfs_sole_ops = RAMFS_OPS;
#elif AXFS_FEATURE_ARCHIVE
#include <archive/archive.h>
static const vfs_ops_t axfs_sole_ops = ARCHIVE_OPS;
#elif AXFS_FEATURE_ROOT_EXT
#include <extfs/extfs.h>
static const vfs_ops_t axfs_sole_ops = EXTFS_OPS;
#elif AXFS_FEATURE_ROOT_FAT
#include <fatfs/fatfs.h>
static const vfs_ops_t axfs_sole_ops = FATFS_OPS;
#endif

#define AXFS_OPS(node)	((void)(node), &axfs_sole_ops)
#define AXFS_FS_OPS(fs) ((void)(fs), &axfs_sole_ops)
#endif
