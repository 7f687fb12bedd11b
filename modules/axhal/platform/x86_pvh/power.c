/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end. The status goes out through a port that the virtual machine monitor records (QEMU: isa-debugcon, to a file);
 * then ACPI soft-off if the machine has its register at the usual place, else a reset, which ends QEMU under -no-reboot.
 */
#include <axconfig/axconfig.h>
#include <axhal/cpu.h>
#include <axhal/power.h>
#include "../../arch/x86_64/registers.h"
#include "../../src/exiting.h"

/* ACPI 6.5, section 4.8.3.2: PM1a control, SLP_EN with the sleep type of S5, which is 0 in QEMU. */
#define PM1_SLEEP_ENABLE 0x2000u

void axhal_exit(int status)
{
	axhal_exit_report(status);
	port_write8(AX_CONFIG_STATUS_PORT, (uint8_t)status);
	if (AX_CONFIG_PM1A_CONTROL_PORT)
		port_write16(AX_CONFIG_PM1A_CONTROL_PORT, PM1_SLEEP_ENABLE);
	/* A trap without an interrupt table shuts the processor down. */
	static const struct [[gnu::packed]] {
		uint16_t limit;
		uint64_t base;
	} no_table;
	__asm__ volatile("lidt %0\n\tint3" : : "m"(no_table));
	axhal_cpu_halt();
}
