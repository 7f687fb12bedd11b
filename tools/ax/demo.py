# SPDX-License-Identifier: Apache-2.0
"""`ax demo`: Redis in a micro-VM, measured for some seconds by redis-benchmark of the same source, and the picture of its
latency. It shows what there is; comparisons are `ax bench`'s."""
import contextlib
import csv
import io
import os
import socket
import subprocess
import threading
import time

from . import net, peers, ports, run
from .bench_net import LISTENS, redis_sources
from .build import Build, Options
from .chart import Series, grouped_bars
from .errors import AxError

PLATFORM, APP, PORT = "x86_64-qemu-q35", "redis", 6379
CLIENTS, REQUESTS, TESTS = 8, 20000, "ping_mbulk,set,get,incr,lpush,hset"
READY_SECONDS, RUN_SECONDS = 30, 300
COLUMNS = (("least", "min_latency_ms", "#a8d5ac"), ("half are below", "p50_latency_ms", "#429a50"),
           ("95 of 100", "p95_latency_ms", "#e0a000"), ("99 of 100", "p99_latency_ms", "#d95f02"))


def show(tree, verbose=False):
    build = Build(tree, APP, Options(platform=PLATFORM, verbose=verbose))
    build.run()
    program = client(tree.root)
    port = free_port()
    options = run.RunOptions(args=build.app.run.get("args", []), verbose=verbose,
                             network=net.Wanted("user", ports=[(port, PORT)]))
    print(f"{os.path.relpath(build.elf)}: {build.elf.stat().st_size:,} bytes", flush=True)
    started = time.monotonic()
    with peers.started(build, options, subprocess.PIPE) as image:
        wait_until_it_answers(port, image)
        print(f"redis: answers {1000 * (time.monotonic() - started):.0f} ms after QEMU's start", flush=True)
        rows = measure(program, port)
    print_table(rows)
    target = tree.root / "build" / "bench" / "redis-latency.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(draw(rows))
    print(f"its latency as a picture: {os.path.relpath(target)}")


def client(root):
    """redis-benchmark, compiled once for this machine."""
    port = ports.load(root, "redis")
    program = root / "build" / "bench" / f"redis-benchmark-{port.version}"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        files, flags = redis_sources(port, "redis-benchmark")
        done = subprocess.run(["gcc", *flags, *map(str, files), "-o", f"{program}.new", "-lm", "-lpthread"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise AxError(f"redis-benchmark does not compile:\n{done.stdout}")
        os.replace(f"{program}.new", program)
    return program


def free_port():
    with socket.create_server((peers.LOOPBACK, 0)) as taken:
        return taken.getsockname()[1]


def wait_until_it_answers(port, image):
    """Redis is asked once it has said that it listens: QEMU takes connections before, and keeps each for as long as a second
    before it tries again to hand it on."""
    listens = threading.Event()

    def read(descriptor):
        said = b""
        with open(descriptor, "rb", buffering=0) as output:
            while more := output.read(65536):
                said = said[-len(LISTENS):] + more
                if LISTENS in said:
                    listens.set()
        listens.set()       # or it has ended

    threading.Thread(target=read, args=(os.dup(image.process.stdout.fileno()),), daemon=True).start()
    if listens.wait(READY_SECONDS) and image.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((peers.LOOPBACK, port), timeout=READY_SECONDS) as asked:
            asked.sendall(b"PING\r\n")
            if asked.recv(7) == b"+PONG\r\n":
                return
    raise AxError(f"Redis does not answer within {READY_SECONDS} s", mend="`./ax run redis --net user -v` shows what it says")


def measure(program, port):
    """[{column: text}], a row a command."""
    command = [program, "-h", peers.LOOPBACK, "-p", str(port), "-c", str(CLIENTS), "-n", str(REQUESTS), "-t", TESTS, "--csv"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        raise AxError(f"redis-benchmark did not end within {RUN_SECONDS} s") from None
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    if done.returncode or not rows or any(column not in row for _, column, _ in COLUMNS for row in rows):
        raise AxError(f"redis-benchmark ended with status {done.returncode}: {done.stderr or done.stdout}")
    return rows


def print_table(rows):
    print(f"{'':24}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for row in rows:
        print(f"{row['test']:24}{float(row['rps']):>12,.0f}{float(row['p50_latency_ms']):>10.3f}"
              f"{float(row['p99_latency_ms']):>10.3f}")


def draw(rows):
    names = [row["test"] for row in rows]
    series = [Series(label, colour, {row["test"]: max(1000 * float(row[column]), 1) for row in rows})
              for label, column, colour in COLUMNS]
    return grouped_bars(
        ["Redis in a micro-VM: latency",
         f"{CLIENTS} clients, {REQUESTS:,} requests a command, without pipelining; over QEMU's user networking, in "
         "microseconds, logarithmic. Measured by redis-benchmark.", time.strftime("%Y-%m-%d")],
        "microseconds from request to answer", names, series)
