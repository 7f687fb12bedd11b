/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of the template. By bytes, so that nothing else need work when the boot CPU makes its own. */
#include <percpu/percpu.h>

PERCPU_DEFINE(uintptr_t, percpu_base) = 0;
uintptr_t percpu_base_of[PERCPU_MAX_CPUS];

size_t percpu_area_bytes(void)
{
	size_t bytes = (size_t)((uintptr_t)ax_percpu_end - (uintptr_t)ax_percpu_start);
	return (bytes + PERCPU_AREA_ALIGNMENT - 1) & ~(size_t)(PERCPU_AREA_ALIGNMENT - 1);
}

void percpu_init_area(unsigned cpu, void *area)
{
	volatile char *to = area;
	for (const volatile char *from = ax_percpu_start; from != ax_percpu_end; from++)
		*to++ = *from;
	percpu_base_of[cpu] = (uintptr_t)area - (uintptr_t)ax_percpu_start;
	*percpu_ptr_of(percpu_base, cpu) = percpu_base_of[cpu];
}
