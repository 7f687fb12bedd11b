# SPDX-License-Identifier: Apache-2.0
"""What clients of nginx see, with tests/rootfs/nginx.conf: the first thing that does not hold ends it."""
import gzip
import http.client
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "echoserver" / "tests"))
import service  # noqa: E402

CLIENTS, REQUESTS, CHURN = 64, 25, 2000
PAGE = b"".join(b"line %d\n" % number for number in range(500))
LARGE = bytes(range(256)) * 32768            # 8 MiB: many times what a socket buffers


def connect():
    connection = http.client.HTTPConnection(service.HOST, 80, timeout=60)
    connection.sock = service.connect(80, 60)
    return connection


def ask(connection, path="/page", method="GET", body=None, **headers):
    """(status, body, headers)"""
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def expect(found, wanted):
    assert found == wanted, f"{found!r:.200}, not {wanted!r:.200}"


def raw(request):
    """What comes back until the server ends the connection."""
    with service.connect(80, 60) as peer, peer.makefile("rb") as answer:
        peer.sendall(request)
        return answer.read()


def ask_often(_):
    connection = connect()
    for _ in range(REQUESTS):
        expect(ask(connection)[:2], (200, PAGE))
    connection.close()


def await_few(most):
    """Until nginx says that it has no more connections than that."""
    one, deadline = connect(), time.monotonic() + 60
    while (found := int(re.match(rb"Active connections: (\d+)", ask(one, "/status")[1])[1])) > most:
        assert time.monotonic() < deadline, f"{found} connections are left"
        time.sleep(0.05)
    one.close()


one = connect()                               # kept for all of these
for name, body in (("/page", PAGE), ("/large/file", LARGE), ("/empty", b"")):
    expect(ask(one, name, "PUT", body)[0], 201)
    expect(ask(one, name)[:2], (200, body))
    expect(ask(one, name, "HEAD")[:2], (200, b""))
expect(ask(one, method="PUT", body=PAGE)[0], 204)
status, body, headers = ask(one)
expect((status, body, headers["Content-Type"]), (200, PAGE, "text/plain"))
expect(ask(one, Range="bytes=2-8")[:2], (206, PAGE[2:9]))
expect(ask(one, Range="bytes=-5")[:2], (206, PAGE[-5:]))
expect(ask(one, Range=f"bytes={len(PAGE)}-")[0], 416)
expect(ask(one, "/large/file", Range="bytes=4000001-8000000")[:2], (206, LARGE[4000001:8000001]))
status, body, _ = ask(one, Range="bytes=0-1,4-5")
expect((status, body.count(b"Content-Range")), (206, 2))
expect(ask(one, If_None_Match=headers["ETag"])[:2], (304, b""))
expect(ask(one, If_Modified_Since=headers["Last-Modified"])[0], 304)
status, body, headers = ask(one, Accept_Encoding="gzip")
expect((status, gzip.decompress(body), headers["Content-Encoding"]), (200, PAGE, "gzip"))
expect(ask(one, "/nothing")[0], 404)
expect(ask(one, "/closed")[0], 403)
expect(ask(one, "/%2e%2e/nginx.conf")[0], 400)
expect(ask(one, method="POST", body=b"x")[0], 405)
expect(ask(one, "/number/0815")[:2], (200, b"0815\n"))
expect(ask(one, "/number/x")[0], 404)
expect(ask(one, "/old/page")[:2], (200, PAGE))
for proxy in ("/proxy", "/loop"):             # to itself, over a Unix-domain socket and over 127.0.0.1
    expect(ask(one, proxy + "/large/file")[:2], (200, LARGE))
    for _ in range(20):
        expect(ask(one, proxy + "/page")[:2], (200, PAGE))
expect(ask(one, "/none/page")[0], 502)
expect(ask(one, "/large/file", "DELETE")[0], 204)
expect(ask(one, "/large/file")[0], 404)
expect(raw(b"no request\r\n\r\n").split()[1], b"400")
expect(raw(b"GET /" + b"x" * 40000 + b" HTTP/1.0\r\n\r\n").split()[1], b"414")
one.close()

with ThreadPoolExecutor(CLIENTS) as pool:
    list(pool.map(ask_often, range(CLIENTS)))
for _ in range(CHURN):
    answer = raw(b"GET /page HTTP/1.0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n" + PAGE), answer[-200:]
await_few(5)                                  # this one, and four to itself that it keeps
print("its clients are served")
