# SPDX-License-Identifier: Apache-2.0
"""What a memcached client sees, in its text protocol (doc/protocol.txt of its source): the first thing that does not hold ends it."""
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

CLIENTS, COMMANDS, CHURN = 8, 200, 300


class Client:
    def __init__(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                self.socket = socket.create_connection((os.environ["AX_PEER"], 11211), timeout=20)
                break
            except OSError:                   # the image may be still on its way to listening
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.lines = self.socket.makefile("rb")

    def ask(self, request, value=None):
        self.socket.sendall(request + b"\r\n" + (b"" if value is None else value + b"\r\n"))
        return self.lines.readline().rstrip()

    def store(self, key, value):
        return self.ask(b"set %s 7 0 %d" % (key, len(value)), value)

    def fetch(self, key):
        """(flags, value), or None."""
        words = self.ask(b"get " + key).split()
        if words == [b"END"]:
            return None
        value = self.lines.read(int(words[3]) + 2)[:-2]
        expect(self.lines.readline(), b"END\r\n")
        return int(words[2]), value

    def close(self):
        self.lines.close()
        self.socket.close()


def expect(found, wanted):
    assert found == wanted, f"{found!r}, not {wanted!r}"


def count(_):
    client = Client()
    for _ in range(COMMANDS):
        client.ask(b"incr counter 1")


one = Client()
expect(one.ask(b"version").split()[0], b"VERSION")
expect(one.store(b"a", b"\0\r\n" * 1000), b"STORED")
expect(one.fetch(b"a"), (7, b"\0\r\n" * 1000))
expect(one.fetch(b"nothing"), None)
big = bytes(range(256)) * 4000               # near the item size limit of 1 MiB
expect(one.store(b"big", big), b"STORED")
expect(one.fetch(b"big"), (7, big))
expect(one.ask(b"add a 0 0 1", b"x"), b"NOT_STORED")
expect(one.ask(b"delete a"), b"DELETED")
expect(one.fetch(b"a"), None)
expect(one.store(b"counter", b"0"), b"STORED")
with ThreadPoolExecutor(CLIENTS) as pool:
    expect(len(list(pool.map(count, range(CLIENTS)))), CLIENTS)       # raises what any of them raised
expect(one.fetch(b"counter"), (7, b"%d" % (CLIENTS * COMMANDS)))
for number in range(CHURN):
    other = Client()
    expect(other.store(b"key%d" % number, b"%d" % number), b"STORED")
    other.close()
expect(one.fetch(b"key%d" % (CHURN - 1)), (7, b"%d" % (CHURN - 1)))
expect(one.ask(b"flush_all"), b"OK")
expect(one.ask(b"bad").split()[0], b"ERROR")
print("memcached: answers")
