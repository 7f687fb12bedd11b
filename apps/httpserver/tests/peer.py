# SPDX-License-Identifier: Apache-2.0
"""What clients of the server see, good ones and others: each check is a sentence; the first that does not hold ends it."""
import http.client
import os
import pathlib
import socket
import threading
import time

from large import FILES, text

HOST, PORT, SITE = os.environ["AX_PEER"], 80, pathlib.Path("site")
TIMEOUT = 60


def connect():
    """The image may be still on its way to listening."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return socket.create_connection((HOST, PORT), timeout=TIMEOUT)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def client():
    connection = http.client.HTTPConnection(HOST, PORT, timeout=TIMEOUT)
    connection.sock = connect()
    return connection


def ask(connection, path, method="GET", **headers):
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def raw(request):
    """All that comes back until the server ends the connection."""
    with connect() as peer:
        peer.sendall(request)
        data = bytearray()
        while part := peer.recv(65536):
            data += part
        return bytes(data)


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def files_come_as_they_are_on_one_connection():
    connection = client()
    for file in sorted(SITE.rglob("*")):
        if file.is_file():
            path = "/" + file.relative_to(SITE).as_posix().replace(" ", "%20")
            status, headers, body = ask(connection, path)
            assert (status, body) == (200, file.read_bytes()), path
            assert headers["Content-Type"].startswith({".html": "text/html", ".css": "text/css"}.get(file.suffix, "text/plain"))
    for name, size in FILES.items():
        status, headers, body = ask(connection, f"/vda/{name}")
        assert status == 200 and body == text(size), name
    assert connection.sock is not None


def a_directory_is_its_index_and_without_its_slash_elsewhere():
    connection = client()
    assert ask(connection, "/")[2] == (SITE / "index.html").read_bytes()
    assert ask(connection, "/sub/?query")[2] == (SITE / "sub/index.html").read_bytes()
    status, headers, _ = ask(connection, "/sub?query")
    assert (status, headers["Location"]) == (301, "/sub/")
    assert ask(connection, "/vda/")[0] == 404


def a_head_is_told_without_its_body():
    connection = client()
    status, headers, body = ask(connection, "/vda/large.txt", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(FILES["large.txt"]), b"")
    assert ask(connection, "/absent", "HEAD")[0] == 404
    assert ask(connection, "/")[0] == 200


def parts_of_a_file_are_sent_alone():
    connection, size = client(), FILES["large.txt"]
    whole = text(size)
    for value, first, end in (("0-0", 0, 1), ("1000000-", 1_000_000, size), ("-7", size - 7, size), ("5-999999999", 5, size)):
        status, headers, body = ask(connection, "/vda/large.txt", Range=f"bytes={value}")
        assert (status, headers["Content-Range"]) == (206, f"bytes {first}-{end - 1}/{size}"), value
        assert body == whole[first:end], value
    status, headers, _ = ask(connection, "/vda/large.txt", Range=f"bytes={size}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{size}")
    assert ask(connection, "/vda/one", Range="lines=1-2")[0] == 200


def what_is_not_there_or_not_to_be_had_is_told():
    connection = client()
    for path, status in (("/absent", 404), ("/index.html/x", 404), ("/../etc", 403), ("/sub/%2e%2e/%2e%2e/x", 403),
                         ("/%00", 400), ("/%zz", 400), ("/" + "x" * 300, 404), ("/dev/null", 404), ("/" + "x/" * 600, 414)):
        assert ask(connection, path)[0] == status, path
    assert ask(connection, "/sub/../style.css")[0] == 200


def other_methods_are_refused_and_their_bodies_passed_over():
    connection = client()
    connection.request("POST", "/", body=b"x" * 100_000)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD") and answer.read()
    assert ask(connection, "/")[0] == 200
    for number in range(3):
        assert ask(connection, "/", "DELETE")[0] == 405


def malformed_requests_are_answered_and_the_connection_is_closed():
    host = b"Host: x\r\n"
    for request, status in ((b"nonsense\r\n\r\n", 400), (b"GET / HTTP/3.0\r\n" + host + b"\r\n", 400),
                            (b"GET / HTTP/1.1\r\n" + host + b"A : b\r\n\r\n", 400),
                            (b"GET / HTTP/1.1\r\n" + host + b" folded\r\n\r\n", 400),
                            (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
                            (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
                            (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 99999999999\r\n\r\n", 413),
                            (b"GET / HTTP/1.1\r\n" + host + b"A: " + b"b" * 10_000 + b"\r\n\r\n", 431),
                            (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\n\r\n", 414), (b"\0" * 10_000, 414)):
        answer = raw(request)
        assert status_of(answer) == status, (request[:60], answer[:60])
        assert b"Connection: close\r\n" in answer
    assert status_of(raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")) == 400     # no Host


def old_clients_and_those_that_ask_for_it_are_disconnected():
    page = (SITE / "index.html").read_bytes()
    assert raw(b"GET / HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\n" + page)
    assert raw(b"\r\nGET / HTTP/1.1\nHost: x\nConnection: Close\n\n").endswith(b"\r\n\r\n" + page)


def requests_in_a_row_are_answered_in_their_order():
    names = ["/style.css", "/vda/one", "/absent", "/"]
    request = b"".join(f"GET {name} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for name in names * 20)
    answer = raw(request + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 200, 404, 200] * 20 + [200]


def many_at_once_get_each_their_own():
    whole, failures = text(FILES["large.txt"]), []

    def fetch(number):
        try:
            first = number * 10_000
            _, _, body = ask(client(), "/vda/large.txt", Range=f"bytes={first}-{first + 199_999}")
            assert body == whole[first:first + 200_000]
        except Exception as error:
            failures.append(f"{number}: {error!r}")

    threads = [threading.Thread(target=fetch, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def who_leaves_in_the_midst_harms_nobody():
    for request in (b"", b"GET", b"GET /vda/large.txt HTTP/1.1\r\nHost: x\r\n\r\n"):
        peer = connect()
        peer.sendall(request)
        peer.close()
    assert ask(client(), "/")[0] == 200


for check in (files_come_as_they_are_on_one_connection, a_directory_is_its_index_and_without_its_slash_elsewhere,
              a_head_is_told_without_its_body, parts_of_a_file_are_sent_alone, what_is_not_there_or_not_to_be_had_is_told,
              other_methods_are_refused_and_their_bodies_passed_over,
              malformed_requests_are_answered_and_the_connection_is_closed,
              old_clients_and_those_that_ask_for_it_are_disconnected, requests_in_a_row_are_answered_in_their_order,
              many_at_once_get_each_their_own, who_leaves_in_the_midst_harms_nobody):
    start = time.monotonic()
    check()
    print(f"{check.__name__}: holds ({time.monotonic() - start:.2f} s)", flush=True)
