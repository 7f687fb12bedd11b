/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces musl's pthread_attr_get.c: all of it but pthread_attr_getstack(), which refuses attributes without a stack. POSIX
 * has no such error; they have a size, and no address.
 */
#define pthread_attr_getstack pthread_attr_getstack_of_musl
#include <../thread/pthread_attr_get.c>
#undef pthread_attr_getstack

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack, size_t *restrict bytes)
{
	*bytes = attr->_a_stacksize;
	*stack = attr->_a_stackaddr ? (void *)(attr->_a_stackaddr - *bytes) : 0;
	return 0;
}
