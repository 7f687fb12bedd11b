# SPDX-License-Identifier: Apache-2.0
"""A folder of this machine for an image that is a process: a server of 9P2000.L on one end of a socket pair.

	with p9server.served(volumes) as volumes:
	    ... volumes.files are handed to the process, volumes.environment names them (AX_VOLUME0=FD:/path) ...

The protocol is Plan 9's (intro(5) of its manual's section 5), with Linux's calls (diod's protocol.md). A fid holds its node by a
descriptor that can only name it (O_PATH), and every call goes from such a descriptor one name further, without following a
symbolic link: nothing outside of the folder can be reached. Who asks for nonsense gets an error.
"""
import contextlib
import errno
import os
import socket
import stat
import struct
import threading
import time
from dataclasses import dataclass, field

VERSION = b"9P2000.L"
MESSAGE_MAX, MESSAGE_MIN, HEADER = 256 << 10, 4096, 7
V9FS_MAGIC = 0x01021997                       # linux/magic.h
QID_DIRECTORY, QID_SYMLINK = 0x80, 0x02
GETATTR_BASIC = 0x7FF
SET_MODE, SET_UID, SET_GID, SET_SIZE, SET_ATIME, SET_MTIME, SET_ATIME_TO, SET_MTIME_TO = 1, 2, 4, 8, 0x10, 0x20, 0x80, 0x100
AT_REMOVEDIR = 0x200
OPEN_FLAGS = os.O_ACCMODE | os.O_TRUNC | os.O_EXCL | os.O_DIRECTORY | os.O_APPEND
LERROR = 6


@dataclass
class Served:
    environment: dict = field(default_factory=dict)
    files: tuple = ()


@contextlib.contextmanager
def served(volumes):
    """Serve Volumes (run.py) for as long as this lasts."""
    pairs = [socket.socketpair() for _ in volumes]
    threads = []
    try:
        for volume, (mine, _) in zip(volumes, pairs):
            server = Server(volume.folder, volume.read_only)
            threads.append(threading.Thread(target=server.run, args=(mine,), daemon=True))
            threads[-1].start()
        environment = {f"AX_VOLUME{i}": f"{pair[1].fileno()}:{volume.path}" for i, (volume, pair) in enumerate(zip(volumes, pairs))}
        yield Served(environment, tuple(theirs.fileno() for _, theirs in pairs))
    finally:
        for mine, theirs in pairs:
            theirs.close()
            with contextlib.suppress(OSError):
                mine.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for mine, _ in pairs:
            mine.close()


