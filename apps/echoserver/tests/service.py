# SPDX-License-Identifier: Apache-2.0
"""The image's services as a peer uses them, and its own figures of what it holds."""
import os
import socket
import struct
import time

HOST, ECHO, SYSTAT = os.environ["AX_PEER"], 7, 11
SETTLE_SECONDS = 60


def connect(port=ECHO, timeout=20):
    """The image may be still on its way to listening."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return socket.create_connection((HOST, port), timeout=timeout)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def receive(peer, count):
    data = bytearray()
    while len(data) < count:
        part = peer.recv(65536)
        if not part:
            break
        data += part
    return bytes(data)


def a_byte_comes_back():
    with connect() as peer:
        peer.sendall(b"x")
        assert receive(peer, 1) == b"x"


def reset(peer):
    """End the connection by a reset, at once."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def figures():
    """What the image holds now. Our side closes first: that leaves nothing behind there."""
    with connect(SYSTAT) as peer:
        peer.shutdown(socket.SHUT_WR)
        text = receive(peer, 1 << 20).decode()
    return {name: int(value) for name, value in (line.split() for line in text.splitlines())}


def settled():
    """The figures once all connections but the one that asks have gone, those remembered too."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        now = figures()
        if now["connections"] <= 1 and now["time_wait"] == 0 and now["lent"] <= 4:
            return now
        assert time.monotonic() < deadline, f"connections or buffers are left over: {now}"
        time.sleep(0.2)


def expect_nothing_leaked(before):
    """As much memory as before, but for what may lie ready in pools (stacks of ended threads, lists of the heap)."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        now = settled()
        if now["memory"] <= before["memory"] + SPARE_BYTES and now["threads"] <= before["threads"]:
            return now
        assert time.monotonic() < deadline, f"before: {before}\nafter:  {now}"
        time.sleep(0.2)


SPARE_BYTES = 16 * 1024
