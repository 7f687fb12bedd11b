/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the firmware or the virtual machine monitor does for us: PSCI (Arm, Power State Coordination Interface, DEN 0022); where
 * the device tree says so, CPUs that wait at a spin table (Devicetree Specification, section 3.8.1); and in QEMU the exit status by
 * semihosting (Arm, Semihosting for AArch32 and AArch64, SYS_EXIT), whose instruction is undefined everywhere else.
 */
#include <axhal/cpu.h>
#include <axhal/mem.h>
#include "../../platform/device_tree/machine_tree.h"
#include "cpu_setup.h"
#include "kernel_tables.h"

/* DEN 0022, sections 5.1.4 and 5.1.9 */
#define PSCI_CPU_ON     0xc4000003u
#define PSCI_SYSTEM_OFF 0x84000008u

#define SYS_EXIT             0x18
#define STOPPED_APPLICATION  0x20026u /* ADP_Stopped_ApplicationExit */

static int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;
	if (axhal_tree.psci_by_smc)
		__asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	else
		__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return (int64_t)x0;
}

/* Nothing is needed. */
void axhal_firmware_init(void)
{
}

/* PSCI has no console. */
void axhal_firmware_write([[maybe_unused]] const char *bytes, [[maybe_unused]] size_t length)
{
}

/* The CPU polls the address past its caches. */
static bool start_by_spin_table(uint64_t release_paddr, paddr_t entry)
{
	if (!release_paddr || release_paddr >= axhal_direct_map_end())
		return false;
	uint64_t *release = axhal_phys_to_virt(release_paddr);
	*(volatile uint64_t *)release = entry;
	__asm__ volatile("dc civac, %0\n\tdsb sy\n\tsev" : : "r"(release) : "memory");
	return true;
}

bool axhal_firmware_start_cpu(uint64_t hardware_id, paddr_t entry, paddr_t start_info)
{
	if (axhal_tree.has_psci)
		return psci(PSCI_CPU_ON, hardware_id, entry, start_info) == 0;
	for (unsigned i = 0; i < axhal_tree.cpu_count; i++) {
		if (axhal_tree.cpu_ids[i] == hardware_id)
			return start_by_spin_table(axhal_tree.cpu_release[i], entry);
	}
	return false;
}

static void exit_by_semihosting(int status)
{
	const uint64_t block[2] = { STOPPED_APPLICATION, (uint64_t)status };
	register uint64_t x0 __asm__("x0") = SYS_EXIT;
	register const uint64_t *x1 __asm__("x1") = block;
	__asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
}

void axhal_firmware_exit(int status)
{
	if (axhal_tree.devices[TREE_EMULATOR].blob)
		exit_by_semihosting(status);
	if (axhal_tree.has_psci)
		(void)psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}
