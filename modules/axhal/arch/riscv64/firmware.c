/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware does for us: see src/cpu_setup.h, sbi.h. The exit status goes out by QEMU's device sifive_test. */
#include <axhal/mem.h>
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

bool axhal_firmware_start_cpu(uint64_t hardware_id, paddr_t entry, paddr_t start_info)
{
	return axhal_sbi_call(SBI_HSM, 0, hardware_id, entry, start_info, 0).error == 0;
}

/* The console of a machine whose serial port is not known here. */
void axhal_firmware_write(const char *bytes, size_t length)
{
	axhal_sbi_write(bytes, axhal_virt_to_phys(bytes), length);
}

void axhal_firmware_exit(int status)
{
	if (s_test)
		*s_test = status ? (uint32_t)status << 16 | TEST_FAIL : TEST_PASS;
	axhal_sbi_shutdown(status != 0);
}
