/* SPDX-License-Identifier: Apache-2.0 */
/* What upstream's mkreleasehdr.sh would write, without the time and place of the build: images are reproducible. */
#define REDIS_GIT_SHA1 "00000000"
#define REDIS_GIT_DIRTY "0"
#define REDIS_BUILD_ID "ashlar"
