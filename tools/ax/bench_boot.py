# SPDX-License-Identifier: Apache-2.0
"""`ax bench boot`: how soon, how small, how little memory: helloworld, a kernel that does nothing, and Linux.

  start to output   QEMU started until "Hello" arrives; hosted: a process started until its first byte arrives
  entry to main     instructions from the kernel's first one to main(), counted by QEMU's -icount: the time-stamp
                    counter at main() less its value at the do-nothing kernel's entry, which the firmware alone made
  least memory      the smallest -m that prints "Hello", as does every larger step
  image             bytes of the stripped file
  clean build       wall time of configuring and building with every CPU of this machine, nothing there before
"""
import contextlib
import os
import re
import select
import shutil
import statistics
import subprocess
import time

from . import linuxguest
from . import run as running
from .build import Build, Options
from .errors import AxError
from .objects import Objects
from .toolchain import need

BOARDS = {"q35": "x86_64-qemu-q35", "microvm": "x86_64-qemu-microvm"}
HOSTED = "x86_64-linux"
TREES = {"aarch64": "aarch64-qemu-virt", "riscv64": "riscv64-qemu-virt"}   # whose clock counts from the entry on
MARK = b"Hello, world!"
STARTS = 40                      # of each program in one run of the hosted table
LINUX_MEMORY = "256M"


class Boot:
    brief = "start to output, instructions to main, least memory, image size, clean build; beside Linux"

    def run(self, tree, runs, results):
        accel = running.accelerator("auto")
        machines = []
        for board, platform in BOARDS.items():
            with left_out(results, f"start on {board}"):
                machines += start_on(tree, board, tree.platform(platform), accel, runs, results)
        with left_out(results, "start, hosted"):
            start_hosted(tree, runs, results)
        for machine in machines:
            with left_out(results, f"least memory, {' '.join(machine.side)}"):
                results.progress(f"least memory, {' '.join(machine.side)}")
                results.add("least memory", machine.side, "KiB", machine.least_memory())
        for board, platform in BOARDS.items():
            with left_out(results, f"instructions on {board}"):
                results.add("entry to main", ("ashlar", "native", board, "tcg"), "insn",
                            entry_to_main(tree, platform))
        for arch, platform in TREES.items():
            with left_out(results, f"instructions on {arch}"):
                results.add("entry to main", ("ashlar", "native", arch, "tcg"), "insn", since_entry(tree, platform))
        sizes(tree, results)
        with left_out(results, "clean build"):
            clean_builds(tree, runs, results)
        results.progress("")


@contextlib.contextmanager
def left_out(results, what):
    """What this machine lacks costs its own figures and no others."""
    try:
        yield
    except AxError as error:
        results.lack(what, error)


def built(tree, app, platform, features=()):
    build = Build(tree, app, Options(platform=platform, features=features))
    with build.lock():
        build.run()
    return build


# -------------------------------------------------------------------------------------------------------- machines

class Machine:
    """Something that QEMU boots: `command(mem)` is its command line."""

    def __init__(self, side, command, mem, step_kib):
        self.side, self.command, self.mem, self.step_kib = side, command, mem, step_kib

    def start(self, mem=None, timeout=60):
        """Seconds from starting QEMU to the mark; None if it does not come."""
        words = self.command(mem or self.mem)
        need(words[0], "qemu-system-x86")
        begin = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            return begin_to_mark(process.stdout.fileno(), begin, timeout)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def least_memory(self):
        """Down from what surely suffices, step by step, while it still starts."""
        need_seconds = self.start() or 10
        kib = self.step_kib * 32
        while kib > self.step_kib and self.start(f"{kib - self.step_kib}K", timeout=need_seconds * 3 + 2) is not None:
            kib -= self.step_kib
        return kib


def begin_to_mark(fd, begin, timeout):
    seen = b""
    while True:
        left = begin + timeout - time.perf_counter()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            return None
        data = os.read(fd, 4096)
        if not data:
            return None
        seen += data
        if MARK in seen:
            return time.perf_counter() - begin


def ours(build, accel):
    return lambda mem: running.command(build, running.RunOptions(mem=mem, accel=accel), os.devnull)[0]


def with_kernel(build, kernel, accel):
    """Our command line with another PVH kernel."""
    return lambda mem: [str(kernel) if word == str(build.elf) else word for word in ours(build, accel)(mem)]


def floor_kernel(root):
    """The kernel that does nothing; see floor.S."""
    source = root / "tools" / "bench"
    target = linuxguest.folder(root) / "floor.elf"
    flags = ["-m32", "-static", "-nostdlib", "-no-pie", "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments", "-Wl,-s"]
    linuxguest.call(["gcc", *flags, "-Wl,-T", source / "floor.ld", source / "floor.S", "-o", target],
                    "the do-nothing kernel does not build")
    return target


def linux_hello(root):
    """(bzImage, initramfs) of the Linux guest that says hello."""
    hello = linuxguest.compile_static(root, "hello", [root / "tools" / "bench" / "hello.c"])
    image, _ = linuxguest.kernel(root)
    return image, linuxguest.initramfs(linuxguest.folder(root) / "hello.cpio", {"init": hello})


