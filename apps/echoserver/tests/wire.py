# SPDX-License-Identifier: Apache-2.0
"""A bad wire: between the image's TAP device and another one of ours that has taken over this machine's address, frames are
lost, repeated, delayed and overtake each other. What is sent comes back byte for byte all the same.

    image == axtapN (AF_PACKET) == this relay == axwireN (/dev/net/tun) == this machine's TCP

Frames keep the header that says what is left to the interface (virtio 1.2, 5.1.6), so that checksums and segments that have
been put together pass as they are.
"""
import contextlib
import fcntl
import heapq
import os
import random
import selectors
import socket
import struct
import threading
import time

from service import HOST, connect, receive

TUNSETIFF = 0x400454CA                                                                    # linux/if_tun.h
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
SIOCGIFADDR, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFFLAGS = 0x8915, 0x8916, 0x891C, 0x8914   # linux/sockios.h
IFF_UP, IFF_NOARP, IFF_PROMISC = 0x1, 0x80, 0x100
SOL_PACKET, PACKET_VNET_HDR, ETH_P_ALL, PACKET_OUTGOING = 263, 15, 3, 4                  # linux/if_packet.h
LOST, REPEATED, LATE = 0.02, 0.02, 0.05         # of frames
DELAY, LATER = 0.001, 0.006                     # seconds: of all, and of those that others overtake
BYTES, TRANSFERS = 1 << 20, 4


def request(name, body):
    return struct.pack("16s", name.encode()) + body.ljust(24, b"\0")


def address(ip):
    return struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(ip))


def network_of(ip):
    return ip.rpartition(".")[0]


def interface():
    """The TAP device that leads to the image, and this machine's address there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for name in sorted(os.listdir("/sys/class/net")):
            with contextlib.suppress(OSError):
                own = socket.inet_ntoa(fcntl.ioctl(control, SIOCGIFADDR, request(name, b""))[20:24])
                if name.startswith("axtap") and network_of(own) == network_of(HOST):
                    return name, own
    raise SystemExit("no TAP device leads to the image")


def take_over(name, own):
    """A TAP device with this machine's address in place of `name`, which only passes frames on and answers for nobody."""
    wire = f"axwire{name[5:]}"
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, request(wire, struct.pack("H", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFADDR, request(name, address("0.0.0.0")))
        fcntl.ioctl(control, SIOCSIFFLAGS, request(name, struct.pack("H", IFF_UP | IFF_NOARP | IFF_PROMISC)))
        fcntl.ioctl(control, SIOCSIFADDR, request(wire, address(own)))
        fcntl.ioctl(control, SIOCSIFNETMASK, request(wire, address("255.255.255.0")))
        fcntl.ioctl(control, SIOCSIFFLAGS, request(wire, struct.pack("H", IFF_UP)))
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    packets.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    packets.bind((name, ETH_P_ALL))
    packets.setblocking(False)
    return tun, packets


class Relay(threading.Thread):
    """Both ways. A frame is due at a time; those that are late are overtaken."""

    def __init__(self, tun, packets):
        super().__init__(daemon=True)
        self.tun, self.packets, self.due, self.count = tun, packets, [], 0
        self.lost = self.repeated = self.late = 0
        self.chance = random.Random(5)

    def run(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self.tun, selectors.EVENT_READ, self.from_tun)
            selector.register(self.packets, selectors.EVENT_READ, self.from_packets)
            while True:
                timeout = max(self.due[0][0] - time.monotonic(), 0) if self.due else None
                for key, _ in selector.select(timeout):
                    with contextlib.suppress(BlockingIOError):
                        key.data()
                while self.due and self.due[0][0] <= time.monotonic():
                    _, _, send, frame = heapq.heappop(self.due)
                    with contextlib.suppress(OSError):     # a full queue: one more that is lost
                        send(frame)

    def from_tun(self):
        self.impair(os.read(self.tun, 0x20000), self.packets.send)

    def from_packets(self):
        frame, (_, _, kind, _, _) = self.packets.recvfrom(0x20000)
        if kind != PACKET_OUTGOING:                        # not what this relay has sent itself
            self.impair(frame, lambda data: os.write(self.tun, data))

    def impair(self, frame, send):
        draw = self.chance.random()
        if draw < LOST:
            self.lost += 1
            return
        copies, delay = 1, DELAY
        if draw < LOST + REPEATED:
            copies, self.repeated = 2, self.repeated + 1
        elif draw < LOST + REPEATED + LATE:
            delay, self.late = LATER, self.late + 1
        for _ in range(copies):
            self.count += 1
            heapq.heappush(self.due, (time.monotonic() + delay, self.count, send, frame))


def megabytes_come_back_equal(number):
    data = random.Random(number).randbytes(BYTES)
    with connect(timeout=120) as peer:
        sender = threading.Thread(target=lambda: (peer.sendall(data), peer.shutdown(socket.SHUT_WR)))
        sender.start()
        assert receive(peer, len(data) + 1) == data
        sender.join()


connect().close()                                          # the image is there
relay = Relay(*take_over(*interface()))
relay.start()
for transfer in range(TRANSFERS):
    begin = time.monotonic()
    megabytes_come_back_equal(transfer)
    print(f"{BYTES:,} bytes there and back ({time.monotonic() - begin:.1f} s)", flush=True)
print(f"{relay.count} frames delivered, {relay.lost} lost, {relay.repeated} repeated, {relay.late} late")
assert relay.lost and relay.repeated and relay.late
