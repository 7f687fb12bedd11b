/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware does for us: see sbi.h, src/cpu_setup.h. The exit status goes out by QEMU's device sifive_test. */
#include <axhal/features.h>
#include <axhal/mem.h>
#include "../../platform/device_tree/device_tree.h"
#include "../../platform/device_tree/machine_tree.h"
#include "cpu_setup.h"
#include "sbi.h"

/* QEMU, include/hw/misc/sifive_test.h: status above, command below. */
#define TEST_FAIL 0x3333u
#define TEST_PASS 0x5555u

static volatile uint32_t *s_test;

void axhal_firmware_init(void)
{
	s_test = (volatile uint32_t *)axhal_tree_map(TREE_RESET, 0);
}

void axhal_sbi_set_timer(uint64_t count)
{
	if (axhal_sbi_call(SBI_TIME, 0, count, 0, 0, 0).error)
		(void)axhal_sbi_call(SBI_LEGACY_SET_TIMER, 0, count, 0, 0, 0);
}

#if AXHAL_FEATURE_SMP

void axhal_sbi_interrupt(uint64_t hart)
{
	uint64_t mask = UINT64_C(1) << hart % 64;
	if (axhal_sbi_call(SBI_IPI, 0, 1, hart, 0, 0).error)
		(void)axhal_sbi_call(SBI_LEGACY_IPI, 0, (uintptr_t)&mask, 0, 0, 0);
}

void axhal_sbi_drop_translations(uint64_t hart)
{
	uint64_t mask = UINT64_C(1) << hart % 64;
	if (axhal_sbi_call(SBI_RFENCE, 1, 1, hart, 0, UINT64_MAX).error)
		(void)axhal_sbi_call(SBI_LEGACY_SFENCE, 0, (uintptr_t)&mask, 0, UINT64_MAX, 0);
}

#endif

bool axhal_firmware_start_cpu(uint64_t hardware_id, paddr_t entry, paddr_t start_info)
{
	return axhal_sbi_call(SBI_HSM, 0, hardware_id, entry, start_info, 0).error == 0;
}

/* The console of a machine whose serial port is not known here. */
void axhal_firmware_write(const char *bytes, size_t length)
{
	while (length) {
		sbi_result_t done = axhal_sbi_call(SBI_DBCN, 0, length, axhal_virt_to_phys(bytes), 0, 0);
		if (done.error) {
			(void)axhal_sbi_call(SBI_LEGACY_PUT_CHARACTER, 0, (uint8_t)*bytes, 0, 0, 0);
			done.value = 1;
		}
		bytes += done.value;
		length -= (size_t)done.value;
	}
}

void axhal_firmware_exit(int status)
{
	if (s_test)
		*s_test = status ? (uint32_t)status << 16 | TEST_FAIL : TEST_PASS;
	(void)axhal_sbi_call(SBI_SRST, 0, 0, status != 0, 0, 0);
	(void)axhal_sbi_call(SBI_LEGACY_SHUTDOWN, 0, 0, 0, 0, 0);
}
