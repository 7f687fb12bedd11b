# SPDX-License-Identifier: Apache-2.0
"""What one run has appended to its file is there in the next. The server's configuration is a file, too."""
import os

from client import Client, expect

WORDS = [f"{i} " + "x" * i for i in range(200)]

client = Client()
client.wait_until_loaded()
expect(client.ask("CONFIG", "GET", "appendfsync"), [b"appendfsync", b"always"])
expect(client.ask("CONFIG", "GET", "dir"), [b"dir", b"/vda"])
if os.environ["AX_RUN"] == "1":
    expect(client.ask("DBSIZE"), 0)
    expect(client.ask("RPUSH", "words", *WORDS), len(WORDS))
    expect(client.ask("SET", "compressible", "a" * 100_000), "OK")
    expect([client.ask("INCR", "count") for _ in range(100)], list(range(1, 101)))
    expect(client.ask("BGREWRITEAOF").__class__, RuntimeError)
else:
    expect(client.ask("LRANGE", "words", 0, -1), [word.encode() for word in WORDS])
    expect(client.ask("GET", "compressible"), b"a" * 100_000)
    expect(client.ask("INCR", "count"), 101)
client.shut_down()
