# SPDX-License-Identifier: Apache-2.0
"""`ax bench lua`: an unmodified interpreter as the load, with the scripts of tools/bench/lua.

Hosted: our image, the distribution's lua5.4 (glibc), and the same Lua source static on musl; a process a script, on one
CPU, and its processor time as the host accounts it, start and end included. In the guest: our image and a Linux guest
that runs the static one, on the same QEMU; one start for all scripts, timed by os.clock inside. A script's checksum
must be the same everywhere, or the figures are refused.
"""
import os
import re
import resource

from . import linuxguest, ports
from . import run as running
from .bench_boot import left_out
from .bench_loops import HOSTED, execute
from .build import Build, Options
from .errors import AxError
from .toolchain import need

GUEST = "x86_64-qemu-q35"
GUEST_MEMORY = "256M"
SCRIPTS = ("fib", "queens", "strings", "sort", "mandelbrot", "gc")
FULL, PART = "1", "0.1"          # scales: natively half a second a script, a tenth of the work under emulation


class Lua:
    brief = "an unmodified Lua interpreter, hosted beside the host's, and in QEMU beside a Linux guest"

    def run(self, tree, runs, results):
        scripts = tree.root / "tools" / "bench" / "lua"
        with left_out(results, "lua, hosted"):
            self.rounds(hosted_sides(tree, scripts, results), runs, results)
        accel = running.accelerator("auto")
        with left_out(results, f"lua, {accel}"):
            self.rounds(guest_sides(tree, scripts, accel, results), runs, results)
        results.progress("")

    @staticmethod
    def rounds(sides, runs, results):
        ours = next(iter(sides))
        for turn in range(runs):
            seconds, sums = {}, {}
            for side, start in sides.items():
                results.progress(f"lua: round {turn + 1} of {runs}, {' '.join(side)}")
                seconds[side], sums[side] = start()
                if sums[side] != sums[ours]:
                    raise AxError(f"{' '.join(side)} computes other results than {' '.join(ours)}:\n"
                                  f"{sums[side]}\n{sums[ours]}")
                for op, value in seconds[side].items():
                    results.add(op, side, "us", value * 1e6)
            for side in sides:
                if side != ours:
                    pair(results, seconds[ours], seconds[side], f"{' '.join(ours)} / {' '.join(side)}")


def pair(results, ours, theirs, sides):
    for op in ours:
        results.pair(f"{op}, {sides}", ours[op], theirs[op])
    results.pair(f"all scripts, {sides}", sum(ours.values()), sum(theirs.values()))


def read(output):
    """({script: seconds}, {script: checksum})"""
    lines = re.findall(r"^bench (\S+) ([\d.]+) (\S+?)\r?$", output, re.M)
    return {name: float(seconds) for name, seconds, _ in lines}, {name: checksum for name, _, checksum in lines}


def processor_time(words, environment=None):
    """What read() returns, with a process a script and its processor time."""
    seconds, sums = {}, {}
    for name in SCRIPTS:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        sums.update(read(execute([*words, name], environment))[1])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds[name] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, sums


def image(tree, platform, scripts):
    build = Build(tree, "lua", Options(platform=platform, rootfs=scripts))
    build.dir = linuxguest.folder(tree.root) / f"lua-{platform}"      # its rootfs is not the application's own
    build.elf, build.debug_elf = build.dir / build.elf.name, build.dir / build.debug_elf.name
    with build.lock():
        build.run()
    return build


def hosted_sides(tree, scripts, results):
    words, environment = running.command(image(tree, HOSTED, scripts), running.RunOptions(["run.lua", ".", FULL]), "")
    sides = {("ashlar", "posix", "default", "hosted"): lambda: processor_time(words, environment)}
    arguments = [str(scripts / "run.lua"), str(scripts), FULL]
    with left_out(results, "lua, beside the distribution's"):
        need("lua5.4", "lua5.4")
        sides["linux", "posix", "lua5.4", "linux"] = lambda: processor_time(["lua5.4", *arguments])
    with left_out(results, "lua, beside static musl"):
        lua = static_lua(tree.root)
        sides["linux", "posix", "musl", "linux"] = lambda: processor_time([lua, *arguments])
    return sides


def guest_sides(tree, scripts, accel, results):
    options = running.RunOptions(["run.lua", ".", PART], mem=GUEST_MEMORY, accel=accel)
    words, environment = running.command(image(tree, GUEST, scripts), options, os.devnull)
    need(words[0], "qemu-system-x86")
    sides = {("ashlar", "posix", "default", accel): lambda: read(execute(words, environment))}
    with left_out(results, f"lua, Linux guest, {accel}"):
        files = {f"bench/{script.name}": script for script in sorted(scripts.glob("*.lua"))}
        guest = linuxguest.guest(tree.root, "lua", {"lua": static_lua(tree.root), **files})
        results.machine["guest"] = guest.version
        command = guest.command(tree.platform(GUEST), GUEST_MEMORY, ["/lua", "/bench/run.lua", "/bench", PART], accel)
        sides["linux", "posix", "musl", accel] = lambda: read(execute(command))
    return sides


def static_lua(root):
    """The port's source as a static musl program for Linux, with the port's own flags."""
    port = ports.load(root, "lua")
    source = ports.ensure(port)
    excluded = {source / name for name in port.build.get("exclude", [])}
    files = [path for pattern in port.build["sources"] for path in sorted(source.glob(pattern)) if path not in excluded]
    flags = [flag.replace("{src}", str(source)) for flag in port.build["cflags"]]
    return linuxguest.compile_static(root, "lua", files, [*flags, f"-I{source}/src"], libraries=["-lm"])