def start_on(tree, board, platform, accel, runs, results):
    """Every machine once a round; returns them."""
    build = built(tree, "helloworld", platform.name)
    floor = floor_kernel(tree.root)
    machines = [Machine(("floor", "none", board, accel), with_kernel(build, floor, accel), "16M", 128),
                Machine(("ashlar", "native", board, accel), ours(build, accel), "16M", 128)]
    with left_out(results, f"Linux guest on {board}"):
        image, initrd = linux_hello(tree.root)
        results.machine["guest"] = linuxguest.kernel(tree.root)[1]
        machines.append(Machine(("linux", "posix", board, accel), lambda mem: linuxguest.guest_command(
            platform, image, initrd, mem, accel=accel), LINUX_MEMORY, 4096))
    for turn in range(runs):
        seconds = {}
        for machine in machines:
            results.progress(f"start on {board}: round {turn + 1} of {runs}, {' '.join(machine.side)}")
            seconds[machine.side[0]] = value = machine.start()
            if value is None:
                raise AxError(f"{' '.join(machine.side)} printed no Hello within a minute")
            results.add("start to output", machine.side, "us", value * 1e6)
        for other in ("floor", "linux"):
            if other in seconds:
                results.pair(f"start to output on {board}, ashlar / {other}", seconds["ashlar"], seconds[other])
    return machines


# ---------------------------------------------------------------------------------------------------------- hosted

def start_hosted(tree, runs, results):
    build = built(tree, "helloworld", HOSTED)
    words, environment = running.command(build, running.RunOptions(), "")
    hello = linuxguest.compile_static(tree.root, "hello", [tree.root / "tools" / "bench" / "hello.c"])
    starter = linuxguest.folder(tree.root) / "start"
    source = tree.root / "tools" / "bench" / "start.c"
    linuxguest.call(["gcc", "-O2", source, "-o", starter], "start.c does not compile")
    for turn in range(runs):
        results.progress(f"start, hosted: round {turn + 1} of {runs}")
        done = subprocess.run([starter, str(STARTS), *words, hello], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise AxError(done.stderr.strip())
        pairs = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
        mine, theirs = (statistics.median(column) / 1000 for column in zip(*pairs))
        results.add("start to output", ("ashlar", "native", "default", "hosted"), "us", mine)
        results.add("start to output", ("linux", "posix", "default", "linux"), "us", theirs)
        results.pair("start to output, ashlar hosted / static musl program", mine, theirs)


# ------------------------------------------------------------------------------------- instructions, sizes, builds

def entry_to_main(tree, platform):
    build = built(tree, "bench_boot", platform)
    at_main = counter(ours(build, "tcg")("16M"), r"bench-main (\d+)", 10)
    return at_main - counter(with_kernel(build, floor_kernel(tree.root), "tcg")("16M"), r"bench-entry 0x(\w+)", 16)


def since_entry(tree, platform):
    """A nanosecond an instruction: the clock, which counts from the kernel's entry on, to a tick of 16 or 100 of them."""
    return counter(ours(built(tree, "bench_boot", platform), "tcg")("16M"), r"bench-since-entry-ns (\d+)", 10)


def counter(words, pattern, base):
    """What the image says it counted, one instruction being one nanosecond."""
    need(words[0], "qemu-system-x86 qemu-system-arm qemu-system-misc")
    try:
        done = subprocess.run([*words, "-icount", "shift=0,sleep=off"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise AxError("no end after two minutes", words[0]) from None
    found = re.search(pattern, done.stdout)
    if not found:
        raise AxError(f"no counter; it said: {(done.stdout + done.stderr).strip()[-300:]}", words[0])
    return int(found[1], base)


SHAPES = {"image, bare": (), "image, with memory": ("alloc",), "image, with threads": ("threads",)}


def sizes(tree, results):
    for op, features in SHAPES.items():
        for config, platform in {**BOARDS, **TREES, "default": HOSTED}.items():
            with left_out(results, f"{op} on {platform}"):
                side = ("ashlar", "native", config, "hosted" if platform == HOSTED else "raw" if config in TREES else "pvh")
                results.add(op, side, "B", built(tree, "helloworld", platform, features).kernel.stat().st_size)
    with left_out(results, "image, Linux"):
        hello = linuxguest.compile_static(tree.root, "hello", [tree.root / "tools" / "bench" / "hello.c"])
        results.add("image, bare", ("linux", "posix", "default", "linux"), "B", hello.stat().st_size)
        image, initrd = linux_hello(tree.root)
        results.add("image, bare", ("linux", "posix", "kernel+initramfs", "guest"), "B",
                    image.stat().st_size + initrd.stat().st_size)


def clean_builds(tree, runs, results):
    folder = linuxguest.folder(tree.root) / "clean"
    for turn in range(runs):
        for config, platform in {**BOARDS, "default": HOSTED}.items():
            results.progress(f"clean build: round {turn + 1} of {runs}, {platform}")
            shutil.rmtree(folder, ignore_errors=True)
            begin = time.perf_counter()
            build = Build(tree, "helloworld", Options(platform=platform))
            build.dir, build.objects = folder, Objects(tree, folder / "objects")
            build.elf, build.debug_elf = folder / build.elf.name, folder / build.debug_elf.name
            build.run()
            side = ("ashlar", "native", config, "hosted" if platform == HOSTED else "pvh")
            results.add("clean build", side, "us", (time.perf_counter() - begin) * 1e6)
