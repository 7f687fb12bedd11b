/* SPDX-License-Identifier: Apache-2.0 */
/* Frames that a device cannot take as they are: gathered into one piece, their checksums summed here. */
#include <driver_net/driver_net.h>

size_t net_frame_bytes(const net_frame_t *frame)
{
	size_t bytes = 0;
	for (size_t i = 0; i < frame->segment_count; i++)
		bytes += frame->segments[i].bytes;
	return bytes;
}

void net_frame_copy(const net_frame_t *frame, void *to)
{
	char *at = to;
	for (size_t i = 0; i < frame->segment_count; i++) {
		__builtin_memcpy(at, frame->segments[i].start, frame->segments[i].bytes);
		at += frame->segments[i].bytes;
	}
}

/* The field is part of what is summed: it holds the pseudo header's sum. A result of 0 is sent as its equal, as UDP must
 * (RFC 768) and TCP may. */
bool net_frame_checksum(const net_frame_t *frame, void *copy, size_t bytes)
{
	char *start = (char *)copy + frame->checksum_start;
	if ((size_t)frame->checksum_start + frame->checksum_offset + sizeof(uint16_t) > bytes)
		return false;
	uint16_t sum = (uint16_t)~net_checksum_fold(net_checksum_add(0, start, bytes - frame->checksum_start));
	if (!sum)
		sum = UINT16_MAX;
	__builtin_memcpy(start + frame->checksum_offset, &sum, sizeof sum);
	return true;
}
