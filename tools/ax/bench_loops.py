# SPDX-License-Identifier: Apache-2.0
"""What `ax bench threads` and `ax bench memory` share: an application whose loops are written once for the native API,
for POSIX here, and for POSIX on Linux.

Every round runs each side once, one after the other on one CPU (our image has one): a disturbance of the machine meets
all sides, and ratios are formed within a round. A run's value is the median of its batches. A second table counts
instructions under QEMU's -icount, which no noise reaches, for our images and for a Linux guest that runs the same
static program. Where QEMU has hardware KVM, both are timed there too.
"""
import functools
import os
import statistics
import subprocess
from dataclasses import dataclass

from . import linuxguest
from . import run as running
from .build import Build, Options
from .errors import AxError
from .toolchain import need

HOSTED = "x86_64-linux"
MACHINE = "x86_64-qemu-q35"
GUEST_MEMORY = "256M"
TIMEOUT_SECONDS = 600
COUNT = ["-icount", "shift=0,sleep=off"]


def usable_cpus():
    return sorted(os.sched_getaffinity(0))


def execute(words, environment=None, timeout=TIMEOUT_SECONDS, cpus=1, sign="bench "):
    """Run on so many CPUs; returns the output, or raises with what the program said if it holds no `sign` of figures."""
    return finish(words, environment, timeout, cpus, sign).stdout


def finish(words, environment, timeout, cpus, sign="bench "):
    need(words[0], "qemu-system-x86")
    chosen = usable_cpus()[-cpus:]
    try:
        done = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout,
                              preexec_fn=lambda: os.sched_setaffinity(0, chosen))
    except subprocess.TimeoutExpired:
        raise AxError(f"no end after {timeout} s", words[0]) from None
    if sign not in done.stdout:
        raise AxError(f"no figures; it said: {done.stdout.strip()[-500:]}", words[0])
    return done


