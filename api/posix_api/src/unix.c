/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unix-domain sockets (man-pages unix(7)). Each has a queue of what it has been sent, as messages: a stream takes bytes out
 * of them as they come, a datagram or seqpacket socket whole messages. A path is a node of the file
 * system with feature `fs`, which the program removes; without it, and abstract names anyhow, names live in a list here and go
 * with their socket. Descriptors are passed
 * (unix_rights.c), credentials are not; a socket that is sent over itself, and closed, stays.
 *
 * One lock for all: what is done under it is short, and closing must look at both ends.
 */
#include "socket.h"
#include "unix_place.h"
#include "unix_rights.h"

#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <memstr/memstr.h>

enum { QUEUE_BYTES = 208 * 1024, NOTE_BYTES = 64, PATH_BYTES = sizeof((struct ax_sockaddr_un *)0)->path };

typedef struct unix_socket unix_socket_t;

typedef struct message {
	struct message *next;
	posix_rights_t *rights; /* NULL: none, or taken out */
	size_t bytes, taken;
	unsigned name_bytes; /* of the sender's */
	char name[PATH_BYTES];
	char data[];
} message_t;

struct unix_socket {
	posix_socket_t socket;
	unix_socket_t *peer;               /* connected; NULL: not, or gone */
	unix_socket_t *next_named;
	unsigned name_bytes;               /* 0: no name */
	char name[PATH_BYTES];
#if POSIX_API_FEATURE_FS
	posix_unix_place_t place;          /* of a path */
#endif
	message_t *first, *last;
	size_t queued_bytes;
	unsigned references;               /* the file's, and of each peer that points here */
	bool listening, connected, closed; /* connected: has had a peer */
	bool no_more_receiving, no_more_sending; /* shut here, or the peer has ended */
	unsigned backlog, waiting;
	unix_socket_t *accept_first, *accept_last, *accept_next;
};

static posix_lock_t s_lock; /* every unix socket, the list of names, and: */
static posix_rights_t *s_discarded;
static unix_socket_t *s_named;
static const posix_socket_ops_t s_ops;

#define UNIX_GUARD() POSIX_LOCK(&s_lock)

/* No lock held: what comes to its end with this may be a Unix-domain socket. */
static void discard_rights(void)
{
	posix_lock(&s_lock);
	posix_rights_t *discarded = s_discarded;
	s_discarded = NULL;
	posix_unlock(&s_lock);
	posix_rights_discard(discarded);
}

static unix_socket_t *unix_of(posix_socket_t *socket)
{
	return container_of(socket, unix_socket_t, socket);
}

static unix_socket_t *make(int type)
{
	unix_socket_t *self = axalloc_alloc(sizeof *self, 0);
	if (self) {
		memset(self, 0, sizeof *self);
		self->socket.ops = &s_ops;
		self->socket.family = AX_AF_UNIX;
		self->socket.type = type;
		self->socket.receive_bytes = self->socket.send_bytes = QUEUE_BYTES;
		self->references = 1;
	}
	return self;
}

static bool is_type(int type)
{
	return type == AX_SOCK_STREAM || type == AX_SOCK_DGRAM || type == AX_SOCK_SEQPACKET;
}

long posix_unix_new(int type, posix_socket_t **socket)
{
	if (!is_type(type))
		return -AX_ERR_UNKNOWN_PROTOCOL;
	unix_socket_t *self = make(type);
	if (!self)
		return -AX_ERR_NO_MEMORY;
	*socket = &self->socket;
	return 0;
}

static void join(unix_socket_t *a, unix_socket_t *b)
{
	a->peer = b;
	b->peer = a;
	a->references++;
	b->references++;
	a->connected = b->connected = true;
}

