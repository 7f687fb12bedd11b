# SPDX-License-Identifier: Apache-2.0
"""What a Redis client sees, in the protocol itself (RESP2): the first thing that does not hold ends it."""
import os
import socket
import threading
import time

HOST, PORT = os.environ["AX_PEER"], 6379
CLIENTS, COMMANDS = 8, 200


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


def expect(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def count(results):
    client = Client()
    for _ in range(COMMANDS):
        client.ask("INCR", "counter")
    results.append(True)


one = Client()
expect(one.ask("PING"), "PONG")
expect(one.ask("SET", "a", b"\0\r\n" * 1000), "OK")
expect(one.ask("GET", "a"), b"\0\r\n" * 1000)
expect(one.ask("GET", "nothing"), None)
expect(one.ask("RPUSH", "list", 3, 1, 2), 3)
expect(one.ask("SORT", "list"), [b"1", b"2", b"3"])
expect(one.ask("EVAL", "return redis.call('get', KEYS[1]) .. ARGV[1]", 1, "nothing2", "x").__class__, RuntimeError)
expect(one.ask("EVAL", "return {KEYS[1], 6 * 7}", 1, "k"), [b"k", 42])
for i in range(500):
    one.send("SET", f"p{i}", i)
expect([one.answer() for _ in range(500)], ["OK"] * 500)
expect(one.ask("GET", "p499"), b"499")

done = []
threads = [threading.Thread(target=count, args=(done,)) for _ in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
expect(len(done), CLIENTS)
expect(one.ask("GET", "counter"), str(CLIENTS * COMMANDS).encode())
expect(one.ask("BGSAVE").__class__, RuntimeError)
print("redis: answers")
