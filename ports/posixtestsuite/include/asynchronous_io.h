/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of asynchronous I/O. They run where the option has the value of POSIX.1-2001, as the C library had it before it
 * said 200809; and they use names whose headers <aio.h> need not include.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#undef _POSIX_ASYNCHRONOUS_IO
#define _POSIX_ASYNCHRONOUS_IO 200112L
