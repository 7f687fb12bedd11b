# SPDX-License-Identifier: Apache-2.0
"""`ax bench net`: the network over a TAP device, beside a Linux guest and this Linux.

Servers: our image in QEMU and a Linux guest with the same QEMU, network card and offloads; our image as a process on a TAP
device and the same source as a program of this Linux on its loopback. All of them are static on musl and of the same source.
Clients are this Linux's: redis-benchmark of the same Redis, NetPIPE, wrk. Everything is built first. Servers are asked in turn,
and stopped in between, as one that polls would take a processor from who is being asked; a ratio is formed within a round.
A row that fails is told of as not measured, and the rest goes on; there is an end to the time that all rows together may take.
"""
import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import bench_charts, bench_targets, linuxguest, net, ports
from . import run as running
from .bench_loops import HOSTED
from .build import Build, Options
from .chart import Series, curves, grouped_bars
from .errors import AxError
from .toolchain import need

GUEST = "x86_64-qemu-q35"
REDIS_PORT = 6379
READY_SECONDS, AGAIN_SECONDS, CLIENT_SECONDS = 60, 2, 120
SETTLE_SECONDS = 0.1               # for the ends of a client's connections
LISTENS = b"Ready to accept connections"       # Redis's log
STARTS = 3                         # of each Redis in a round
REQUESTS = {1: 4000, 8: 16000, 32: 32000, 256: 32000}    # by the number of connections
PIPELINES = (1, 16)
RECONNECTS = 3000
PIPES = (("1", "65536", 200), ("131072", str(8 << 20), 3))      # NetPIPE: least and greatest message, repetitions
QUICK_PART = 8                     # of the requests and repetitions that --quick leaves
SECONDS, QUICK_SECONDS = 420, 200  # that measuring may take: a round, everything
PERCENTILES = {"p50": 50, "p99": 99, "p99.9": 99.9}
BENCHMARK_SOURCES = ("ae", "anet", "redis-benchmark", "adlist", "dict", "zmalloc", "redisassert", "release", "crcspeed",
                     "crc64", "siphash", "crc16", "monotonic", "cli_common", "mt19937-64")


@dataclass
class Side:
    """One system: how its rows name it, and how its server is started with these arguments and this output, as a context that
    yields a Server."""
    names: tuple
    start: object


@dataclass
class Server:
    """A running one."""
    address: str
    process: subprocess.Popen
    since: float           # time.monotonic()

    @contextlib.contextmanager
    def asked(self):
        """It runs on for as long; yields its address."""
        self.process.send_signal(signal.SIGCONT)
        try:
            yield self.address
            time.sleep(SETTLE_SECONDS)
        finally:
            self.process.send_signal(signal.SIGSTOP)


