# SPDX-License-Identifier: Apache-2.0
"""A name server that knows a few names (RFC 1035; RFC 3596), on port 53 of one address. serve() returns once it answers."""
import socket
import struct
import threading

A, CNAME, AAAA, IN, NXDOMAIN = 1, 5, 28, 1, 3
RECORDS = {
    "one.test": [(A, "192.0.2.1"), (AAAA, "2001:db8::1")],
    "three.test": [(A, "192.0.2.1"), (A, "192.0.2.2"), (A, "192.0.2.3")],
    "also.test": [(CNAME, "one.test")],
}


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def read_question(query):
    """(name, type, bytes behind the header that it takes)."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    kind, = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels).lower(), kind, at + 5 - 12


def record(name, kind, value):
    data = encode(value) if kind == CNAME else socket.inet_pton(socket.AF_INET if kind == A else socket.AF_INET6, value)
    return encode(name) + struct.pack("!HHIH", kind, IN, 60, len(data)) + data


def answers(records, name, kind):
    """Those of the kind; of another name's, as far as that is followed."""
    found = []
    for own, value in records.get(name, []):
        if own == CNAME:
            found += [record(name, own, value), *answers(records, value, kind)]
        elif own == kind:
            found.append(record(name, own, value))
    return found


def answer(records, query):
    name, kind, length = read_question(query)
    found = answers(records, name, kind)
    flags = 0x8580 | (0 if name in records else NXDOMAIN)
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0) + query[12:12 + length] + b"".join(found)


def serve(address, records=None):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))

    def work():
        while True:
            query, peer = server.recvfrom(4096)
            server.sendto(answer(records or RECORDS, query), peer)

    threading.Thread(target=work, daemon=True).start()