long posix_unix_pair(int type, posix_socket_t *sockets[2])
{
	if (!is_type(type))
		return -AX_ERR_UNKNOWN_PROTOCOL;
	unix_socket_t *a = make(type), *b = make(type);
	if (!a || !b) {
		axalloc_free(a);
		axalloc_free(b);
		return -AX_ERR_NO_MEMORY;
	}
	join(a, b);
	sockets[0] = &a->socket;
	sockets[1] = &b->socket;
	return 0;
}

/* Lock held. */
static void free_message(message_t *message)
{
	if (message->rights) {
		message->rights->next = s_discarded;
		s_discarded = message->rights;
	}
	axalloc_free(message);
}

/* Lock held. With its last reference it goes. */
static void drop(unix_socket_t *self)
{
	if (--self->references)
		return;
	for (message_t *message = self->first, *next; message; message = next) {
		next = message->next;
		free_message(message);
	}
	axalloc_free(self);
}

static void notify(unix_socket_t *self, unsigned events)
{
	posix_readiness_notify(&self->socket.readiness, events);
}

/* ----------------------------------------------------------------------------------------------------- names */

/* A path ends with its NUL, if it has one; an abstract name, which begins with one, has all bytes. */
static unsigned read_name(const struct ax_sockaddr *address, unsigned bytes, char name[PATH_BYTES])
{
	const struct ax_sockaddr_un *un = (const void *)address;
	unsigned length = (unsigned)AX_MIN((size_t)bytes - offsetof(struct ax_sockaddr_un, path), (size_t)PATH_BYTES);
	if (length && un->path[0])
		length = (unsigned)strnlen(un->path, length);
	memcpy(name, un->path, length);
	return length;
}

static unix_socket_t *find_text(const char *name, unsigned bytes)
{
	unix_socket_t *self = s_named;
	while (self && (self->name_bytes != bytes || memcmp(self->name, name, bytes)))
		self = self->next_named;
	return self;
}

#if POSIX_API_FEATURE_FS
static long find_path(const char *path, unix_socket_t **found)
{
	posix_unix_place_t place = {};
	const long error = posix_unix_place_find(path, &place);
	if (error)
		return error;
	unix_socket_t *self = s_named;
	while (self && !posix_unix_place_is(&self->place, &place))
		self = self->next_named;
	posix_unix_place_leave(&place);
	*found = self;
	return self ? 0 : -AX_ERR_CONNECTION_REFUSED;
}

static long take_path(unix_socket_t *self, const char *path)
{
	return posix_unix_place_make(path, &self->place);
}

static void leave_path(unix_socket_t *self)
{
	posix_unix_place_leave(&self->place);
}
#else
static long find_path(const char *path, unix_socket_t **found)
{
	*found = find_text(path, (unsigned)strlen(path));
	return *found ? 0 : -AX_ERR_NOT_FOUND;
}

static long take_path([[maybe_unused]] unix_socket_t *self, const char *path)
{
	return find_text(path, (unsigned)strlen(path)) ? -AX_ERR_ADDRESS_IN_USE : 0;
}

static void leave_path([[maybe_unused]] unix_socket_t *self)
{
}
#endif

/* Who has this name; lock held. 0, -ECONNREFUSED: nobody, or what the file system says of a path. */
static long find(const char *name, unsigned bytes, unix_socket_t **found)
{
	char path[PATH_BYTES + 1] = "";
	*found = NULL;
	if (name[0]) {
		memcpy(path, name, bytes);
		return find_path(path, found);
	}
	*found = find_text(name, bytes);
	return *found ? 0 : -AX_ERR_CONNECTION_REFUSED;
}

/* The socket takes this name, if it is free. Lock held. */
static long take_name(unix_socket_t *self, const char *name, unsigned bytes)
{
	char path[PATH_BYTES + 1] = "";
	if (!name[0])
		return find_text(name, bytes) ? -AX_ERR_ADDRESS_IN_USE : 0;
	memcpy(path, name, bytes);
	return take_path(self, path);
}

