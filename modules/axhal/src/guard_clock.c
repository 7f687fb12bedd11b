/* SPDX-License-Identifier: Apache-2.0 */
/* The clock by which kernel_guard measures. Feature `guard_timing`. */
#include <axhal/time.h>
#include <kernel_guard/clock.h>

uint64_t kernel_guard_now_ns(void)
{
	return axhal_now_ns();
}
