# SPDX-License-Identifier: Apache-2.0
"""What a Redis client sees, in the protocol itself (RESP2): the first thing that does not hold ends it."""
import socket
import threading
import time

from client import HOST, PORT, Client, expect

CLIENTS, COMMANDS = 8, 200
UNREAD, PROBE_SECONDS = 3000, 1


def count(results):
    client = Client()
    for _ in range(COMMANDS):
        client.ask("INCR", "counter")
    results.append(True)


def answers_that_are_not_read_keep_nobody_from_asking():
    """More than a window of commands, while the window for answers is closed, and after that has been asked about."""
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(30)
        peer.connect((HOST, PORT))
        for _ in range(2):
            peer.sendall((b"SET a " + b"x" * 500 + b"\r\n") * UNREAD)
            time.sleep(PROBE_SECONDS)
        expect(peer.makefile("rb").read(2 * UNREAD * len(b"+OK\r\n")), b"+OK\r\n" * 2 * UNREAD)


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

answers_that_are_not_read_keep_nobody_from_asking()
done = []
threads = [threading.Thread(target=count, args=(done,)) for _ in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
expect(len(done), CLIENTS)
expect(one.ask("GET", "counter"), str(CLIENTS * COMMANDS).encode())
expect(one.ask("CONFIG", "SET", "busy-reply-threshold", 1), "OK")
busy = Client()
busy.send("EVAL", "while true do end", 0)          # who computes still hears others
while one.ask("SCRIPT", "KILL") != "OK":
    pass
expect(busy.answer().__class__, RuntimeError)
expect(one.ask("BGSAVE").__class__, RuntimeError)
expect(one.ask("SET", "compressible", "a" * 100_000), "OK")
expect(one.ask("SAVE"), "OK")
others = [Client() for _ in range(20)]
expect([other.ask("PING") for other in others], ["PONG"] * 20)
one.shut_down("NOSAVE")
for other in others:
    other.expect_end()
print("redis: answers")
