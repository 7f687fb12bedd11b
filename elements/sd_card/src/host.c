/* SPDX-License-Identifier: Apache-2.0 */
/* What controllers' drivers share. */
#include <sd_card/host.h>

#define PATIENCE_NS UINT64_C(1000000000)

ax_err_t sd_host_wait(const sd_host_t *self, unsigned offset, uint32_t bits, uint32_t value)
{
	const uint64_t start_ns = self->user->now_ns();
	while ((sd_host_read(self, offset) & bits) != value) {
		if (self->user->now_ns() - start_ns > PATIENCE_NS)
			return AX_ERR_TIMED_OUT;
	}
	return AX_OK;
}

ax_err_t sd_host_move_blocks(sd_host_t *self, const block_request_t *request,
			     ax_err_t (*move)(sd_host_t *self, uint8_t *block, bool is_read))
{
	for (size_t i = 0; i < request->segment_count; i++) {
		const block_segment_t *segment = &request->segments[i];
		for (size_t done = 0; done < segment->bytes; done += SD_BLOCK_BYTES) {
			ax_err_t error = move(self, (uint8_t *)segment->start + done, request->op == BLOCK_READ);
			if (error)
				return error;
		}
	}
	return AX_OK;
}
