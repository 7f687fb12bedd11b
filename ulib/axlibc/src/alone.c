/* SPDX-License-Identifier: Apache-2.0 */
/* One thread: its thread-local storage and control block are made here, there being no axtask to do it. */
#include "axlibc_start.h"

#include <axalloc/axalloc.h>
#include <axhal/tls.h>
#include <musl_port.h>
#include <panic/panic.h>
#include <posix_api/threads.h>

enum { AREA_ALIGNMENT = 64 };

void axlibc_prepare_main_thread(void)
{
	void *area = axalloc_alloc(axhal_tls_area_bytes(MUSL_PORT_TCB_BYTES), AREA_ALIGNMENT);
	if (!area)
		PANIC("no memory for thread-local storage");
	const uintptr_t thread_pointer = axhal_tls_init_area(area, MUSL_PORT_TCB_BYTES);
	musl_port_tcb_init((void *)thread_pointer, NULL, 1, (musl_port_start_t){});
	axhal_tls_set(thread_pointer);
	(void)ax_posix_thread_begin(NULL, NULL);
}
