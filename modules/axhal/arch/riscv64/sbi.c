/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware's calls, and where it knows none of the newer ones the legacy call: see sbi.h. */
#include "sbi.h"

enum { MASK_BITS = 64 }; /* harts that the legacy calls' mask of one word names */

void axhal_sbi_set_timer(uint64_t count)
{
	if (axhal_sbi_call(SBI_TIME, 0, count, 0, 0, 0).error)
		(void)axhal_sbi_call(SBI_LEGACY_SET_TIMER, 0, count, 0, 0, 0);
}

static void legacy_call_of_hart(uint64_t extension, uint64_t hart, uint64_t address, uint64_t bytes)
{
	uint64_t mask = UINT64_C(1) << hart % MASK_BITS;
	if (hart < MASK_BITS)
		(void)axhal_sbi_call(extension, 0, (uintptr_t)&mask, address, bytes, 0);
}

void axhal_sbi_interrupt(uint64_t hart)
{
	if (axhal_sbi_call(SBI_IPI, 0, 1, hart, 0, 0).error)
		legacy_call_of_hart(SBI_LEGACY_IPI, hart, 0, 0);
}

void axhal_sbi_drop_translations(uint64_t hart)
{
	if (axhal_sbi_call(SBI_RFENCE, 1, 1, hart, 0, UINT64_MAX).error)
		legacy_call_of_hart(SBI_LEGACY_SFENCE, hart, 0, UINT64_MAX);
}

void axhal_sbi_write(const char *bytes, uint64_t paddr, size_t length)
{
	for (size_t done = 0; done < length;) {
		sbi_result_t wrote = axhal_sbi_call(SBI_DBCN, 0, length - done, paddr + done, 0, 0);
		if (wrote.error) {
			(void)axhal_sbi_call(SBI_LEGACY_PUT_CHARACTER, 0, (uint8_t)bytes[done], 0, 0, 0);
			wrote.value = 1;
		}
		done += (size_t)wrote.value;
	}
}

void axhal_sbi_shutdown(bool failed)
{
	(void)axhal_sbi_call(SBI_SRST, 0, 0, failed, 0, 0);
	(void)axhal_sbi_call(SBI_LEGACY_SHUTDOWN, 0, 0, 0, 0, 0);
}
