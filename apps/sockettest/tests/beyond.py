# SPDX-License-Identifier: Apache-2.0
"""Who the image speaks to beyond the wire: a name server, a member and a sender of groups, a neighbour with IPv6. wire.c says what
it wants; here is told what is there, by one line, and done what its lines ask for."""
import os
import socket
import subprocess
import threading
import time

import dns

SECONDS = 200
GROUP = "239.7.8.9"
IP_RECVTTL = 12               # <linux/in.h>
TENTATIVE = 0x40              # of an address of /proc/net/if_inet6 that may not be used yet


def link_address(host):
    """The link's own IPv6 address of the interface with that IPv4 address, once it may be used; None: there is no IPv6."""
    listing = subprocess.run(["ip", "-o", "-4", "address"], stdout=subprocess.PIPE, text=True).stdout
    name = next((line.split()[1] for line in listing.splitlines() if f" {host}/" in line), None)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and os.path.exists("/proc/net/if_inet6"):
        for address, _, _, scope, flags, interface in map(str.split, open("/proc/net/if_inet6")):
            if interface == name and scope == "20" and not int(flags, 16) & TENTATIVE:
                return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address)), name
        time.sleep(0.05)
    return None


def serve_v6(address):
    """Echo for one connection; the port."""
    listener = socket.socket(socket.AF_INET6)
    listener.bind((address[0], 0, 0, socket.if_nametoindex(address[1])))
    listener.listen(1)

    def work():
        peer, _ = listener.accept()
        while data := peer.recv(4096):
            peer.sendall(data)

    threading.Thread(target=work, daemon=True).start()
    return listener.getsockname()[1]


def marks_of(hears):
    """What the next datagram says, and its TTL and type of service."""
    data, extra, _, _ = hears.recvmsg(100, 200)
    values = {kind: int.from_bytes(value[:4], "little") for _, kind, value in extra}
    return f"{data.decode()}: {values[socket.IP_TTL]} {values[socket.IP_TOS] & 0xff}"


def main():
    listener = socket.socket(fileno=int(os.environ["AX_LISTENER"]))
    listener.settimeout(SECONDS)
    host = listener.getsockname()[0]
    dns.serve(host)
    hears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    hears.settimeout(SECONDS)
    hears.bind(("", 0))
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(host))
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host))
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    hears.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    v6 = link_address(host)
    peer, (image, _) = listener.accept()
    peer.settimeout(SECONDS)
    lines = peer.makefile("rw", encoding="ascii", newline="\n")
    print(hears.getsockname()[1], v6[0] if v6 else "-", serve_v6(v6) if v6 else 0, file=lines, flush=True)
    for wanted in ("joined", "left"):
        what, port = lines.readline().split()
        assert what == wanted, what
        hears.sendto(b"to the group", (GROUP, int(port)))
        if what == "left":
            hears.sendto(b"to one", (image, int(port)))
    print(", ".join([marks_of(hears), marks_of(hears)]), file=lines, flush=True)
    assert lines.readline() == ""     # it has asked all that it wants


main()