class Clock:
    """What is left of the time."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def left(self, most):
        """Seconds that something may take which takes `most` at the most."""
        left = self.end - time.monotonic()
        if left < 1:
            raise AxError("its time was up", mend="without --quick, or with fewer --runs, or on a machine that is idle")
        return min(left, most)


class Net:
    brief = "Redis, connections, HTTP and NetPIPE over TAP, in QEMU beside a Linux guest, hosted beside this Linux"

    def run(self, tree, runs, results):
        accel = running.accelerator("auto")
        prepared = []
        for what, prepare, measure in (("Redis", redis_sides, redis), ("HTTP", http_sides, http),
                                       ("NetPIPE", netpipe_sides, netpipe)):
            with left_out(results, what):
                prepared.append((what, prepare(tree, accel, results), measure))
        clock = Clock(QUICK_SECONDS if results.quick else SECONDS * runs)
        for what, sides, measure in prepared:
            with left_out(results, what):
                measure(tree, sides, runs, results, clock)
        results.progress("")


@contextlib.contextmanager
def left_out(results, what):
    """What fails costs its own figures and no others."""
    try:
        yield
    except (AxError, OSError) as error:
        results.lack(what, error)


# ---------------------------------------------------------------------------------------------------- servers

@contextlib.contextmanager
def started(address, words, output, environment=None, files=()):
    """A Server, which is ended in the end."""
    need(words[0], "qemu-system-x86")
    since = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running.process_of(
            words, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, pass_fds=files) as process:
        try:
            yield Server(address, process, since)
        finally:
            process.terminate()
            process.send_signal(signal.SIGCONT)
        try:
            process.wait(running.GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def image(tree, app, platform, mem, accel="auto", rootfs=None):
    """Ours, on a TAP device that is made for it."""
    build = Build(tree, app, Options(platform=platform, rootfs=rootfs))
    with build.lock():
        build.run()

    @contextlib.contextmanager
    def start(arguments, output=subprocess.DEVNULL):
        options = running.RunOptions(arguments, mem=mem, accel=accel, network=net.Wanted("tap"))
        with running.network_of(build, options) as network:
            words, environment = running.command(build, options, os.devnull, network)
            with started(network.address, words, output, environment, network.files) as server:
                yield server

    return start


def guest(tree, name, program, files, mem, accel, results):
    made = linuxguest.guest(tree.root, name, {name: program, **files}, linuxguest.NETWORK)
    results.machine["guest"] = made.version
    platform = tree.platform(GUEST)

    @contextlib.contextmanager
    def start(arguments, output=subprocess.DEVNULL):
        with net.prepare(net.Wanted("tap"), "qemu", platform.run["net_device"]) as network:
            words = made.command(platform, mem, [f"/{name}", *arguments], accel, network=network)
            with started(network.address, words, output, files=network.files) as server:
                yield server

    return start


def native(program):
    def start(arguments, output=subprocess.DEVNULL):
        return started("127.0.0.1", [str(program), *arguments], output)

    return start


def sides_of(tree, app, program, mem, accel, results):
    """All four, built, as far as this machine has what they need."""
    found = []

    def add(what, names, make):
        results.say(f"net: builds {what}")
        with left_out(results, what):
            found.append(Side(names, make()))

    add(f"{app} for QEMU", ("ashlar", "posix", "default", accel), lambda: image(tree, app, GUEST, mem, accel))
    add(f"{app} for a Linux guest", ("linux", "posix", "default", accel),
        lambda: guest(tree, app, program(), {}, mem, accel, results))
    add(f"{app}, hosted", ("ashlar", "posix", "default", "hosted"), lambda: image(tree, app, HOSTED, mem))
    add(f"{app} for this Linux", ("linux", "posix", "default", "linux"), lambda: native(program()))
    return found


@contextlib.contextmanager
def servers(sides, what, arguments, ready, results, clock):
    """{names: Server} of those that have been started and answer: ready(address, seconds)."""
    with contextlib.ExitStack() as stack:
        serving = {}
        for side in sides:
            results.progress(f"net: starts {what}, {' '.join(side.names)}")
            with left_out(results, f"{what}, {' '.join(side.names)}"):
                server = stack.enter_context(side.start(arguments))
                with server.asked() as address:
                    ready(address, clock.left(READY_SECONDS))
                serving[side.names] = server
        yield serving


def compare(what, found, results, invert=False):
    """`found`: {names: value}. Ours by the guest's, hosted by this Linux's; inverted where less is better."""
    def value_of(system, platforms):
        return next((v for names, v in found.items() if names[0] == system and names[3] in platforms), None)

    for ours, theirs, name in ((("tcg", "kvm"), ("tcg", "kvm"), bench_targets.guest_ratio(what)),
                               (("hosted",), ("linux",), f"{what}, hosted against this Linux")):
        a, b = value_of("ashlar", ours), value_of("linux", theirs)
        if a and b:
            results.pair(name, *((b, a) if invert else (a, b)))


# ------------------------------------------------------------------------------------------------------ Redis

REDIS_ARGUMENTS = ["--save", "--protected-mode", "no"]      # no file is written; everybody may ask
REDIS_MEMORY = "128M"


def redis_program(tree, name):
    """redis-server or redis-benchmark of the port's source, static on musl, made once."""
    port = ports.load(tree.root, "redis")
    kept = linuxguest.folder(tree.root) / "linux" / f"{name}-{port.version}"
    if kept.exists():
        return kept
    return linuxguest.compile_static(tree.root, kept.name, *redis_sources(port, name), ["-lm"])