static long unix_bind(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes)
{
	unix_socket_t *self = unix_of(socket);
	char name[PATH_BYTES];
	if (address->family != AX_AF_UNIX || bytes <= offsetof(struct ax_sockaddr_un, path))
		return -AX_ERR_INVALID_INPUT;
	unsigned length = read_name(address, bytes, name);
	UNIX_GUARD();
	if (self->name_bytes || !length)
		return -AX_ERR_INVALID_INPUT;
	const long error = take_name(self, name, length);
	if (error)
		return error;
	memcpy(self->name, name, length);
	self->name_bytes = length;
	self->next_named = s_named;
	s_named = self;
	return 0;
}

static void forget_name(unix_socket_t *self)
{
	unix_socket_t **link = &s_named;
	while (*link && *link != self)
		link = &(*link)->next_named;
	if (*link)
		*link = self->next_named;
	leave_path(self);
}

static long write_name(const char *name, unsigned name_bytes, struct ax_sockaddr_storage *address)
{
	struct ax_sockaddr_un *un = (void *)address;
	un->family = AX_AF_UNIX;
	memcpy(un->path, name, name_bytes);
	bool has_nul = name_bytes && name[0] && name_bytes < PATH_BYTES;
	if (has_nul)
		un->path[name_bytes] = '\0';
	return (long)(offsetof(struct ax_sockaddr_un, path) + name_bytes + has_nul);
}

static long unix_name(posix_socket_t *socket, bool peer, struct ax_sockaddr_storage *address)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	if (!peer)
		return write_name(self->name, self->name_bytes, address);
	return self->peer ? write_name(self->peer->name, self->peer->name_bytes, address) : -AX_ERR_NOT_CONNECTED;
}

/* ------------------------------------------------------------------------------------------------ connections */

static long unix_listen(posix_socket_t *socket, int backlog)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	if (socket->type == AX_SOCK_DGRAM)
		return -AX_ERR_NOT_SUPPORTED;
	if (!self->name_bytes || self->connected)
		return -AX_ERR_INVALID_INPUT;
	self->listening = true;
	self->backlog = (unsigned)backlog + 1;
	return 0;
}

/* The other end is made here; accept() hands it out. Lock held. */
static long connect_stream(unix_socket_t *self, unix_socket_t *listener)
{
	if (self->connected)
		return -AX_ERR_CONNECTED;
	if (!listener->listening || listener->socket.type != self->socket.type)
		return listener->socket.type != self->socket.type ? -AX_ERR_WRONG_PROTOCOL : -AX_ERR_CONNECTION_REFUSED;
	if (listener->waiting >= listener->backlog)
		return -AX_ERR_WOULD_BLOCK;
	unix_socket_t *other = make(self->socket.type);
	if (!other)
		return -AX_ERR_NO_MEMORY;
	memcpy(other->name, listener->name, listener->name_bytes);
	other->name_bytes = listener->name_bytes; /* told, but not in the list */
	join(self, other);
	if (listener->accept_last)
		listener->accept_last->accept_next = other;
	else
		listener->accept_first = other;
	listener->accept_last = other;
	listener->waiting++;
	notify(listener, AX_POLLIN | AX_POLLRDNORM);
	notify(self, AX_POLLOUT | AX_POLLWRNORM);
	return 0;
}

static long unix_connect(posix_socket_t *socket, const struct ax_sockaddr *address, unsigned bytes)
{
	unix_socket_t *self = unix_of(socket);
	char name[PATH_BYTES];
	if (address->family != AX_AF_UNIX || bytes <= offsetof(struct ax_sockaddr_un, path))
		return -AX_ERR_INVALID_INPUT;
	unsigned length = read_name(address, bytes, name);
	UNIX_GUARD();
	unix_socket_t *other;
	const long error = find(name, length, &other);
	if (error)
		return error;
	if (socket->type != AX_SOCK_DGRAM)
		return connect_stream(self, other);
	if (other->socket.type != AX_SOCK_DGRAM)
		return -AX_ERR_WRONG_PROTOCOL;
	other->references++;
	if (self->peer)
		drop(self->peer);
	self->peer = other;
	return 0;
}

