# SPDX-License-Identifier: Apache-2.0
"""The server of folders for images that are processes: nothing outside of the folder, an error for nonsense."""
import errno
import os
import struct
import tempfile
import types
import unittest
from pathlib import Path

import scratch  # noqa: F401: puts the tool in reach
from ax import p9server

LOPEN, LCREATE, SETATTR, READDIR, VERSION, ATTACH, WALK, READ, WRITE = 12, 14, 26, 40, 100, 104, 110, 116, 118


class Served(unittest.TestCase):
    read_only = False

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "shown"
        self.folder.mkdir()
        (Path(folder.name) / "secret").write_text("outside")
        (self.folder / "text").write_text("hello")
        (self.folder / "out").symlink_to("../secret")
        (self.folder / "up").symlink_to("..")
        self.server = p9server.Server(self.folder, self.read_only)
        self.addCleanup(self.server.forget)
        self.good(VERSION, struct.pack("<I", 65536) + p9server.string(b"9P2000.L"))
        self.good(ATTACH, struct.pack("<II", 0, 0xFFFFFFFF) + p9server.string(b"") * 2 + bytes(4))

    def call(self, kind, body):
        answer = self.server.answer(struct.pack("<BH", kind, 7) + body)
        size, kind, tag = struct.unpack_from("<IBH", answer)
        self.assertEqual((size, tag), (len(answer), 7))
        return kind, answer[7:]

    def good(self, kind, body):
        answered, rest = self.call(kind, body)
        self.assertEqual(answered, kind + 1, rest)
        return rest

    def refused(self, kind, body, number):
        self.assertEqual(self.call(kind, body), (p9server.LERROR + 1, struct.pack("<I", number)))

    def walk(self, new, *names):
        return struct.pack("<IIH", 0, new, len(names)) + b"".join(map(p9server.string, names))


class Anything(Served):
    def test_contents_go_both_ways(self):
        self.good(WALK, self.walk(1, b"text"))
        self.good(LOPEN, struct.pack("<II", 1, os.O_RDWR))
        self.assertEqual(self.good(READ, struct.pack("<IQI", 1, 1, 100)), struct.pack("<I", 4) + b"ello")
        self.good(WRITE, struct.pack("<IQI", 1, 5, 2) + b"!!")
        self.assertEqual((self.folder / "text").read_text(), "hello!!")

    def test_no_name_leads_out_of_the_folder(self):
        for name in (b"..", b".", b"", b"up/secret", b"../secret", b"a\0b"):
            self.refused(WALK, self.walk(1, name), errno.EINVAL)
        self.good(WALK, self.walk(1, b"out"))
        self.refused(LOPEN, struct.pack("<II", 1, os.O_RDONLY), errno.ELOOP)
        self.refused(LCREATE, struct.pack("<I", 0) + p9server.string(b"out") + struct.pack("<III", os.O_RDWR, 0o644, 0), errno.ELOOP)
        answer = self.good(WALK, self.walk(2, b"up", b"secret"))
        self.assertEqual(struct.unpack_from("<H", answer)[0], 1)          # the link itself, and no further
        self.refused(LOPEN, struct.pack("<II", 2, 0), errno.EBADF)

    def test_a_symbolic_link_s_target_is_never_changed(self):
        self.good(WALK, self.walk(1, b"out"))
        self.refused(SETATTR, struct.pack("<IIIIIQQQQQ", 1, p9server.SET_SIZE, 0, 0, 0, 0, 0, 0, 0, 0), errno.EOPNOTSUPP)
        self.assertEqual((self.folder.parent / "secret").read_text(), "outside")

    def test_a_long_directory_comes_in_parts(self):
        for i in range(200):
            (self.folder / f"file-{i:03}").touch()
        self.good(WALK, self.walk(1))
        self.good(LOPEN, struct.pack("<II", 1, 0))
        names, offset = [], 0
        while len(body := self.good(READDIR, struct.pack("<IQI", 1, offset, 500))) > 4:
            reader = p9server.Reader(body[4:])
            while reader.at < len(reader.data):
                reader.bytes(13)
                offset, _ = reader.take("QB")
                names.append(reader.string())
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len(names), 203)

    def test_nonsense_is_an_error(self):
        self.refused(99, b"", errno.EOPNOTSUPP)
        self.refused(READ, b"\0", errno.EINVAL)
        self.refused(READ, struct.pack("<IQI", 5, 0, 1), errno.EBADF)
        self.refused(READ, struct.pack("<IQI", 0, 0, 1), errno.EBADF)     # not open
        self.refused(WRITE, struct.pack("<IQI", 0, 0, 1000) + b"short", errno.EBADF)
        self.refused(WALK, self.walk(1, b"none"), errno.ENOENT)
        self.good(WALK, self.walk(1, b"text"))
        self.refused(WALK, self.walk(1, b"text"), errno.EINVAL)           # a fid in use
        self.good(LOPEN, struct.pack("<II", 1, 0))
        self.refused(READ, struct.pack("<IQI", 1, 1 << 63, 1), errno.EINVAL)

    def test_what_is_no_message_ends_the_session(self):
        volume = types.SimpleNamespace(folder=str(self.folder), path="/x", read_only=False)
        with p9server.served([volume]) as served:
            self.assertEqual(served.environment, {"AX_VOLUME0": f"{served.files[0]}:/x"})
            os.write(served.files[0], struct.pack("<I", 3) + b"???")
            self.assertEqual(os.read(served.files[0], 1), b"")


class ReadOnly(Served):
    read_only = True

    def test_nothing_is_changed(self):
        self.good(WALK, self.walk(1, b"text"))
        self.refused(LOPEN, struct.pack("<II", 1, os.O_RDWR), errno.EROFS)
        self.refused(LCREATE, struct.pack("<I", 0) + p9server.string(b"new") + struct.pack("<III", os.O_RDWR, 0o644, 0), errno.EROFS)
        self.good(LOPEN, struct.pack("<II", 1, os.O_RDONLY))
        self.assertFalse((self.folder / "new").exists())


if __name__ == "__main__":
    unittest.main()
