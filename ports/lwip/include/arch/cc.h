/* SPDX-License-Identifier: Apache-2.0 */
/* The compiler and the machine, as lwIP asks for them (doc/doxygen/main_page.h, "Porting"), and the functions that whoever
 * drives it provides. */
#ifndef LWIP_PORT_CC_H
#define LWIP_PORT_CC_H

#include <stddef.h>
#include <stdint.h>

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_LIMITS_H   1
#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_CTYPE_H    1

#ifndef INT_MAX
#define INT_MAX __INT_MAX__
#endif
#ifndef SSIZE_MAX
typedef ptrdiff_t ssize_t;
#define SSIZE_MAX PTRDIFF_MAX
#endif

#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "zu"

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#endif
#ifndef LITTLE_ENDIAN
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define BIG_ENDIAN    __ORDER_BIG_ENDIAN__
#endif

#define LWIP_RAND()             lwip_port_random()
#define LWIP_PLATFORM_DIAG(x)   ((void)0)
#define LWIP_PLATFORM_ASSERT(x) lwip_port_assert_failed((x), __FILE__, __LINE__)
#define LWIP_CHKSUM             lwip_port_checksum
#define lwip_htons(x)           __builtin_bswap16(x)
#define lwip_htonl(x)           __builtin_bswap32(x)
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS

#ifdef __cplusplus
extern "C" {
#endif

uint32_t lwip_port_random(void);
_Noreturn void lwip_port_assert_failed(const char *what, const char *file, int line);
uint16_t lwip_port_checksum(const void *data, int bytes);
void *lwip_port_alloc(size_t bytes);
void *lwip_port_alloc_zeroed(size_t count, size_t bytes);
void lwip_port_free(void *pointer);

#ifdef __cplusplus
}
#endif

#endif