static long unix_accept(posix_socket_t *socket, posix_socket_t **accepted)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	if (!self->listening)
		return -AX_ERR_INVALID_INPUT;
	unix_socket_t *other = self->accept_first;
	if (!other)
		return -AX_ERR_WOULD_BLOCK;
	self->accept_first = other->accept_next;
	if (!self->accept_first)
		self->accept_last = NULL;
	self->waiting--;
	*accepted = &other->socket;
	return 0;
}

/* ------------------------------------------------------------------------------------------------------- data */

/* What waits in @p to's queue is bounded by the buffer of who sends, as on Linux (man-pages, unix(7)). */
static size_t room(const unix_socket_t *from, const unix_socket_t *to)
{
	size_t most = (size_t)from->socket.send_bytes;
	return to->queued_bytes < most ? most - to->queued_bytes : 0;
}

/* Put the first @p bytes of what is sent into @p to's queue. Lock held. */
static long enqueue(const unix_socket_t *from, unix_socket_t *to, const struct ax_msghdr *sent, size_t bytes,
		    posix_rights_t *rights)
{
	message_t *message = axalloc_alloc(sizeof *message + bytes, 0);
	if (!message)
		return -AX_ERR_NO_BUFFERS;
	*message = (message_t){ .bytes = bytes, .name_bytes = from->name_bytes, .rights = rights };
	memcpy(message->name, from->name, from->name_bytes);
	size_t at = 0;
	for (size_t i = 0; at < bytes; i++) {
		size_t here = AX_MIN(bytes - at, sent->vector[i].length);
		memcpy(message->data + at, sent->vector[i].base, here);
		at += here;
	}
	if (to->last)
		to->last->next = message;
	else
		to->first = message;
	to->last = message;
	to->queued_bytes += bytes + NOTE_BYTES;
	notify(to, AX_POLLIN | AX_POLLRDNORM);
	return (long)bytes;
}

/* Where a message goes, or what is wrong. Lock held. */
static long find_target(unix_socket_t *self, const struct ax_msghdr *message, unix_socket_t **target)
{
	char name[PATH_BYTES];
	*target = self->peer;
	if (self->no_more_sending)
		return -AX_ERR_BROKEN_PIPE;
	if (message->name && self->socket.type == AX_SOCK_DGRAM) {
		const struct ax_sockaddr *address = message->name;
		if (address->family != AX_AF_UNIX || message->name_bytes <= offsetof(struct ax_sockaddr_un, path))
			return -AX_ERR_INVALID_INPUT;
		const unsigned length = read_name(address, message->name_bytes, name);
		const long error = find(name, length, target);
		if (error)
			return error;
		return (*target)->socket.type == AX_SOCK_DGRAM ? 0 : -AX_ERR_WRONG_PROTOCOL;
	}
	if (!*target)
		return self->connected ? -AX_ERR_BROKEN_PIPE : -AX_ERR_NOT_CONNECTED;
	if ((*target)->closed)
		return self->socket.type == AX_SOCK_DGRAM ? -AX_ERR_CONNECTION_REFUSED : -AX_ERR_BROKEN_PIPE;
	return (*target)->no_more_receiving ? -AX_ERR_BROKEN_PIPE : 0;
}

/* The rights are the message's if it is sent. */
static long send_with(posix_socket_t *socket, const struct ax_msghdr *message, posix_rights_t *rights)
{
	unix_socket_t *self = unix_of(socket), *target;
	size_t bytes = posix_message_bytes(message);
	UNIX_GUARD();
	long error = find_target(self, message, &target);
	if (error)
		return error;
	if (socket->type != AX_SOCK_STREAM) {
		if (bytes + NOTE_BYTES > (size_t)socket->send_bytes)
			return -AX_ERR_MESSAGE_TOO_LONG;
		return room(self, target) < bytes + NOTE_BYTES ? -AX_ERR_WOULD_BLOCK
						    : enqueue(self, target, message, bytes, rights);
	}
	if (!bytes)
		return 0;
	if (room(self, target) <= NOTE_BYTES)
		return -AX_ERR_WOULD_BLOCK;
	return enqueue(self, target, message, AX_MIN(bytes, room(self, target) - NOTE_BYTES), rights);
}

