# SPDX-License-Identifier: Apache-2.0
"""What one run has appended to its file is there in the next. The server's configuration is a file, too. The first argument is
the folder of both. With a second one the next run saves all, and has its configuration changed: from then on nothing is appended,
and the third run finds what was saved."""
import os
import sys

from client import Client, expect

RUN, FOLDER, SAVES = int(os.environ["AX_RUN"]), sys.argv[1], len(sys.argv) > 2
WORDS = [f"{i} " + "x" * i for i in range(200)]


def persistence(client):
    return dict(line.split(":", 1) for line in client.ask("INFO", "persistence").decode().splitlines() if ":" in line)


client = Client()
client.wait_until_loaded()
expect(client.ask("CONFIG", "GET", "appendfsync"), [b"appendfsync", b"always"])
expect(client.ask("CONFIG", "GET", "dir"), [b"dir", FOLDER.encode()])
expect(persistence(client)["aof_enabled"], "0" if RUN == 3 else "1")
if RUN == 1:
    expect(client.ask("DBSIZE"), 0)
    expect(client.ask("RPUSH", "words", *WORDS), len(WORDS))
    expect(client.ask("SET", "compressible", "a" * 100_000), "OK")
    expect([client.ask("INCR", "count") for _ in range(100)], list(range(1, 101)))
    expect(client.ask("BGREWRITEAOF").__class__, RuntimeError)
else:
    expect(client.ask("LRANGE", "words", 0, -1), [word.encode() for word in WORDS])
    expect(client.ask("GET", "compressible"), b"a" * 100_000)
    expect(client.ask("INCR", "count"), 99 + RUN)
if RUN == 2 and SAVES:
    expect(client.ask("BGSAVE").__class__, RuntimeError)       # it takes a second process: told, and all goes on
    expect(persistence(client)["rdb_last_bgsave_status"], "err")
    expect(client.ask("SAVE"), "OK")
    expect(client.ask("CONFIG", "SET", "appendonly", "no"), "OK")
    expect(client.ask("CONFIG", "REWRITE"), "OK")
    expect(client.ask("SET", "lost", 1), "OK")
if RUN == 3:
    expect(client.ask("GET", "lost"), None)
client.shut_down()