def redis_sources(port, name):
    """What a Linux program of the port's source is made of: (files, flags)."""
    source = ports.ensure(port)
    server = name == "redis-server"      # else: with hiredis's own sds.h, as upstream's makefile has it
    if server:
        files = sorted({path for pattern in port.build["sources"] for path in source.glob(pattern)} -
                       {path for pattern in port.build["exclude"] for path in source.glob(pattern)})
    else:
        files = [*(source / "src" / f"{part}.c" for part in BENCHMARK_SOURCES),
                 *(path for path in (source / "deps" / "hiredis").glob("*.c") if path.stem not in ("dict", "ssl", "test")),
                 source / "deps" / "hdr_histogram" / "hdr_histogram.c"]
    flags = [*port.build["cflags"], *(flag for special in port.special for flag in special["cflags"] if flag != "-Os"), "-w",
             *("-I" + path.format(port=port.dir, src=source) for path in port.build["include"] if server or path != "{src}/src")]
    return files, flags


def redis_sides(tree, accel, results):
    results.say("net: builds redis-benchmark")
    redis_program(tree, "redis-benchmark")
    return sides_of(tree, "redis", lambda: redis_program(tree, "redis-server"), REDIS_MEMORY, accel, results)


def redis(tree, sides, runs, results, clock):
    client = redis_program(tree, "redis-benchmark")
    for turn in range(runs * (1 if results.quick else STARTS)):
        redis_start(sides, turn, results, clock)
    with servers(sides, "Redis", REDIS_ARGUMENTS, wait_for_redis, results, clock) as found:
        for turn in range(runs):
            redis_round(client, found, turn, results, clock)


def redis_start(sides, turn, results, clock):
    """From the start of a process, QEMU's or its own, until Redis says that it is ready."""
    found = {}
    for side in sides:
        what = f"start {turn + 1} of Redis, {' '.join(side.names)}"
        results.progress(f"net: {what}")
        with left_out(results, what), side.start(REDIS_ARGUMENTS, subprocess.PIPE) as server:
            wait_for_words(server.process, LISTENS, clock.left(READY_SECONDS))
            found[side.names] = 1000 * (time.monotonic() - server.since)
            results.add("Redis ready", side.names, "ms", found[side.names])
    compare("Redis ready", found, results, invert=True)


