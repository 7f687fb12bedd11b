# SPDX-License-Identifier: Apache-2.0
"""A server as the client meets them, on the socket that the test has made: each path one way of answering, good or bad."""
import os
import socket
import sys
import time

sys.path[:0] = ["../httpserver/tests", "../sockettest/tests"]
import dns
from large import text

PLAIN = b"by its length\n"
LARGE = text(2_000_000)
REQUESTS, SECONDS = 19, 200


def head(status, *fields):
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()


def chunked(data, size):
    parts = [data[at:at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


def whole(data, status="200 OK"):
    return head(status, f"Content-Length: {len(data)}") + data


ANSWERS = {
    "/plain": head("100 Continue") + whole(PLAIN),
    "/chunked": head("200 OK", "Transfer-Encoding: chunked") + chunked(b"in chunks\n", 3),
    "/close": b"HTTP/1.0 200\r\n\r\nto the end\n",
    "/moved": head("301 Moved", "Location: /elsewhere?x"),
    "/elsewhere?x": whole(b"found elsewhere\n"),
    "/large": whole(LARGE),
    "/large-chunked": head("200 OK", "Transfer-Encoding: Chunked") + chunked(LARGE, 70_000),
    "/short": head("200 OK", "Content-Length: 100") + b"cut short",
    "/bad-chunk": head("200 OK", "Transfer-Encoding: chunked") + b"3\r\nabcdef\r\n0\r\n\r\n",
    "/no-http": b"SSH-2.0-none\r\n\r\n",
    "/round": head("302 Found", "Location: /round"),
    "/long-head": head("200 OK", "A: " + "b" * 20_000),
}


def serve(connection):
    with connection, connection.makefile("rb") as file:
        method, path, version = file.readline().split()
        while file.readline().strip():
            pass
        assert (method, version) == (b"GET", b"HTTP/1.1")
        try:
            connection.sendall(ANSWERS.get(path.decode()) or whole(b"no such page\n", "404 Not Found"))
        except ConnectionError:
            assert path == b"/long-head"      # the client has had enough
        return path.decode()


def main():
    listener = socket.socket(fileno=int(os.environ["AX_LISTENER"]))
    listener.settimeout(SECONDS)
    own = listener.getsockname()[0]
    dns.serve(own, {"web.test": [(dns.A, own)]})
    deadline, paths = time.monotonic() + SECONDS, []
    while len(paths) < REQUESTS and time.monotonic() < deadline:
        connection, _ = listener.accept()
        connection.settimeout(SECONDS)
        paths.append(serve(connection))
        print(paths[-1], flush=True)


main()
