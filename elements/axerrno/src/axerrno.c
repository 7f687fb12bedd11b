/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of the error codes. */
#include <axerrno/axerrno.h>

const char *ax_err_text(ax_err_t error)
{
	switch (error) {
	case AX_OK:
		return "success";
#define AX_ERR_TEXT(name, number, text)                                                            \
	case AX_ERR_##name:                                                                        \
		return text;
		AX_ERR_LIST(AX_ERR_TEXT)
#undef AX_ERR_TEXT
	}
	return "unknown error";
}
