/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a signal tells of the exception behind it on x86_64: the kernel hands on the vector, the error code and CR2
 * (Intel SDM volume 3A, sections 6.15 and 4.7).
 */
#include <axhal/console.h>
#include "../../../src/hex.h"
#include "../linux.h"

#define VECTOR_PAGE_FAULT 14u
#define FAULT_PRESENT (1u << 0)
#define FAULT_WRITE   (1u << 1)
#define FAULT_EXECUTE (1u << 4)

extern const char axhal_linux_syscall_unless_begin[], axhal_linux_syscall_unless_end[],
	axhal_linux_syscall_unless_skip[];

void axhal_linux_skip_syscall(struct linux_registers *registers)
{
	if (registers->rip >= (uintptr_t)axhal_linux_syscall_unless_begin &&
	    registers->rip < (uintptr_t)axhal_linux_syscall_unless_end)
		registers->rip = (uintptr_t)axhal_linux_syscall_unless_skip;
}

extern const char axhal_linux_leave_begin[], axhal_linux_leave_end[];

bool axhal_linux_restart_leave(struct linux_registers *registers)
{
	if (registers->rip < (uintptr_t)axhal_linux_leave_begin || registers->rip >= (uintptr_t)axhal_linux_leave_end)
		return false;
	registers->rip = (uintptr_t)axhal_linux_leave_begin;
	return true;
}

bool axhal_linux_page_fault(const struct linux_registers *registers, axhal_page_fault_t *fault)
{
	if (registers->vector != VECTOR_PAGE_FAULT)
		return false;
	*fault = (axhal_page_fault_t){
		.vaddr = registers->cr2,
		.write = registers->error_code & FAULT_WRITE,
		.execute = registers->error_code & FAULT_EXECUTE,
		.present = registers->error_code & FAULT_PRESENT,
	};
	return true;
}

/* Table 6-1, padded to one width. */
static const char s_names[] = "#DE\0#DB\0NMI\0#BP\0#OF\0#BR\0#UD\0#NM\0#DF\0#09\0#TS\0#NP\0#SS\0#GP\0#PF\0#15\0"
			      "#MF\0#AC\0#MC\0#XM\0#VE\0#CP\0";

const char *axhal_linux_exception_name(const struct linux_registers *registers)
{
	uint64_t vector = registers->vector;
	return vector < (sizeof s_names - 1) / 4 ? &s_names[vector * 4] : "reserved";
}

void axhal_linux_dump_registers(const struct linux_registers *registers)
{
	static const char names[] = "r8 r9 r10r11r12r13r14r15rdirsirbprbxrdxraxrcxrspripflgsegerrvecmskcr2";
	const uint64_t *saved = (const uint64_t *)registers;
	const size_t count = (sizeof names - 1) / 3;
	for (size_t i = 0; i < count; i++) {
		char text[3 + 1 + HEX_DIGITS + 1];
		for (size_t j = 0; j < 3; j++)
			text[j] = names[3 * i + j];
		text[3] = ' ';
		hex_format(&text[4], saved[i]);
		text[sizeof text - 1] = i % 3 == 2 || i + 1 == count ? '\n' : ' ';
		axhal_console_write(text, sizeof text);
	}
}
