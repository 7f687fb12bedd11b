/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: a function that can fail returns ax_err_t and gives its result through its last parameter.
 * A dropped error does not compile. errno exists only at the POSIX API, which maps these by ax_err_to_errno().
 */
#pragma once

#pragma GCC visibility push(default)

/* name, Linux errno (the POSIX API's numbering, x86_64/riscv64/aarch64 alike), text */
#define AX_ERR_LIST(X)                                                                             \
	X(NOT_PERMITTED, 1, "operation not permitted")                                             \
	X(NOT_FOUND, 2, "no such entity")                                                          \
	X(NO_SUCH_PROCESS, 3, "no such thread or process")                                         \
	X(INTERRUPTED, 4, "interrupted")                                                           \
	X(IO, 5, "input/output error")                                                             \
	X(NO_SUCH_ADDRESS, 6, "no such device or address")                                         \
	X(NO_DEVICE, 19, "no such device")                                                         \
	X(TOO_BIG, 7, "argument list too long")                                                    \
	X(BAD_HANDLE, 9, "bad handle")                                                             \
	X(WOULD_BLOCK, 11, "would block")                                                          \
	X(NO_MEMORY, 12, "out of memory")                                                          \
	X(ACCESS_DENIED, 13, "permission denied")                                                  \
	X(BAD_ADDRESS, 14, "bad address")                                                          \
	X(BUSY, 16, "resource busy")                                                               \
	X(ALREADY_EXISTS, 17, "already exists")                                                    \
	X(CROSS_DEVICE, 18, "another file system")                                                 \
	X(NOT_A_DIRECTORY, 20, "not a directory")                                                  \
	X(IS_A_DIRECTORY, 21, "is a directory")                                                    \
	X(INVALID_INPUT, 22, "invalid argument")                                                   \
	X(TOO_MANY_HANDLES, 24, "too many open handles")                                           \
	X(NOT_A_TERMINAL, 25, "not a terminal")                                                    \
	X(FILE_TOO_BIG, 27, "file too big")                                                        \
	X(NO_SPACE, 28, "no space left")                                                           \
	X(ILLEGAL_SEEK, 29, "illegal seek")                                                        \
	X(READ_ONLY, 30, "read-only")                                                              \
	X(TOO_MANY_LINKS, 31, "too many links")                                                    \
	X(BROKEN_PIPE, 32, "broken pipe")                                                          \
	X(OUT_OF_RANGE, 34, "out of range")                                                        \
	X(DEADLOCK, 35, "would deadlock")                                                          \
	X(NAME_TOO_LONG, 36, "name too long")                                                      \
	X(NOT_IMPLEMENTED, 38, "not implemented")                                                  \
	X(NOT_EMPTY, 39, "directory not empty")                                                    \
	X(TOO_MANY_SYMLINKS, 40, "too many symbolic links")                                        \
	X(OVERFLOW, 75, "value too large")                                                         \
	X(NOT_A_SOCKET, 88, "not a socket")                                                        \
	X(NO_DESTINATION, 89, "no destination address")                                            \
	X(MESSAGE_TOO_LONG, 90, "message too long")                                                \
	X(WRONG_PROTOCOL, 91, "wrong protocol for the socket")                                     \
	X(NO_OPTION, 92, "no such protocol option")                                                \
	X(UNKNOWN_PROTOCOL, 93, "protocol not supported")                                          \
	X(NOT_SUPPORTED, 95, "not supported")                                                      \
	X(ADDRESS_FAMILY, 97, "address family not supported")                                      \
	X(ADDRESS_IN_USE, 98, "address in use")                                                    \
	X(ADDRESS_NOT_AVAILABLE, 99, "address not available")                                      \
	X(NETWORK_DOWN, 100, "network is down")                                                    \
	X(NETWORK_UNREACHABLE, 101, "network unreachable")                                         \
	X(CONNECTION_ABORTED, 103, "connection aborted")                                           \
	X(CONNECTION_RESET, 104, "connection reset by peer")                                       \
	X(NO_BUFFERS, 105, "no buffer space")                                                      \
	X(CONNECTED, 106, "connected already")                                                     \
	X(NOT_CONNECTED, 107, "not connected")                                                     \
	X(TIMED_OUT, 110, "timed out")                                                             \
	X(CONNECTION_REFUSED, 111, "connection refused")                                           \
	X(HOST_UNREACHABLE, 113, "host unreachable")                                               \
	X(ALREADY, 114, "operation under way already")                                             \
	X(IN_PROGRESS, 115, "operation now in progress")                                           \
	X(BAD_STATE, 131, "object in the wrong state")

typedef enum [[nodiscard]] ax_err {
	AX_OK = 0,
#define AX_ERR_ENUM(name, number, text) AX_ERR_##name = number,
	AX_ERR_LIST(AX_ERR_ENUM)
#undef AX_ERR_ENUM
} ax_err_t;

/** The error's text, static; "unknown error" for a number that is none. Any context. */
const char *ax_err_text(ax_err_t error);

/** The errno of the POSIX API: 0 for AX_OK, else positive. Any context. */
static inline int ax_err_to_errno(ax_err_t error)
{
	return (int)error;
}

#pragma GCC visibility pop
