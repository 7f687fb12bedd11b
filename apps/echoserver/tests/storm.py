# SPDX-License-Identifier: Apache-2.0
"""Storms: a flood of handshakes that nobody completes, short connections, peers that reset, vanish, or read nothing until
memory is out. After each the image answers the next good request, and holds what it held before.

The argument is the number of short connections, 2,000 without one; by hand 100,000."""
import errno
import random
import socket
import struct
import sys
import threading

from service import (ECHO, HOST, SYSTAT, a_byte_comes_back, checksum, connect, echoes, expect_nothing_leaked, figures,
                     fill_pools, hold, receive, reset, reset_amid_data, settled)

SHORT = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
SYNS, THREADS, IDLE, VANISHING = 8000, 8, 120, 50
ECHOED_MAX = 10_000        # our side closes these first: each keeps a port of ours for a minute


def segment(source, port, number, acknowledged=None):
    """An IPv4 packet (RFC 791) with a TCP segment (RFC 9293) that begins a connection, or acknowledges."""
    addresses = source + socket.inet_aton(HOST)
    flags = 2 if acknowledged is None else 16
    tcp = struct.pack("!HHIIBBHHH", port, ECHO, number, acknowledged or 0, 5 << 4, flags, 65535, 0, 0)
    total = checksum(addresses + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp)) + tcp)
    tcp = tcp[:16] + struct.pack("!H", total) + tcp[18:]
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0) + addresses + tcp


def a_flood_of_handshakes_does_not_lock_others_out():
    """From addresses of the test networks (RFC 5737): nobody answers there."""
    chance = random.Random(3)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for count in range(SYNS):
            source = bytes((198, 51, 100, chance.randrange(1, 255)))
            try:
                raw.sendto(segment(source, chance.randrange(1024, 65536), chance.getrandbits(32)), (HOST, 0))
            except OSError as error:
                assert error.errno == errno.ENOBUFS
            if count % 1000 == 999:
                a_byte_comes_back()
    assert figures()["half_open"] <= 512


def answers(sniffer, ports):
    """(port, sequence number) of each handshake's answer from the image."""
    while ports:
        packet = sniffer.recv(65536)
        if packet[12:16] != socket.inet_aton(HOST) or packet[9] != socket.IPPROTO_TCP:
            continue
        tcp = packet[4 * (packet[0] & 15):]
        port, number = struct.unpack("!HI", tcp[2:8])
        if tcp[13] & 0x12 == 0x12 and port in ports:
            ports.remove(port)
            yield port, number


def peers_that_vanish_are_forgotten():
    """The handshake is completed, by nobody: what the image sends then is never answered."""
    source, ports = bytes((198, 51, 100, 7)), set(range(2000, 2000 + VANISHING))
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as sniffer, \
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        sniffer.settimeout(20)
        for port in sorted(ports):
            raw.sendto(segment(source, port, 1000), (HOST, 0))
        for port, number in answers(sniffer, ports):
            raw.sendto(segment(source, port, 1001, (number + 1) & 0xffffffff), (HOST, 0))
    a_byte_comes_back()


def short_connection(number):
    if number % 4 == 0 and number // 4 < ECHOED_MAX:
        echoes(b"%d" % number)
    else:                                   # the image closes first
        with connect(SYSTAT) as peer:
            assert receive(peer, 1 << 20).startswith(b"memory ")


def short_connections_are_served():
    failures, numbers, lock = [], iter(range(SHORT)), threading.Lock()

    def work():
        while not failures:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                short_connection(number)
            except Exception as error:
                failures.append(f"connection {number}: {error!r}")

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


def peers_that_reset_amid_their_data_are_forgotten():
    reset_amid_data(200)


def peers_that_read_nothing_until_memory_is_out_cost_others_nothing_for_long():
    peers = []
    for _ in range(IDLE):
        try:
            peer = socket.create_connection((HOST, ECHO), timeout=20)
        except OSError:
            break                           # there is no memory for more
        peer.setblocking(False)
        peers.append(peer)
        try:
            while True:
                peer.send(b"z" * 65536)
        except OSError:                     # its windows are full, or it has been reset for want of memory
            pass
    assert len(peers) > 10, "no memory is out yet"
    for peer in peers:
        reset(peer)
    a_byte_comes_back()


fill_pools()
before = settled()
print(f"before: {before}", flush=True)
seconds = hold((peers_that_reset_amid_their_data_are_forgotten, peers_that_vanish_are_forgotten,
                a_flood_of_handshakes_does_not_lock_others_out,
                peers_that_read_nothing_until_memory_is_out_cost_others_nothing_for_long, short_connections_are_served),
               lambda: f"after: {expect_nothing_leaked(before)}")
print(f"{SHORT / seconds:,.0f} short connections a second")
