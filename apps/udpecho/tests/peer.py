# SPDX-License-Identifier: Apache-2.0
"""What a Linux peer of the UDP echo service sees."""
import errno
import random
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "echoserver" / "tests"))
from service import ECHO, HOST, checksum, datagrams_come_back_at_every_length_fragments_too, hold  # noqa: E402


def echo(peer, data, timeout=5):
    """What comes back within the time, or None."""
    peer.settimeout(timeout)
    peer.sendto(data, (HOST, ECHO))
    try:
        answer, sender = peer.recvfrom(70000)
    except (TimeoutError, ConnectionRefusedError):
        return None
    assert sender == (HOST, ECHO)
    return answer


def udp():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def the_service_comes_up():
    deadline = time.monotonic() + 20
    with udp() as peer:
        while echo(peer, b"x", 0.1) != b"x":
            assert time.monotonic() < deadline


def many_peers_at_once_get_each_his_own():
    peers = [udp() for _ in range(100)]
    for number, peer in enumerate(peers):
        peer.sendto(struct.pack("I", number) * 100, (HOST, ECHO))
    for number, peer in enumerate(peers):
        peer.settimeout(5)
        assert peer.recv(1000) == struct.pack("I", number) * 100
        peer.close()


def pings_are_answered():
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as peer:
        peer.settimeout(5)
        for length in (0, 56, 3000):
            rest = struct.pack("!HH", 4711, length) + b"p" * length
            peer.sendto(struct.pack("!BBH", 8, 0, checksum(b"\x08\0\0\0" + rest)) + rest, (HOST, 0))
            while True:
                answer = peer.recv(70000)[20:]
                if answer[4:] == rest and answer[0] == 0:
                    break


def a_port_nobody_serves_refuses_and_so_does_tcp():
    with udp() as peer:
        peer.settimeout(5)
        peer.connect((HOST, 8))
        peer.send(b"anybody?")
        try:
            peer.recv(10)
            assert False
        except ConnectionRefusedError:
            pass
    try:
        socket.create_connection((HOST, ECHO), timeout=5)
        assert False
    except OSError as error:
        assert error.errno in (errno.ENOPROTOOPT, errno.ECONNREFUSED), error


def interface():
    """The device that leads to the image."""
    return subprocess.run(["ip", "-o", "route", "get", HOST], stdout=subprocess.PIPE, text=True).stdout.split(" dev ")[1].split()[0]


def after_a_storm_of_senseless_frames_the_next_good_datagram_comes_back():
    chance = random.Random(4)
    name = interface()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((name, 0))
        ours = wire.getsockname()[4]
        target = bytes.fromhex(open("/proc/net/arp").read().split(HOST + " ")[1].split()[2].replace(":", ""))
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 60, 1, 0, 64, 17, 0, bytes(4), socket.inet_aton(HOST))
        for _ in range(5000):
            kind = chance.randrange(3)
            frame = bytearray(target + ours + (b"\x08\x00" if kind else chance.randbytes(2)))
            frame += ip if kind == 1 else b""
            frame += chance.randbytes(chance.randrange(1, 200))
            for _ in range(chance.randrange(3)):
                frame[chance.randrange(12, len(frame))] = chance.randrange(256)
            try:
                wire.send(frame)
            except OSError as error:
                assert error.errno == errno.ENOBUFS
    with udp() as peer:
        for _ in range(50):
            if echo(peer, b"still there?", 0.2) == b"still there?":
                return
    assert False


hold((the_service_comes_up, datagrams_come_back_at_every_length_fragments_too, many_peers_at_once_get_each_his_own,
      pings_are_answered, a_port_nobody_serves_refuses_and_so_does_tcp,
      after_a_storm_of_senseless_frames_the_next_good_datagram_comes_back))