static long unix_send(posix_socket_t *socket, const struct ax_msghdr *message, [[maybe_unused]] int flags)
{
	posix_rights_t *rights;
	long result = posix_rights_collect(message, &rights);
	if (result < 0)
		return result;
	result = send_with(socket, message, rights);
	if (result < 0 || (!result && socket->type == AX_SOCK_STREAM))
		posix_rights_discard(rights);
	return result;
}

/* Copy from the message on into the pieces: of a stream as many messages as there are, else one; what carries rights begins
 * and ends a piece of the stream. @return bytes */
static size_t copy_out(const unix_socket_t *self, const struct ax_msghdr *to)
{
	const message_t *message = self->first;
	size_t offset = message->taken, total = 0;
	for (size_t i = 0; i < to->vector_count && message; i++) {
		for (size_t at = 0; at < to->vector[i].length && message;) {
			size_t here = AX_MIN(message->bytes - offset, to->vector[i].length - at);
			memcpy((char *)to->vector[i].base + at, message->data + offset, here);
			at += here;
			offset += here;
			total += here;
			if (offset == message->bytes) {
				const message_t *next = self->socket.type == AX_SOCK_STREAM ? message->next : NULL;
				message = next && !next->rights && !message->rights ? next : NULL;
				offset = 0;
			}
		}
	}
	return total;
}

static void take_first(unix_socket_t *self)
{
	message_t *message = self->first;
	self->first = message->next;
	if (!self->first)
		self->last = NULL;
	self->queued_bytes -= message->bytes - message->taken + NOTE_BYTES;
	free_message(message);
}

static void take(unix_socket_t *self, size_t bytes)
{
	while (self->first && bytes >= self->first->bytes - self->first->taken) {
		bytes -= self->first->bytes - self->first->taken;
		take_first(self);
	}
	if (bytes) {
		self->first->taken += bytes;
		self->queued_bytes -= bytes;
	}
}

static void give_sender(const unix_socket_t *self, struct ax_msghdr *message)
{
	struct ax_sockaddr_storage address = {};
	if (self->socket.type == AX_SOCK_STREAM || !message->name) {
		message->name_bytes = 0;
		return;
	}
	long bytes = write_name(self->first->name, self->first->name_bytes, &address);
	memcpy(message->name, &address, AX_MIN((size_t)message->name_bytes, (size_t)bytes));
	message->name_bytes = (unsigned)bytes;
}

/* The rights of what was received, unless it was only looked at. */
static long receive_with(posix_socket_t *socket, struct ax_msghdr *message, int flags, posix_rights_t **rights)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	if (!self->first) {
		message->name_bytes = 0;
		if (self->no_more_receiving)
			return 0;
		return socket->type != AX_SOCK_DGRAM && !self->connected ? -AX_ERR_NOT_CONNECTED : -AX_ERR_WOULD_BLOCK;
	}
	long whole = (long)self->first->bytes;
	give_sender(self, message);
	size_t bytes = copy_out(self, message);
	bool is_stream = socket->type == AX_SOCK_STREAM;
	if (!is_stream && (long)bytes < whole)
		message->flags |= AX_MSG_TRUNC;
	if (!(flags & AX_MSG_PEEK)) {
		*rights = self->first->rights;
		self->first->rights = NULL;
		if (is_stream)
			take(self, bytes);
		else
			take_first(self);
		if (self->peer && !self->peer->closed)
			notify(self->peer, AX_POLLOUT | AX_POLLWRNORM);
	}
	return !is_stream && (flags & AX_MSG_TRUNC) ? whole : (long)bytes;
}