class Reader:
    """Fields of a message; struct.error when it is too short."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def bytes(self, count):
        if count > len(self.data) - self.at:
            raise struct.error("too short")
        self.at += count
        return self.data[self.at - count:self.at]

    def string(self):
        return self.bytes(self.take("H"))

    def name(self):
        """One component, of which nothing leads anywhere else."""
        text = self.string()
        if not text or b"/" in text or b"\0" in text or text in (b".", b".."):
            raise OSError(errno.EINVAL, "a name")
        return text


def string(text):
    return struct.pack("<H", len(text)) + text


def qid(status):
    kind = QID_DIRECTORY if stat.S_ISDIR(status.st_mode) else QID_SYMLINK if stat.S_ISLNK(status.st_mode) else 0
    return struct.pack("<BIQ", kind, 0, (status.st_ino ^ status.st_dev << 40) & (1 << 64) - 1)


def named(node):
    """The node behind an O_PATH descriptor, for calls that want a name."""
    return f"/proc/self/fd/{node}"


class Fid:
    def __init__(self, node):
        self.node, self.file, self.names = node, None, []

    def close(self):
        for descriptor in (self.node, self.file):
            if descriptor is not None:
                os.close(descriptor)

    def opened(self):
        if self.file is None:
            raise OSError(errno.EBADF, "not open")
        return self.file


class Server:
    def __init__(self, folder, read_only=False):
        self.folder, self.read_only, self.fids, self.message_max = folder, read_only, {}, MESSAGE_MAX
        self.calls = {8: self.statfs, 12: self.open, 14: self.create, 16: self.symlink, 22: self.read_link, 24: self.get_attributes,
                      26: self.set_attributes, 40: self.read_directory, 50: self.fsync, 70: self.link, 72: self.make_directory,
                      74: self.rename, 76: self.unlink, 100: self.version, 104: self.attach, 108: self.flush, 110: self.walk,
                      116: self.read, 118: self.write, 120: self.clunk}

    def run(self, connection):
        """Until the other end is closed, or sends what is no message."""
        try:
            with connection.makefile("rwb") as stream:
                while len(head := stream.read(4)) == 4:
                    size = struct.unpack("<I", head)[0]
                    if not HEADER <= size <= self.message_max or len(rest := stream.read(size - 4)) != size - 4:
                        break
                    stream.write(self.answer(rest))
                    stream.flush()
        except OSError:
            pass                            # it was ended
        finally:
            self.forget()
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def forget(self):
        for fid in self.fids.values():
            fid.close()
        self.fids = {}

    def answer(self, message):
        kind, tag = struct.unpack_from("<BH", message)
        try:
            if kind not in self.calls:
                raise OSError(errno.EOPNOTSUPP, "no such call")
            kind, body = kind + 1, self.calls[kind](Reader(message[3:]))
        except OSError as error:
            kind, body = LERROR + 1, struct.pack("<I", error.errno or errno.EIO)
        except (struct.error, OverflowError, ValueError):
            kind, body = LERROR + 1, struct.pack("<I", errno.EINVAL)
        return struct.pack("<IBH", HEADER + len(body), kind, tag) + body

    def fid(self, number):
        if number not in self.fids:
            raise OSError(errno.EBADF, "no such fid")
        return self.fids[number]

    def keep(self, number, node):
        if number in self.fids:
            os.close(node)
            raise OSError(errno.EINVAL, "a fid in use")
        self.fids[number] = Fid(node)

    def changes(self):
        if self.read_only:
            raise OSError(errno.EROFS, "read-only")

    # ------------------------------------------------------------------------------------------ fids and nodes

    def version(self, message):
        size, version = message.take("I"), message.string()
        self.forget()
        if size < MESSAGE_MIN:
            raise OSError(errno.EMSGSIZE, "messages too short")
        self.message_max = min(size, MESSAGE_MAX)
        return struct.pack("<I", self.message_max) + string(VERSION if version.startswith(VERSION) else b"unknown")

    def attach(self, message):
        number = message.take("I")
        self.keep(number, os.open(self.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC))
        return qid(os.fstat(self.fids[number].node))

    def flush(self, message):
        return b""                          # nothing is under way

    def walk(self, message):
        number, new, count = message.take("IIH")
        node, found = os.dup(self.fid(number).node), []
        try:
            for _ in range(count):
                name = message.name()
                try:
                    following = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=node)
                except OSError:
                    if not found:
                        raise
                    break
                os.close(node)
                node = following
                found.append(qid(os.fstat(node)))
        except BaseException:
            os.close(node)
            raise
        if len(found) < count:
            os.close(node)
        else:
            if new == number:
                self.fids.pop(number).close()
            self.keep(new, node)
        return struct.pack("<H", len(found)) + b"".join(found)

    def clunk(self, message):
        number = message.take("I")
        self.fid(number)
        self.fids.pop(number).close()
        return b""

    def open(self, message):
        number, flags = message.take("II")
        fid = self.fid(number)
        if flags & os.O_ACCMODE or flags & os.O_TRUNC:
            self.changes()
        if fid.file is not None:
            raise OSError(errno.EBUSY, "open already")
        fid.file = os.open(named(fid.node), flags & OPEN_FLAGS | os.O_NONBLOCK | os.O_CLOEXEC)
        return qid(os.fstat(fid.file)) + bytes(4)

    def create(self, message):
        number, name, flags, mode = message.take("I"), message.name(), *message.take("II")
        self.changes()
        fid = self.fid(number)
        flags = flags & OPEN_FLAGS | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(name, flags, mode & 0o7777, dir_fd=fid.node)
        node = os.open(named(file), os.O_PATH | os.O_CLOEXEC)
        fid.close()
        fid.node, fid.file = node, file
        return qid(os.fstat(file)) + bytes(4)

    def get_attributes(self, message):
        s = os.fstat(self.fid(message.take("I")).node)
        times = [part for ns in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns) for part in (ns // 10**9 & (1 << 64) - 1, ns % 10**9)]
        return (struct.pack("<Q", GETATTR_BASIC) + qid(s) +
                struct.pack("<IIIQQQQQ", s.st_mode, s.st_uid, s.st_gid, s.st_nlink, s.st_rdev, s.st_size, s.st_blksize, s.st_blocks) +
                struct.pack("<6Q", *times) + bytes(32))

    def set_attributes(self, message):
        number, which, mode, uid, gid, size, *times = message.take("IIIIIQQQQQ")
        self.changes()
        path, status = named(self.fid(number).node), os.fstat(self.fid(number).node)
        if stat.S_ISLNK(status.st_mode):
            raise OSError(errno.EOPNOTSUPP, "of a symbolic link")
        if which & SET_SIZE:
            os.truncate(path, size)
        if which & (SET_UID | SET_GID):
            os.chown(path, uid if which & SET_UID else -1, gid if which & SET_GID else -1)
        if which & SET_MODE:
            os.chmod(path, mode & 0o7777)
        if which & (SET_ATIME | SET_MTIME):
            now = [status.st_atime_ns, status.st_mtime_ns]
            for i, (due, to) in enumerate(((SET_ATIME, SET_ATIME_TO), (SET_MTIME, SET_MTIME_TO))):
                if which & due:
                    seconds = times[2 * i] - (1 << 64) * (times[2 * i] >> 63)
                    now[i] = seconds * 10**9 + times[2 * i + 1] if which & to else time.time_ns()
            os.utime(path, ns=tuple(now))
        return b""

    def statfs(self, message):
        s = os.fstatvfs(self.fid(message.take("I")).node)
        return struct.pack("<IIQQQQQQI", V9FS_MAGIC, s.f_frsize, s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree, s.f_fsid,
                           s.f_namemax)

    # ------------------------------------------------------------------------------------------------ contents

    def limit(self, count):
        return min(count, self.message_max - HEADER - 4)

    def read(self, message):
        number, offset, count = message.take("IQI")
        data = os.pread(self.fid(number).opened(), self.limit(count), offset)
        return struct.pack("<I", len(data)) + data

    def write(self, message):
        number, offset, count = message.take("IQI")
        self.changes()
        return struct.pack("<I", os.pwrite(self.fid(number).opened(), message.bytes(count), offset))

    def fsync(self, message):
        number, data_only = message.take("II")
        (os.fdatasync if data_only else os.fsync)(self.fid(number).opened())
        return b""

    def read_directory(self, message):
        number, offset, count = message.take("IQI")
        fid, body = self.fid(number), b""
        if offset == 0:
            fid.names = sorted(map(os.fsencode, os.listdir(fid.opened())))
        for at in range(offset, len(fid.names)):
            with contextlib.suppress(FileNotFoundError):
                status = os.stat(fid.names[at], dir_fd=fid.node, follow_symlinks=False)
                entry = qid(status) + struct.pack("<QB", at + 1, status.st_mode >> 12) + string(fid.names[at])
                if len(body) + len(entry) > self.limit(count):
                    break
                body += entry
        return struct.pack("<I", len(body)) + body

    # --------------------------------------------------------------------------------------------------- names

    def make_directory(self, message):
        number, name, mode = message.take("I"), message.name(), message.take("I")
        self.changes()
        os.mkdir(name, mode & 0o7777, dir_fd=self.fid(number).node)
        return self.found(number, name)

    def symlink(self, message):
        number, name, target = message.take("I"), message.name(), message.string()
        self.changes()
        os.symlink(target, name, dir_fd=self.fid(number).node)
        return self.found(number, name)

    def found(self, number, name):
        return qid(os.stat(name, dir_fd=self.fid(number).node, follow_symlinks=False))

    def read_link(self, message):
        return string(os.readlink(b"", dir_fd=self.fid(message.take("I")).node))

    def link(self, message):
        directory, number, name = *message.take("II"), message.name()
        self.changes()
        os.link(named(self.fid(number).node), name, dst_dir_fd=self.fid(directory).node)
        return b""

    def rename(self, message):
        old, name, new, new_name = message.take("I"), message.name(), message.take("I"), message.name()
        self.changes()
        os.rename(name, new_name, src_dir_fd=self.fid(old).node, dst_dir_fd=self.fid(new).node)
        return b""

    def unlink(self, message):
        number, name, flags = message.take("I"), message.name(), message.take("I")
        self.changes()
        (os.rmdir if flags & AT_REMOVEDIR else os.unlink)(name, dir_fd=self.fid(number).node)
        return b""
