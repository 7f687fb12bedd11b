/* SPDX-License-Identifier: Apache-2.0 */
/* Each argument commits one offence; without one a breakpoint is handled. */
#include <axhal/trap.h>
#include <axstd/axstd.h>
#include <stdatomic.h>

static bool on_breakpoint([[maybe_unused]] axhal_trap_frame_t *frame)
{
	ax_print("breakpoint: handled\n");
	return true;
}

static int breakpoint(void)
{
	axhal_set_breakpoint_handler(on_breakpoint);
	ax_print("before the breakpoint\n");
	axhal_breakpoint();
	ax_print("after the breakpoint\n");
	return 0;
}

[[gnu::noinline]] static int null_dereference(void)
{
	volatile int *volatile nowhere = NULL;
	return *nowhere;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
[[gnu::noinline]] static int overflow(int depth)
{
	volatile char held[512];
	held[0] = (char)depth;
	return overflow(depth + 1) + held[0];
}
#pragma GCC diagnostic pop

static void *overflow_thread([[maybe_unused]] void *argument)
{
	return (void *)(intptr_t)overflow(0);
}

static int overflow_in_thread(void)
{
	ax_thread_t *thread;
	if (axtask_spawn(&(ax_thread_attr_t){ .name = "digger" }, overflow_thread, NULL, &thread) != AX_OK)
		return 1;
	return ax_thread_join(thread, NULL) != AX_OK;
}

enum { TOGETHER = 4 };
static atomic_uint s_ready;

static void *overflow_with_others(void *argument)
{
	s_ready++;
	while (s_ready < TOGETHER)
		axtask_yield();
	return overflow_thread(argument);
}

static int overflow_together(void)
{
	ax_thread_t *threads[TOGETHER];
	for (int i = 0; i < TOGETHER; i++)
		if (axtask_spawn(&(ax_thread_attr_t){ .name = "digger" }, overflow_with_others, NULL, &threads[i]) != AX_OK)
			return 1;
	return ax_thread_join(threads[0], NULL) != AX_OK;
}

[[gnu::noinline]] static int write_code(void)
{
	volatile unsigned char *volatile code = (volatile unsigned char *)(uintptr_t)write_code;
	*code = 0;
	return 1;
}

[[gnu::noinline]] static int run_data(void)
{
	static unsigned char s_data[16] = { 0xc3 };
	void (*volatile function)(void) = (void (*)(void))(uintptr_t)s_data;
	function();
	__asm__ volatile(""); /* no tail call: this function shall be in the backtrace */
	return 1;
}

[[gnu::noinline]] static int smash(void)
{
	char buffer[16];
	volatile char *volatile out = buffer;
	for (int i = 0; i < 64; i++)
		out[i] = 'x';
	return buffer[3];
}

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return breakpoint();
	ax_print("exception: %s\n", argv[1]);
	if (is(argv[1], "null"))
		return null_dereference();
	if (is(argv[1], "overflow"))
		return overflow_in_thread();
	if (is(argv[1], "overflow-together"))
		return overflow_together();
	if (is(argv[1], "overflow-main"))
		return overflow(0);
	if (is(argv[1], "write-code"))
		return write_code();
	if (is(argv[1], "run-data"))
		return run_data();
	if (is(argv[1], "smash"))
		return smash();
	ax_print("known: null, overflow, overflow-together, overflow-main, write-code, run-data, smash\n");
	return 2;
}
