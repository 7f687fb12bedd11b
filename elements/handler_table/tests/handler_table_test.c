/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers are called with their argument; numbers without one, doubles and numbers out of range are refused. */
#include <axtest.h>
#include <handler_table/handler_table.h>

HANDLER_TABLE_DEFINE(s_table, 4);

static void count(void *argument)
{
	++*(int *)argument;
}

TEST(handler_is_called_with_its_argument)
{
	int a = 0, b = 0;
	CHECK(!handler_table_call(&s_table, 0));
	CHECK(handler_table_register(&s_table, 0, count, &a) == AX_OK);
	CHECK(handler_table_register(&s_table, 3, count, &b) == AX_OK);
	CHECK(handler_table_call(&s_table, 0));
	CHECK(handler_table_call(&s_table, 3));
	CHECK(handler_table_call(&s_table, 3));
	CHECK_EQ(a, 1);
	CHECK_EQ(b, 2);
	CHECK(handler_table_unregister(&s_table, 0) == AX_OK);
	CHECK(handler_table_unregister(&s_table, 3) == AX_OK);
	CHECK(!handler_table_call(&s_table, 3));
}

TEST(number_has_one_handler)
{
	int a = 0, b = 0;
	CHECK(handler_table_register(&s_table, 1, count, &a) == AX_OK);
	CHECK(handler_table_register(&s_table, 1, count, &b) == AX_ERR_ALREADY_EXISTS);
	CHECK(handler_table_call(&s_table, 1));
	CHECK_EQ(a, 1);
	CHECK_EQ(b, 0);
	CHECK(handler_table_unregister(&s_table, 1) == AX_OK);
	CHECK(handler_table_unregister(&s_table, 1) == AX_ERR_NOT_FOUND);
	CHECK(handler_table_register(&s_table, 1, count, &b) == AX_OK);
	CHECK(handler_table_unregister(&s_table, 1) == AX_OK);
}

TEST(numbers_out_of_range_are_refused)
{
	int a = 0;
	CHECK(handler_table_register(&s_table, 4, count, &a) == AX_ERR_OUT_OF_RANGE);
	CHECK(handler_table_unregister(&s_table, SIZE_MAX) == AX_ERR_OUT_OF_RANGE);
	CHECK(!handler_table_call(&s_table, 4));
	CHECK_EQ(a, 0);
}
