/* SPDX-License-Identifier: Apache-2.0 */
/* Error codes agree with the numbers and exist as texts. */
#include <axtest.h>
#include <errno.h>
#include <axerrno/axerrno.h>

TEST(codes_are_the_errno_numbers_of_linux)
{
	CHECK_EQ(ax_err_to_errno(AX_OK), 0);
	CHECK_EQ(ax_err_to_errno(AX_ERR_NO_MEMORY), ENOMEM);
	CHECK_EQ(ax_err_to_errno(AX_ERR_WOULD_BLOCK), EAGAIN);
	CHECK_EQ(ax_err_to_errno(AX_ERR_NOT_IMPLEMENTED), ENOSYS);
	CHECK_EQ(ax_err_to_errno(AX_ERR_TIMED_OUT), ETIMEDOUT);
	CHECK_EQ(ax_err_to_errno(AX_ERR_DEADLOCK), EDEADLK);
	CHECK_EQ(ax_err_to_errno(AX_ERR_OVERFLOW), EOVERFLOW);
}

TEST(every_code_has_a_text_of_its_own)
{
	CHECK_STR(ax_err_text(AX_OK), "success");
	CHECK_STR(ax_err_text(AX_ERR_NO_MEMORY), "out of memory");
	CHECK_STR(ax_err_text((ax_err_t)9999), "unknown error");
}
