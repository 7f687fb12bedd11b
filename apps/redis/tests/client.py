# SPDX-License-Identifier: Apache-2.0
"""A client of Redis's protocol (RESP2), and what the peers say of its answers."""
import os
import socket
import time

HOST, PORT = os.environ["AX_PEER"], 6379


class Client:
    def __init__(self, timeout=30):
        deadline = time.monotonic() + timeout      # the image may be still on its way to listening
        while True:
            try:
                self.socket = socket.create_connection((HOST, PORT), timeout=timeout)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.file = self.socket.makefile("rb")

    def send(self, *words):
        encoded = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in encoded))

    def answer(self):
        line = self.file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        return int(rest) if kind == b":" else rest.decode() if kind == b"+" else RuntimeError(rest.decode())

    def ask(self, *words):
        self.send(*words)
        return self.answer()

    def wait_until_loaded(self):
        """What its files hold is there: it answers before, and refuses."""
        while str(self.ask("PING")).startswith("LOADING"):
            time.sleep(0.01)

    def shut_down(self, *words):
        """The server ends, without an answer."""
        self.send("SHUTDOWN", *words)
        self.expect_end()

    def expect_end(self):
        """Of the connection: in order, and not because nobody is there any more."""
        expect(self.file.read(), b"")


def expect(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"
