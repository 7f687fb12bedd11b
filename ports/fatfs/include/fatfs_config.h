/* SPDX-License-Identifier: Apache-2.0 */
/* The library's configuration, of revision R0.13c: what of it there is, and how. */
#pragma once

#define FFCONF_DEF 86604

#define FF_FS_READONLY  0
#define FF_FS_MINIMIZE  0
#define FF_USE_STRFUNC  0
#define FF_USE_FIND     0
#define FF_USE_MKFS     0
#define FF_USE_FASTSEEK 0
#define FF_USE_EXPAND   0
#define FF_USE_CHMOD    0
#define FF_USE_LABEL    0
#define FF_USE_FORWARD  0

#define FF_CODE_PAGE   437 /* of short names; long ones are Unicode */
#define FF_USE_LFN     2   /* FATFS.lfnbuf is the user's */
#define FF_MAX_LFN     255
#define FF_LFN_UNICODE 2   /* UTF-8 */
#define FF_LFN_BUF     255
#define FF_SFN_BUF     12
#define FF_STRF_ENCODE 3
#define FF_FS_RPATH    0

#define FF_VOLUMES         1
#define FF_STR_VOLUME_ID   0
#define FF_MULTI_PARTITION 0
#define FF_MIN_SS          512
#define FF_MAX_SS          4096
#define FF_USE_TRIM        0
#define FF_FS_NOFSINFO     1 /* the count of free clusters kept on the disk is not believed */

#define FF_FS_TINY      0 /* a file has its own sector in memory */
#define FF_FS_EXFAT     0
#define FF_FS_NORTC     1 /* who uses this sets times itself */
#define FF_NORTC_MON    1
#define FF_NORTC_MDAY   1
#define FF_NORTC_YEAR   1980
#define FF_FS_LOCK      0
#define FF_FS_REENTRANT 0 /* who uses this locks */
#define FF_FS_TIMEOUT   1000
#define FF_SYNC_t       void *
