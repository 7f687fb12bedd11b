/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the host, for machines that are a process (feature `host_file`). Offsets and sizes are bytes; nothing is
 * buffered here. A call keeps this CPU until the host has answered. Any context but interrupts; no lock.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/**
 * Open a file or a device of the host, for good.
 * @param bytes  its size now
 * @retval AX_ERR_NOT_FOUND, AX_ERR_ACCESS_DENIED, AX_ERR_IS_A_DIRECTORY, AX_ERR_READ_ONLY, AX_ERR_IO  as the host says
 */
ax_err_t axhal_host_file_open(const char *path, bool read_only, int *file, uint64_t *bytes);

/** All of @p bytes from @p offset on. @retval AX_ERR_IO  the host failed, or the file ends before that */
ax_err_t axhal_host_file_read(int file, void *buffer, size_t bytes, uint64_t offset);

/** The same. @retval AX_ERR_NO_SPACE  the host's file system is full */
ax_err_t axhal_host_file_write(int file, const void *buffer, size_t bytes, uint64_t offset);

/** What was written is durable. @retval AX_ERR_IO */
ax_err_t axhal_host_file_sync(int file);

/** Give back the file's space there; it reads as zeroes. @retval AX_ERR_NOT_SUPPORTED  by the host's file system */
ax_err_t axhal_host_file_punch(int file, uint64_t offset, uint64_t bytes);

/** All of @p bytes of a stream (a socket, a pipe) that the host has handed over. @retval AX_ERR_IO  it has ended, or failed */
ax_err_t axhal_host_stream_read(int file, void *buffer, size_t bytes);
ax_err_t axhal_host_stream_write(int file, const void *buffer, size_t bytes);

#pragma GCC visibility pop
