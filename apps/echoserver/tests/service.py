# SPDX-License-Identifier: Apache-2.0
"""The image's services as a peer uses them, and its own figures of what it holds. A check is a function: its name is a sentence,
and it fails where that does not hold."""
import os
import random
import socket
import struct
import time

HOST, ECHO, SYSTAT = os.environ["AX_PEER"], 7, 11
SETTLE_SECONDS = 150
SPARE_BYTES = 16 * 1024
STACKS_KEPT = 256             # of ended threads, for the next ones


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


def hold(checks, afterwards=lambda: None):
    """Each in turn; the first that fails ends it. What `afterwards` tells is printed. Returns the seconds of the last one."""
    for check in checks:
        start = time.monotonic()
        check()
        seconds, told = time.monotonic() - start, afterwards()
        print(f"{check.__name__}: holds ({seconds:.2f} s)" + (f"\n{told}" if told else ""), flush=True)
    return seconds


def echoes(data):
    """A connection of its own."""
    with connect() as peer:
        peer.sendall(data)
        assert receive(peer, len(data)) == data


def a_byte_comes_back():
    echoes(b"x")


def datagrams_come_back_at_every_length_fragments_too():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.settimeout(20)
        for length in (0, 1, 63, 1471, 1472, 1473, 4000, 30000, 65507):
            data = random.Random(length).randbytes(length)
            peer.sendto(data, (HOST, ECHO))
            answer, sender = peer.recvfrom(70000)
            assert answer == data and sender == (HOST, ECHO), length


def reset_amid_data(times):
    for _ in range(times):
        peer = connect()
        peer.sendall(b"never read" * 1000)
        reset(peer)
    a_byte_comes_back()


def checksum(data):
    """RFC 1071, of whole words."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def reset(peer):
    """End the connection by a reset, at once."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def figures():
    """What the image holds now, over UDP: asking costs it nothing."""
    deadline = time.monotonic() + SETTLE_SECONDS
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.settimeout(2)
        peer.connect((HOST, SYSTAT))
        while True:
            peer.send(b"?")
            try:
                text = peer.recv(4096).decode()
                break
            except TimeoutError:                  # a datagram may get lost
                assert time.monotonic() < deadline
    return {name: int(value) for name, value in (line.split() for line in text.splitlines())}


def settled():
    """The figures once all connections have gone, those remembered too."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        now = figures()
        if now["connections"] == now["time_wait"] == now["lent"] == 0:
            return now
        assert time.monotonic() < deadline, f"connections or buffers are left over: {now}"
        time.sleep(0.2)


def expect_nothing_leaked(before):
    """As much memory as before, but for what the heap may keep at hand. A thread that begins has surplus stacks released."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        a_byte_comes_back()
        now = settled()
        if now["memory"] <= before["memory"] + SPARE_BYTES and now["threads"] <= before["threads"]:
            return now
        assert time.monotonic() < deadline, f"before: {before}\nafter:  {now}"


def fill_pools():
    """As many connections at once as there are stacks kept: from then on what is held in reserve does not grow."""
    peers = [connect() for _ in range(STACKS_KEPT + 10)]
    for peer in peers:
        peer.sendall(b"x")
        assert receive(peer, 1) == b"x"
    for peer in peers:
        peer.close()
    a_byte_comes_back()