def read_lines(output):
    """{operation: [(cycles, ns) per operation of each batch]}."""
    found = {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 5 and words[0] == "bench":
            count = int(words[4])
            found.setdefault(words[1], []).append((int(words[2]) / count, int(words[3]) / count))
    return found


def read_batches(output):
    """{operation: (cycles, ns)} per operation, the median of the batches."""
    return {op: tuple(map(statistics.median, zip(*batches))) for op, batches in read_lines(output).items()}


@dataclass
class Side:
    """One system under test. `command(arguments)` is (words, environment); `rounds` its operations per batch: what is
    slower does fewer. `rival` names the Linux that it is compared with."""
    key: tuple
    command: object
    rounds: int
    rival: tuple = None
    cpus: int = 1

    @property
    def name(self):
        return " ".join(self.key)

    def output(self, arguments=(), results=None):
        words, environment = self.command([str(self.rounds), *arguments])
        done = finish(words, environment, TIMEOUT_SECONDS, self.cpus)
        if done.returncode and words[0] != "qemu-system-x86_64" and results:
            results.lack(f"the rest of {self.name}", AxError(
                f"it ended with status {done.returncode}: {done.stdout.strip().splitlines()[-1]}"))
        return done.stdout


LINUX = ("linux", "posix", "default", "linux")


def linux_side(program, rounds, cpus=1):
    """The static program on this machine's Linux."""
    return Side(LINUX, lambda arguments: ([str(program), *arguments], None), rounds, None, cpus)


def accel_of(key):
    return "kvm" if key[3] == "kvm" else "tcg"


def image_side(tree, app, key, features, platform, rounds, smp=1, rival=None, more=()):
    """An image of ours, built. `more`: words for QEMU."""
    build = Build(tree, app, Options(platform=platform, features=features, smp=smp))
    with build.lock():
        build.run()

    def command(arguments):
        options = running.RunOptions(list(arguments), accel=accel_of(key))
        words, environment = running.command(build, options, os.devnull)
        return [*words, *more], environment

    return Side(key, command, rounds, rival, smp)


def guest_side(tree, program, key, rounds, results, smp=1, more=()):
    """The Linux guest that runs `program`."""
    guest = linuxguest.guest(tree.root, program.name, {program.name: program})
    results.machine["guest"] = guest.version

    def command(arguments):
        words = guest.command(tree.platform(MACHINE), GUEST_MEMORY, [f"/{program.name}", *arguments], accel_of(key), smp=smp)
        return [*words, *more], None

    return Side(key, command, rounds, None, smp)


class Loops:
    app = brief = ""
    configs = {}           # (api, config) -> features
    rounds, rounds_linux, rounds_counted, rounds_counted_linux = 0, 0, 0, 0
    charts = {}            # suffix of the file's name -> what draws it from the results, or returns None

    def run(self, tree, runs, results):
        self.time(tree, runs, results)
        self.count(tree, results)
        results.progress("")

    def attempt(self, results, what, function):
        """What this machine lacks costs its own figures and no others."""
        try:
            return function()
        except AxError as error:
            results.lack(f"{self.app}, {what}", error)
            return None

    def program(self, tree):
        """The same source as a static program for Linux."""
        folder = tree.root / "apps" / self.app
        library = tree.root / "ulib" / "axbench"
        sources = [*sorted(folder.glob("*.c")), *(path for path in sorted(library.glob("src/*.c"))
                                                  if path.name != "native.c")]
        return linuxguest.compile_static(tree.root, self.app, sources,
                                         [f"-I{library}/include", f"-I{folder}/posix", "-pthread",
                                          f"-I{tree.root}/elements/cycle_counter/arch/{os.uname().machine}/include"])

    # ------------------------------------------------------------------------------------------------- time

    def time(self, tree, runs, results):
        sides = [self.attempt(results, f"{api} {config}, hosted", functools.partial(
            image_side, tree, self.app, ("ashlar", api, config, "hosted"), features, HOSTED, self.rounds,
            rival=LINUX)) for (api, config), features in self.configs.items()]
        program = self.attempt(results, "Linux", lambda: self.program(tree))
        if program:
            sides.append(linux_side(program, self.rounds_linux))
        if running.accelerator("auto") == "kvm":
            sides += self.machine_sides(tree, program, results)
        self.take_turns([side for side in sides if side], runs, results)

    def machine_sides(self, tree, program, results):
        key = ("linux", "posix", "default", "kvm")
        sides = [self.attempt(results, f"{api} {config}, kvm", functools.partial(
            image_side, tree, self.app, ("ashlar", api, config, "kvm"), features, MACHINE, self.rounds, rival=key))
            for (api, config), features in self.configs.items()]
        return [*sides, program and self.attempt(results, "Linux guest", lambda: guest_side(
            tree, program, key, self.rounds_linux, results))]

    def take_turns(self, sides, runs, results):
        for turn in range(runs):
            values = {}
            for side in list(sides):
                results.progress(f"{self.app}: round {turn + 1} of {runs}, {side.name}")
                found = self.attempt(results, side.name, lambda: read_batches(side.output((), results)))
                if not found:
                    sides.remove(side)
                    continue
                values[side.key] = found
                for op, (cycles, ns) in found.items():
                    results.add(op, side.key, "cycles", cycles)
                    results.add(op, side.key, "ns", ns)
            for side in sides:
                if side.rival in values and side.key[2] in ("default", "bare"):
                    compare(values[side.key], values[side.rival], side.key, results)

    # ---------------------------------------------------------------------------------------- instructions

    def count(self, tree, results):
        """Instructions per operation: QEMU's -icount makes the time-stamp counter count them."""
        linux_key = ("linux", "posix", "default", "tcg")
        linux = self.attempt(results, "Linux guest, instructions", lambda: self.count_side(guest_side(
            tree, self.program(tree), linux_key, self.rounds_counted_linux, results, more=COUNT), results))
        for (api, config), features in self.configs.items():
            key = ("ashlar", api, config, "tcg")
            ours = self.attempt(results, f"{api} {config}, instructions", lambda: self.count_side(image_side(
                tree, self.app, key, features, MACHINE, self.rounds_counted, more=COUNT), results))
            if ours and linux and config in ("default", "bare"):
                compare(ours, linux, key, results, ", instructions")

    def count_side(self, side, results):
        results.progress(f"{self.app}: instructions, {side.name}")
        found = read_batches(side.output((), results))
        for op, (instructions, _) in found.items():
            results.add(op, side.key, "insn", instructions)
        return found


def compare(ours, theirs, key, results, what=""):
    for op, (cycles, _) in ours.items():
        if op in theirs:
            name = " ".join([key[1], *([key[2]] if key[2] != "default" else [])])
            where = ", kvm" if key[3] == "kvm" else ""
            results.pair(f"{op}, {name} / linux{what}{where}", cycles, theirs[op][0])
