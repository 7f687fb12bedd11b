/* SPDX-License-Identifier: Apache-2.0 */
/* What is not there says so once and fails with ENOSYS, so that a program's user learns what it lacks. */
#include <axerrno/axerrno.h>
#include <axlog/axlog.h>
#include <posix_api/syscalls.h>
#include <stdatomic.h>

enum { NUMBERS = 512, BITS = 64 };

long ax_sys_missing(long number, const char *name)
{
	static _Atomic(uint64_t) said[NUMBERS / BITS];
	const unsigned long slot = (unsigned long)number % NUMBERS;
	const uint64_t bit = UINT64_C(1) << (slot % BITS);

	if (!(atomic_fetch_or_explicit(&said[slot / BITS], bit, memory_order_relaxed) & bit))
		ax_warn("posix: %s: not implemented", name);
	return -AX_ERR_NOT_IMPLEMENTED;
}
