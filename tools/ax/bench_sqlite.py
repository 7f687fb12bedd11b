# SPDX-License-Identifier: Apache-2.0
"""`ax bench sqlite`: an unmodified database as the load: upstream's benchmark speedtest1, on a database in memory and on
one in a file (ours: ramfs; Linux: tmpfs), and on a disk.

Hosted: our image beside the same source static on musl, processor time as the host accounts it, start and end included.
In the guest: our image and a Linux guest that runs the static one, on the same QEMU, timed by speedtest1 itself. The disk is
virtio-blk with ext4, the same new image for both. speedtest1 hashes all it reads; the hashes must be the same everywhere,
or the figures are refused.
"""
import os
import re
import resource
import tempfile
import time
from pathlib import Path

from . import bench_loops, linuxguest, ports
from . import run as running
from .bench_boot import left_out
from .bench_loops import HOSTED
from .bench_targets import guest_ratio, linux_ratio
from .build import Build, Options
from .errors import AxError
from .toolchain import need

GUEST = "x86_64-qemu-q35"
GUEST_MEMORY = "512M"
FULL, PART = 40, 5               # sizes: natively two seconds, less under emulation
TMPFS = "/dev/shm"
DATABASES = {"memory": ":memory:", "file": "/tmp/bench.db", "disk": "/vda/bench.db"}   # where ours keeps them
FEATURES = {"memory": ("files",), "file": ("files",), "disk": ("disks",)}
DISK_BYTES = 256 << 20
LIMIT_SECONDS = 300              # no further round is begun then


class Sqlite:
    brief = "an unmodified database under speedtest1, hosted beside this Linux, and in QEMU beside a Linux guest"

    def run(self, tree, runs, results):
        accel = running.accelerator("auto")
        ready = []
        for where in DATABASES:
            for place, make in (("hosted", hosted_sides), (accel, guest_sides)):
                if (where, place) == ("disk", "hosted"):
                    continue        # its rival would be this machine's own disk
                results.progress(f"sqlite: building for {where}, {place}")
                with left_out(results, f"speedtest1, {where}, {place}"):
                    ready.append((where, place, make(tree, where, results)))
        end = time.monotonic() + LIMIT_SECONDS
        for turn in range(runs):
            if turn and time.monotonic() > end:
                results.lack(f"speedtest1, rounds {turn + 1} to {runs}", f"{LIMIT_SECONDS} s were over")
                break
            for number, (where, place, sides) in enumerate(ready):
                note = f"sqlite: round {turn + 1} of {runs}, {number + 1} of {len(ready)}: {where}"
                with left_out(results, f"speedtest1, {where}, {place}, round {turn + 1}"):
                    self.one_round(f"speedtest1-{where}", sides, place, note, results)
        results.progress("")

    @staticmethod
    def one_round(op, sides, place, note, results):
        ours = next(iter(sides))
        seconds, hashes = {}, {}
        for side, start in sides.items():
            results.progress(f"{note}, {' '.join(side)}")
            seconds[side], hashes[side] = start()
            if hashes[side] != hashes[ours]:
                raise AxError(f"{' '.join(side)} reads other data than {' '.join(ours)}: {hashes[side]}, {hashes[ours]}")
            results.add(op, side, "us", seconds[side] * 1e6)
        for side in sides:
            if side != ours:
                what = linux_ratio(op, "posix") if place == "hosted" else guest_ratio(op)
                results.pair(what, seconds[ours], seconds[side])


def execute(words, environment=None):
    return bench_loops.execute(words, environment, sign="Verification Hash")


def read(output):
    """(seconds by speedtest1's own clock, hash)"""
    total = re.search(r"^ +TOTAL\.+ +([\d.]+)s", output, re.M)
    digest = re.search(r"^Verification Hash: (\S+ \S+)\r?$", output, re.M)
    if not total or not digest:
        raise AxError(f"speedtest1 did not come to its end:\n{output[-1000:]}")
    return float(total[1]), digest[1]


def processor_time(words, environment=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, digest = read(execute(words, environment))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, digest


def arguments(size, database):
    return ["--verify", "--size", str(size), database]


def image(tree, platform, where="file"):
    build = Build(tree, "speedtest1", Options(platform=platform, features=FEATURES[where]))
    with build.lock():
        build.run()
    return build


def hosted_sides(tree, where, results):
    size = results.size or FULL
    options = running.RunOptions(arguments(size, DATABASES[where]), mem=GUEST_MEMORY)
    words, environment = running.command(image(tree, HOSTED), options, "")
    sides = {("ashlar", "posix", "default", "hosted"): lambda: processor_time(words, environment)}
    with left_out(results, f"speedtest1, {where}, beside static musl"):
        program = static_speedtest1(tree)

        def theirs():
            with tempfile.TemporaryDirectory(dir=TMPFS) as folder:
                database = DATABASES[where] if where == "memory" else f"{folder}/bench.db"
                return processor_time([str(program), *arguments(size, database)])

        sides["linux", "posix", "musl", "linux"] = theirs
    return sides


def guest_sides(tree, where, results):
    accel = running.accelerator("auto")
    disks = [running.Disk(str(linuxguest.folder(tree.root) / "sqlite.img"))] if where == "disk" else []
    wanted = arguments(results.size or PART, DATABASES[where])
    options = running.RunOptions(wanted, mem=GUEST_MEMORY, accel=accel, disks=disks)
    words, environment = running.command(image(tree, GUEST, where), options, os.devnull)
    need(words[0], "qemu-system-x86")
    sides = {("ashlar", "posix", "default", accel): lambda: on_new_disks(disks, words, environment)}
    with left_out(results, f"speedtest1, {where}, Linux guest, {accel}"):
        guest = linuxguest.guest(tree.root, "sqlite", {"speedtest1": static_speedtest1(tree)}, linuxguest.DISKS)
        results.machine["guest"] = guest.version
        command = guest.command(tree.platform(GUEST), GUEST_MEMORY, ["/speedtest1", *wanted], accel,
                                [("/dev/vda", "/vda", "ext4")] if disks else [], disks)
        sides["linux", "posix", "musl", accel] = lambda: on_new_disks(disks, command)
    return sides


def on_new_disks(disks, words, environment=None):
    """(seconds, hash) of speedtest1 in QEMU."""
    for disk in disks:
        new_volume(disk.file)
    return read(execute(words, environment))


def new_volume(path):
    """An empty ext4 at `path`."""
    need("mke2fs", "e2fsprogs")
    with open(path, "wb") as file:
        file.truncate(DISK_BYTES)
    linuxguest.call(["mke2fs", "-q", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0", path], "mke2fs")


def static_speedtest1(tree):
    """The port's source as a static musl program for Linux, with the port's own flags."""
    build = image(tree, HOSTED)        # makes the amalgamation
    port = ports.load(tree.root, "sqlite")
    source = ports.ensure(port)
    made = Path(build.ports["sqlite"].archive).parent / "amalgamation"
    return compiled(tree.root, made, source, *port.build["cflags"])


def compiled(root, made, source, *flags):
    """It takes a minute: once, for all databases and later runs."""
    sources = [made / "sqlite3.c", source / "test" / "speedtest1.c"]
    kept = linuxguest.folder(root) / "linux" / "speedtest1"
    if kept.exists() and all(kept.stat().st_mtime > file.stat().st_mtime for file in sources):
        return kept
    return linuxguest.compile_static(root, "speedtest1", sources, [*flags, f"-I{made}", "-w"], libraries=["-lm"])
