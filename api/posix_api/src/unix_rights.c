/* SPDX-License-Identifier: Apache-2.0 */
/* Control data that carries descriptors: see unix_rights.h. */
#include "unix_rights.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memory_addr/memory_addr.h>
#include <memstr/memstr.h>

enum { MOST = 253 }; /* in one message, as on Linux */

/* The header at @p at of the control data, or NULL: the end. */
static const struct ax_cmsghdr *header_at(const struct ax_msghdr *message, size_t at)
{
	const size_t bytes = message->control ? message->control_bytes : 0;
	return at < bytes && bytes - at >= sizeof(struct ax_cmsghdr) ? (const void *)((const char *)message->control + at) : NULL;
}

/* The descriptors that a header tells of. A negated errno: it is none of those, or malformed. */
static long descriptors_of(const struct ax_cmsghdr *header, size_t room)
{
	if (header->bytes < sizeof *header || header->bytes > room)
		return -AX_ERR_INVALID_INPUT;
	if (header->level != AX_SOL_SOCKET || header->type != AX_SCM_RIGHTS)
		return -AX_ERR_NOT_SUPPORTED;
	return (long)((header->bytes - sizeof *header) / sizeof(int));
}

/* One more file. */
static long add(posix_rights_t **rights, int fd)
{
	if (!*rights) {
		*rights = axalloc_alloc(sizeof **rights + MOST * sizeof(posix_file_t *), 0);
		if (!*rights)
			return -AX_ERR_NO_MEMORY;
		**rights = (posix_rights_t){};
	}
	posix_file_t *file = (*rights)->count < MOST ? posix_file_get(fd) : NULL;
	if (!file)
		return (*rights)->count < MOST ? -AX_ERR_BAD_HANDLE : -AX_ERR_INVALID_INPUT;
	(*rights)->files[(*rights)->count++] = file;
	return 0;
}

long posix_rights_collect(const struct ax_msghdr *message, posix_rights_t **rights)
{
	const struct ax_cmsghdr *header;
	long error = 0;
	*rights = NULL;
	for (size_t at = 0; !error && (header = header_at(message, at)); at += align_up(header->bytes, sizeof(size_t))) {
		const long count = descriptors_of(header, message->control_bytes - at);
		error = count < 0 ? count : 0;
		for (long i = 0; i < count && !error; i++)
			error = add(rights, ((const int *)(header + 1))[i]);
	}
	if (error) {
		posix_rights_discard(*rights);
		*rights = NULL;
	}
	return error;
}

void posix_rights_deliver(posix_rights_t *rights, struct ax_msghdr *message, int flags)
{
	struct ax_cmsghdr *header = message->control;
	const size_t room = header && message->control_bytes > sizeof *header ? message->control_bytes - sizeof *header : 0;
	int *descriptors = (int *)(header + 1);
	unsigned count = 0;
	for (; count < rights->count && (count + 1) * sizeof(int) <= room; count++) {
		const long fd = posix_descriptor_install(rights->files[count], 0,
							 flags & AX_MSG_CMSG_CLOEXEC ? AX_O_CLOEXEC : 0);
		rights->files[count] = NULL;
		if (fd < 0)
			break;
		descriptors[count] = (int)fd;
	}
	if (count < rights->count)
		message->flags |= AX_MSG_CTRUNC;
	message->control_bytes = 0;
	if (count) {
		*header = (struct ax_cmsghdr){
			.bytes = sizeof *header + count * sizeof(int), .level = AX_SOL_SOCKET, .type = AX_SCM_RIGHTS,
		};
		message->control_bytes = AX_MIN(align_up(header->bytes, sizeof(size_t)), sizeof *header + room);
	}
	posix_rights_discard(rights);
}

void posix_rights_discard(posix_rights_t *rights)
{
	while (rights) {
		posix_rights_t *next = rights->next;
		for (unsigned i = 0; i < rights->count; i++)
			if (rights->files[i])
				posix_file_put(rights->files[i]);
		axalloc_free(rights);
		rights = next;
	}
}