def wait_for_words(process, words, seconds):
    """Until it has said so."""
    said, deadline = b"", time.monotonic() + seconds
    while words not in said:
        if not select.select([process.stdout], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise AxError(f'"{words.decode()}" not said within {seconds:.0f} s')
        more = os.read(process.stdout.fileno(), 65536)
        if not more:
            raise AxError(f'it ended before it said "{words.decode()}"')
        said = said[-len(words):] + more


def wait_for_redis(address, seconds):
    wait_for(address, REDIS_PORT, b"PING\r\n", b"+PONG", seconds)


def wait_for(address, port, request, answer, seconds):
    """Until a server answers so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((address, port), timeout=2) as connection:
                connection.sendall(request)
                if connection.recv(100).startswith(answer):
                    return
        except OSError:
            time.sleep(0.1)
    raise AxError(f"no answer within {seconds:.0f} s", f"{address}:{port}")


def redis_round(client, serving, turn, results, clock):
    part = QUICK_PART if results.quick else 1
    plans = [(f"{command}-{count}" + (f"-P{pipeline}" if pipeline > 1 else ""),
              ["-t", command.lower(), "-c", str(count), "-P", str(pipeline), "-n", str(requests * min(pipeline, 8) // part)])
             for pipeline in PIPELINES for command in ("SET", "GET") for count, requests in REQUESTS.items()]
    plans.append(("connect-8", ["-t", "ping_mbulk", "-k", "0", "-c", "8", "-n", str(RECONNECTS // part)]))
    for op, words in plans:
        found = {}
        for names, server in list(serving.items()):
            results.progress(f"net: {op}, round {turn + 1}, {' '.join(names)}")
            with left_out(results, f"{op}, {' '.join(names)}"), server.asked() as address:
                found[names] = ask(client, address, words, clock.left(CLIENT_SECONDS))
            if names not in found:
                with left_out(results, f"Redis from here on, {' '.join(names)}"), server.asked() as address:
                    del serving[names]
                    wait_for_redis(address, AGAIN_SECONDS)
                    serving[names] = server
        for what in next(iter(found.values()), {}):
            op_what, unit = (op, "requests/s") if what == "rate" else (f"{op} {what}", "us")
            for names, figures in found.items():
                results.add(op_what, names, unit, figures[what])
            compare(op_what, {names: figures[what] for names, figures in found.items()}, results, what != "rate")


def ask(client, address, words, seconds):
    """{"rate": requests a second, "p50": microseconds, ...} by redis-benchmark."""
    try:
        done = subprocess.run([str(client), "-h", address, "-p", str(REDIS_PORT), *words], capture_output=True, text=True,
                              timeout=seconds)
    except subprocess.TimeoutExpired:
        raise AxError(f"no end after {seconds:.0f} s", "redis-benchmark") from None
    rate = re.search(r"throughput summary: ([\d.]+) requests per second", done.stdout)
    spectrum = [(float(part), float(ms)) for part, ms in re.findall(r"^([\d.]+)% <= ([\d.]+) milliseconds \(cum", done.stdout, re.M)]
    if done.returncode or not rate or not spectrum or spectrum[-1][0] < max(PERCENTILES.values()):
        raise AxError(f"no figures; it said: {(done.stdout + done.stderr).strip()[-300:]}", "redis-benchmark")
    return {"rate": float(rate[1]),
            **{name: next(ms for part, ms in spectrum if part >= bound) * 1000 for name, bound in PERCENTILES.items()}}


# ------------------------------------------------------------------------------------------------------- HTTP

HTTP_PORT, HTTP_CONNECTIONS, HTTP_SECONDS = 80, (1, 32, 256), 3


def http_sides(tree, accel, results):
    """Ours in the native API; the same source on Linux, by as much of that API as it uses (tools/bench/native)."""
    need("wrk", "wrk")
    app, message, found = tree.root / "apps" / "httpserver", tree.root / "elements" / "http_message", []
    site = app / "site"

    def program():
        includes = (tree.root / "tools" / "bench" / "native", message / "include", tree.root / "elements" / "base" / "include")
        return linuxguest.compile_static(tree.root, "httpserver", [*app.glob("src/*.c"), *message.glob("src/*.c")],
                                         ["-w", "-D_GNU_SOURCE", *(f"-I{path}" for path in includes)])

    def add(names, arguments, make):
        results.say(f"net: builds httpserver, {' '.join(names)}")
        with left_out(results, f"httpserver, {' '.join(names)}"):
            start = make()
            found.append(Side(names, lambda _: start(arguments)))

    files = {f"site/{path.name}": path for path in site.iterdir() if path.is_file()}
    add(("ashlar", "native", "default", accel), [], lambda: image(tree, "httpserver", GUEST, "64M", accel, site))
    add(("linux", "native", "default", accel), [str(HTTP_PORT), "/site"],
        lambda: guest(tree, "httpserver", program(), files, "128M", accel, results))
    add(("ashlar", "native", "default", "hosted"), [], lambda: image(tree, "httpserver", HOSTED, "64M", "auto", site))
    add(("linux", "native", "default", "linux"), [str(HTTP_PORT), str(site)], lambda: native(program()))
    return found


def wait_for_http(address, seconds):
    wait_for(address, HTTP_PORT, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.", seconds)


def http(tree, sides, runs, results, clock):
    """A small file over kept connections, by wrk."""
    with servers(sides, "httpserver", [], wait_for_http, results, clock) as serving:
        for turn in range(runs):
            for count in HTTP_CONNECTIONS:
                found = {}
                for names, server in serving.items():
                    results.progress(f"net: HTTP-{count}, round {turn + 1}, {' '.join(names)}")
                    with left_out(results, f"HTTP-{count}, {' '.join(names)}"), server.asked() as address:
                        found[names] = load(address, count, 1 if results.quick else HTTP_SECONDS, clock.left(CLIENT_SECONDS))
                for names, figures in found.items():
                    for what, unit, value in figures:
                        results.add(f"HTTP-{count}{what}", names, unit, value)
                compare(f"HTTP-{count}", {names: figures[0][2] for names, figures in found.items()}, results)


def load(address, count, seconds, most):
    """[(what, unit, value)] by wrk. An answer that takes longer than its --timeout is an error to it, of which no percentile tells: so
    that is longer than everything."""
    words = ["wrk", "-t1", f"-c{count}", f"-d{seconds}s", f"--timeout={seconds + 1}s", "--latency", f"http://{address}/style.css"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=most)
    except subprocess.TimeoutExpired:
        raise AxError(f"no end after {most:.0f} s", "wrk") from None
    rate = re.search(r"^Requests/sec: +([\d.]+)", done.stdout, re.M)
    if not rate or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise AxError(f"no figures; it said: {(done.stdout + done.stderr).strip()[-300:]}", "wrk")
    micros = {"us": 1, "ms": 1e3, "s": 1e6}
    spectrum = re.findall(r"^ +(50|99)% +([\d.]+)(us|ms|s)$", done.stdout, re.M)
    return [("", "requests/s", float(rate[1])), *((f" p{part}", "us", float(value) * micros[unit]) for part, value, unit in spectrum)]


# ---------------------------------------------------------------------------------------------------- NetPIPE

def netpipe_sides(tree, accel, results):
    need("NPtcp", "netpipe-tcp")
    port = ports.load(tree.root, "netpipe")

    def program():
        source = ports.ensure(port)
        return linuxguest.compile_static(tree.root, "netpipe", [source / path for path in port.build["sources"]],
                                         [*port.build["cflags"], "-w"])

    return sides_of(tree, "netpipe", program, "128M", accel, results)


def netpipe(tree, sides, runs, results, clock):
    """A server's end is its measurement's: each time they are started anew."""
    for turn in range(runs):
        measured = {}
        for least, greatest, repetitions in PIPES:
            words = ["-l", least, "-u", greatest, "-n", str(max(repetitions // (QUICK_PART if results.quick else 1), 1)), "-p", "0"]
            for side in sides:
                what = f"NetPIPE to {greatest} bytes, round {turn + 1}, {' '.join(side.names)}"
                results.progress(f"net: {what}")
                with left_out(results, what), side.start(words) as server:
                    measured.setdefault(side.names, {}).update(pipe(server.address, words, clock.left(CLIENT_SECONDS)))
        record(measured, results)


def pipe(address, words, seconds):
    """{message's bytes: seconds one way} by the host's NetPIPE."""
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while True:     # the server may be still on its way to listening
            try:
                done = subprocess.run(["NPtcp", "-h", address, *words], cwd=folder, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, errors="replace",
                                      timeout=max(deadline - time.monotonic(), 1))
            except subprocess.TimeoutExpired:
                raise AxError(f"no end after {seconds:.0f} s", "NPtcp") from None
            if done.returncode == 0:
                lines = (Path(folder) / "np.out").read_text().splitlines()
                return {int(line.split()[0]): float(line.split()[2]) for line in lines if line.strip()}
            if "onnect" not in done.stdout or time.monotonic() > deadline:
                raise AxError(f"no figures; it said: {done.stdout.strip()[-300:]}", "NPtcp")
            time.sleep(0.2)


def record(measured, results):
    """One-way times of small messages and bandwidths of all; and the least ratio of bandwidths, at whatever size."""
    sizes = sorted(set.intersection(*map(set, measured.values()))) if measured else []
    for size in sizes:
        times = {names: found[size] for names, found in measured.items()}
        for names, seconds in times.items():
            results.add(f"NetPIPE {size} B", names, "us one way", seconds * 1e6)
            results.add(f"NetPIPE {size} B", names, "MB/s", size / seconds / 1e6)
        if size == 64:
            compare("NetPIPE 64 B one way", times, results, invert=True)
    least = {}
    for size in sizes:
        times = {names[::3]: found[size] for names, found in measured.items()}
        ours, theirs = (next((v for (who, where), v in times.items() if who == system and where in ("tcg", "kvm")), None)
                        for system in ("ashlar", "linux"))
        if ours and theirs:
            least[size] = theirs / ours
    if least:
        worst = min(least, key=least.get)
        results.pair(bench_targets.guest_ratio("NetPIPE bandwidth at its worst size"), least[worst], 1)


# --------------------------------------------------------------------------------------------------- pictures

SYSTEMS = (
    ("ours in QEMU", ("ashlar", ("tcg", "kvm")), "#1b6e2c"),
    ("Linux guest, same QEMU", ("linux", ("tcg", "kvm")), "#8c8c8c"),
    ("ours hosted, on TAP", ("ashlar", ("hosted",)), "#2f6db3"),
    ("this Linux, loopback", ("linux", ("linux",)), "#cccccc"),
)


def series_of(results, unit, key):
    """A Series for each system that has rows of this unit; `key` makes a point's name of an operation, or None."""
    found = []
    for label, (system, platforms), colour in SYSTEMS:
        values = {key(row["op"]): row["median"] for row in results["rows"]
                  if (row["system"], row["unit"]) == (system, unit) and row["platform"] in platforms and key(row["op"]) is not None
                  and row["median"] > 0}
        if values:
            found.append(Series(label, colour, values))
    return found


def size_of(op):
    return int(op.split()[1]) if op.startswith("NetPIPE ") else None


def charts(results):
    drawn = {"": bars(results, "requests/s", "Requests a second: Redis (SET, GET), a connection each (connect), HTTP", "", ""),
             "-p99": bars(results, "us", "Requests: how long 99 of 100 take at most", " p99", " p99"),
             "-latency": lines(results, "us one way", "NetPIPE: a message's way"),
             "-bandwidth": lines(results, "MB/s", "NetPIPE: bandwidth")}
    return {suffix: text for suffix, text in drawn.items() if text}


def bars(results, unit, title, ending, cut):
    def key(op):
        return op.removesuffix(cut) if re.fullmatch(r"(GET|SET|connect|HTTP)-\d+(-P\d+)?" + re.escape(ending), op) else None

    series = series_of(results, unit, key)
    groups = list(dict.fromkeys(key(row["op"]) for row in results["rows"] if row["unit"] == unit and key(row["op"])))
    if not series:
        return None
    return grouped_bars(bench_charts.above(results, title, "By connections, and requests that each has under way (P). Logarithmic."),
                        unit, groups, series)


def lines(results, unit, title):
    series = series_of(results, unit, size_of)
    if not series:
        return None
    return curves(bench_charts.above(results, title, "By the message's size, over a TAP device; both axes logarithmic."),
                  "bytes", unit, series)
