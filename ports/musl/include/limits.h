/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl's, but for a limit: {PTHREAD_STACK_MIN} bytes hold a thread's stack, its thread-local storage and what the kernel
 * keeps of it, and interrupts and signal handlers use the stack as well.
 */
#include_next <limits.h>

#ifdef PTHREAD_STACK_MIN
#undef PTHREAD_STACK_MIN
#define PTHREAD_STACK_MIN 16384
#endif
