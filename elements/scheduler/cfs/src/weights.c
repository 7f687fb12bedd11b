/* SPDX-License-Identifier: Apache-2.0 */
/* Weights of nice -20 to 19, as in Linux: 1024 for 0, and about 1.25 times as much a step. */
#include <scheduler/policy.h>

const uint32_t sched_cfs_weights[] = {
	88761, 71755, 56483, 46273, 36291, /* -20 */
	29154, 23254, 18705, 14949, 11916, /* -15 */
	9548,  7620,  6100,  4904,  3906,  /* -10 */
	3121,  2501,  1991,  1586,  1277,  /* -5 */
	1024,  820,   655,   526,   423,   /* 0 */
	335,   272,   215,   172,   137,   /* 5 */
	110,   87,    70,    56,    45,	   /* 10 */
	36,    29,    23,    18,    15,	   /* 15 */
};