static long unix_receive(posix_socket_t *socket, struct ax_msghdr *message, int flags)
{
	posix_rights_t *rights = NULL;
	const long result = receive_with(socket, message, flags, &rights);
	if (rights)
		posix_rights_deliver(rights, message, flags);
	else
		message->control_bytes = 0;
	return result;
}

static long unix_available(posix_socket_t *socket)
{
	unix_socket_t *self = unix_of(socket);
	size_t bytes = 0;
	UNIX_GUARD();
	for (const message_t *message = self->first; message; message = message->next) {
		bytes += message->bytes - message->taken;
		if (socket->type != AX_SOCK_STREAM)
			break;
	}
	return (long)bytes;
}

static unsigned unix_events(posix_socket_t *socket)
{
	unix_socket_t *self = unix_of(socket);
	const unsigned in = AX_POLLIN | AX_POLLRDNORM, out = AX_POLLOUT | AX_POLLWRNORM;
	UNIX_GUARD();
	if (self->listening)
		return self->accept_first ? in : 0;
	unsigned events = self->first ? in : 0;
	if (self->no_more_receiving)
		events |= in | AX_POLLRDHUP;
	if (socket->type != AX_SOCK_DGRAM && !self->connected)
		return events | out | AX_POLLHUP;
	if (self->connected && self->no_more_receiving && self->no_more_sending)
		events |= AX_POLLHUP;
	if (!self->peer || self->peer->closed || room(self, self->peer) > (size_t)socket->send_bytes / 2)
		events |= out;
	return events;
}

/* The peer learns. Lock held. */
static void end(unix_socket_t *self, bool receiving, bool sending)
{
	unix_socket_t *peer = self->peer;
	self->no_more_receiving |= receiving;
	self->no_more_sending |= sending;
	if (peer && peer->peer == self && !peer->closed) {
		peer->no_more_receiving |= sending;
		peer->no_more_sending |= receiving;
		notify(peer, AX_POLLIN | AX_POLLRDNORM | AX_POLLOUT | AX_POLLRDHUP | (receiving && sending ? AX_POLLHUP : 0));
	}
}

static long unix_shutdown(posix_socket_t *socket, bool receiving, bool sending)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	if (!self->peer)
		return -AX_ERR_NOT_CONNECTED;
	end(self, receiving, sending);
	notify(self, AX_POLLIN | AX_POLLRDNORM | AX_POLLRDHUP);
	return 0;
}

/* Lock held. */
static void close_socket(unix_socket_t *self)
{
	unix_socket_t *peer = self->peer;
	if (self->connected)
		end(self, true, true);
	self->closed = true;
	self->peer = NULL;
	if (peer)
		drop(peer);
	drop(self);
}

static void release_locked(posix_socket_t *socket)
{
	unix_socket_t *self = unix_of(socket);
	UNIX_GUARD();
	forget_name(self);
	for (unix_socket_t *other = self->accept_first, *next; other; other = next) {
		next = other->accept_next;
		close_socket(other);
	}
	close_socket(self);
}

static void unix_release(posix_socket_t *socket)
{
	release_locked(socket);
	discard_rights();
}

static int unix_take_error([[maybe_unused]] posix_socket_t *socket)
{
	return 0;
}

static long unix_get_option(posix_socket_t *socket, int level, int name, int *value)
{
	if (level != AX_SOL_SOCKET || name != AX_SO_ACCEPTCONN)
		return -AX_ERR_NO_OPTION;
	*value = unix_of(socket)->listening;
	return 0;
}

static const posix_socket_ops_t s_ops = {
	.bind = unix_bind, .connect = unix_connect, .listen = unix_listen, .accept = unix_accept, .send = unix_send,
	.receive = unix_receive, .name = unix_name, .shutdown = unix_shutdown, .get_option = unix_get_option,
	.take_error = unix_take_error, .available = unix_available, .events = unix_events, .release = unix_release,
};
