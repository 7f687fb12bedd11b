# SPDX-License-Identifier: Apache-2.0
"""A client of iperf3's protocol: what it has sent or received by the end, the server has counted."""
import json
import os
import socket
import struct
import time

HOST, PORT = os.environ["AX_PEER"], 5201
START, RUNNING, END, PARAMETERS, STREAMS, RESULTS, DISPLAY, DONE = 1, 2, 4, 9, 10, 13, 14, 16   # iperf_api.h
DENIED = b"\xff"                                            # ACCESS_DENIED
BLOCK, BLOCKS, DATAGRAM = 1 << 17, 64, 1400
COOKIE = b"abcdefghijklmnopqrstuvwxyz234567abcd\0"


def connect(kind=socket.SOCK_STREAM):
    """The image may be still on its way to listening."""
    deadline = time.monotonic() + 60
    while True:
        peer = socket.socket(socket.AF_INET, kind)
        peer.settimeout(60)
        try:
            peer.connect((HOST, PORT))
            return peer
        except OSError:
            peer.close()
            assert time.monotonic() < deadline
            time.sleep(0.05)


def receive(peer, count):
    data = b""
    while len(data) < count:
        part = peer.recv(count - len(data))
        assert part, "it has closed"
        data += part
    return data


def expect(control, state):
    found = receive(control, 1)[0]
    assert found == state, f"state {found} instead of {state}"


def send_json(control, value):
    text = json.dumps(value).encode()
    control.sendall(struct.pack("!I", len(text)) + text)


def receive_json(control):
    return json.loads(receive(control, struct.unpack("!I", receive(control, 4))[0]))


def open_stream(udp):
    """Of UDP the first datagram says that there is one, and the server answers it."""
    stream = connect(socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    if not udp:
        stream.sendall(COOKIE)
        return stream
    stream.send(struct.pack("<I", 123456789))
    assert len(stream.recv(4)) == 4
    return stream


def begin():
    """A control connection. One test at a time: while the server ends the last one it refuses, or closes."""
    deadline = time.monotonic() + 60
    while True:
        control = connect()
        try:
            control.sendall(COOKIE)
            state = control.recv(1)
        except ConnectionError:
            state = b""
        if state == bytes([PARAMETERS]):
            return control
        control.close()
        assert state in (b"", DENIED) and time.monotonic() < deadline, state
        time.sleep(0.05)


def run(data, **parameters):
    """One test: data(stream) sends or receives, and says how many bytes. The server's own figures of the stream."""
    udp = "udp" in parameters
    with begin() as control:
        send_json(control, {"omit": 0, "time": 0, "num": BLOCK * BLOCKS, "parallel": 1, "len": DATAGRAM if udp else BLOCK,
                            "client_version": "3.9", **parameters})
        expect(control, STREAMS)
        with open_stream(udp) as stream:
            expect(control, START)
            expect(control, RUNNING)
            count = data(stream)
            control.sendall(bytes([END]))
            expect(control, RESULTS)
            send_json(control, {"cpu_util_total": 0, "cpu_util_user": 0, "cpu_util_system": 0, "sender_has_retransmits": 0,
                                "streams": [{"id": 1, "bytes": count, "retransmits": -1, "jitter": 0, "errors": 0,
                                             "packets": 0, "start_time": 0, "end_time": 1}]})
            figures = receive_json(control)["streams"][0]
            expect(control, DISPLAY)
            control.sendall(bytes([DONE]))
    return count, figures


def send(stream):
    for _ in range(BLOCKS):
        stream.sendall(bytes(BLOCK))
    return BLOCK * BLOCKS


def take(stream):
    return len(receive(stream, BLOCK * BLOCKS))


def take_datagrams(stream):
    return sum(len(stream.recv(2 * DATAGRAM)) for _ in range(50))


sent, figures = run(send, tcp=True)
assert 0 < figures["bytes"] <= sent, figures      # the end, on a connection of its own, may overtake the last ones
received, figures = run(take, tcp=True, reverse=True)
assert figures["bytes"] >= received, figures
received, figures = run(take_datagrams, udp=True, reverse=True, bandwidth=10_000_000)
assert figures["bytes"] >= received == 50 * DATAGRAM, figures
print("iperf3: counts")
