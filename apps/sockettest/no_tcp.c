/* SPDX-License-Identifier: Apache-2.0 */
#include "sockettest.h"

static void there_are_no_streams_and_the_program_is_told_so()
{
	CHECK_FAILS(socket(AF_INET, SOCK_STREAM, 0), EPROTONOSUPPORT);
	CHECK_FAILS(socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP), EPROTONOSUPPORT);
}

void tcp_checks(void)
{
	HOLDS(there_are_no_streams_and_the_program_is_told_so);
}
