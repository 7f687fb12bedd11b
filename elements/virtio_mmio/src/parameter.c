/* SPDX-License-Identifier: Apache-2.0 */
/* <size>@<address>:<interrupt>[:<id>] */
#include <virtio_mmio/virtio_mmio.h>

static int digit_of(char c, unsigned base)
{
	int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
	return digit < (int)base ? digit : -1;
}

/* A number at *text, which is moved behind it; false if there is none or it is too large. */
static bool take_number(const char **text, uint64_t *number)
{
	unsigned base = 10;
	if ((*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X')) {
		base = 16;
		*text += 2;
	}
	if (digit_of(**text, base) < 0)
		return false;
	*number = 0;
	for (int digit; (digit = digit_of(**text, base)) >= 0; (*text)++) {
		if (__builtin_mul_overflow(*number, base, number) || __builtin_add_overflow(*number, (unsigned)digit, number))
			return false;
	}
	return true;
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

ax_err_t virtio_mmio_read_parameter(const char *text, virtio_mmio_place_t *place)
{
	uint64_t irq, id;
	if (!take_number(&text, &place->bytes))
		return AX_ERR_INVALID_INPUT;
	unsigned shift = take(&text, 'K') || take(&text, 'k') ? 10 : take(&text, 'M') || take(&text, 'm') ? 20 : 0;
	if (place->bytes > UINT32_MAX)
		return AX_ERR_INVALID_INPUT;
	place->bytes <<= shift;
	if (!take(&text, '@') || !take_number(&text, &place->paddr) || !take(&text, ':') || !take_number(&text, &irq) ||
	    irq > UINT16_MAX)
		return AX_ERR_INVALID_INPUT;
	if (take(&text, ':') && !take_number(&text, &id))
		return AX_ERR_INVALID_INPUT;
	place->irq = (unsigned)irq;
	return *text ? AX_ERR_INVALID_INPUT : AX_OK;
}
