# SPDX-License-Identifier: Apache-2.0
"""`ax demo`: Redis in a micro-VM, measured for some seconds by redis-benchmark of the same source, and the picture of its
latency. It shows what there is; comparisons are `ax bench`'s."""
import contextlib
import csv
import io
import os
import selectors
import socket
import subprocess
import time

from . import net, peers, ports, run
from .bench_net import redis_sources
from .build import Build, Options
from .chart import Series, grouped_bars
from .errors import AxError

PLATFORM, APP, PORT = "x86_64-qemu-q35", "redis", 6379
CLIENTS, REQUESTS, TESTS = 8, 20000, "ping_mbulk,set,get,incr,lpush,hset"
READY_SECONDS, ASK_AGAIN_SECONDS, RUN_SECONDS, TRIES = 30, 0.02, 40, 4
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
    with peers.started(build, options, subprocess.DEVNULL) as image:
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
    """QEMU takes connections before anybody listens behind it, and then tries to pass one on for as long as a second: so one
    is begun every so often, and the first that is answered tells."""
    deadline = time.monotonic() + READY_SECONDS
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        while time.monotonic() < deadline and image.process.poll() is None:
            again = time.monotonic() + ASK_AGAIN_SECONDS
            with contextlib.suppress(OSError):
                asked = stack.enter_context(socket.create_connection((peers.LOOPBACK, port), timeout=1))
                asked.sendall(b"PING\r\n")
                selector.register(asked, selectors.EVENT_READ)
            for key, _ in selector.select(ASK_AGAIN_SECONDS):
                with contextlib.suppress(OSError):
                    if key.fileobj.recv(7) == b"+PONG\r\n":
                        return
                selector.unregister(key.fileobj)
            time.sleep(max(again - time.monotonic(), 0))
    raise AxError(f"Redis does not answer within {READY_SECONDS} s", mend="`./ax run redis --net user -v` shows what it says")


def measure(program, port):
    """[{column: text}], a row a command."""
    command = [program, "-h", peers.LOOPBACK, "-p", str(port), "-c", str(CLIENTS), "-n", str(REQUESTS), "-t", TESTS, "--csv"]
    # Over QEMU's user networking, of several connections that begin at once one is at times never answered: begin anew.
    for _ in range(TRIES):
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=RUN_SECONDS)
            break
        print("redis-benchmark: no end in sight, once more", flush=True)
    else:
        raise AxError(f"redis-benchmark did not end within {RUN_SECONDS} s, {TRIES} times")
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
