# SPDX-License-Identifier: Apache-2.0
"""Packs a folder into a cpio archive in the "newc" format (the one of Linux's initramfs), reproducibly."""
import stat

from .errors import AxError


def pack(folder):
    """Bytes of the archive: entries sorted, owner 0, time 0, so that the same folder gives the same image."""
    if not folder.is_dir():
        raise AxError("no such folder", folder, "--rootfs takes the folder whose files the image shall hold")
    out = bytearray()
    paths = sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix())
    for inode, path in enumerate(paths, 1):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            data = str(path.readlink()).encode()
        elif stat.S_ISREG(mode):
            data = path.read_bytes()
        elif stat.S_ISDIR(mode):
            data = b""
        else:
            raise AxError("neither file, folder nor symbolic link", path, "leave it out of --rootfs")
        append(out, inode, mode, path.relative_to(folder).as_posix().encode(), data)
    append(out, 0, 0, b"TRAILER!!!", b"")
    return bytes(out)


def append(out, inode, mode, name, data):
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    out += b"070701" + b"".join(b"%08X" % f for f in fields) + name + b"\0"
    out += b"\0" * (-len(out) % 4)
    out += data
    out += b"\0" * (-len(out) % 4)
