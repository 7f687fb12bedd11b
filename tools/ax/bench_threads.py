# SPDX-License-Identifier: Apache-2.0
"""`ax bench threads` and `ax bench memory`: both APIs, hosted, beside the same C source on Linux.

Every round runs each side once, one after the other on one CPU (our image has one): a disturbance of the machine meets
all sides, and ratios are formed within a round. A run's value is the median of its batches. A second table counts
instructions under QEMU's -icount, which no noise reaches.
"""
import os
import statistics
import subprocess

from . import linuxguest
from . import run as running
from .build import Build, Options
from .errors import AxError

HOSTED = "x86_64-linux"
COUNTED = "x86_64-qemu-q35"


def pinned_cpu():
    return max(os.sched_getaffinity(0))


def execute(words, environment=None, timeout=600):
    """Run on the one CPU; returns the output, or raises with what the program said."""
    def pin():
        os.sched_setaffinity(0, {pinned_cpu()})
    try:
        done = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout, preexec_fn=pin)
    except subprocess.TimeoutExpired:
        raise AxError(f"no end after {timeout} s", words[0]) from None
    if "bench " not in done.stdout:
        raise AxError(f"no figures; it said: {done.stdout.strip()[-500:]}", words[0])
    return done.stdout


def read_batches(output):
    """{operation: (cycles, ns)} per operation, the median of the batches."""
    cycles, ns = {}, {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 5 and words[0] == "bench":
            count = int(words[4])
            cycles.setdefault(words[1], []).append(int(words[2]) / count)
            ns.setdefault(words[1], []).append(int(words[3]) / count)
    return {op: (statistics.median(cycles[op]), statistics.median(ns[op])) for op in cycles}


class Side:
    """One system under test. `rounds` is its operations per batch: what is slower does fewer."""

    def __init__(self, key, words, environment, rounds):
        self.key, self.words, self.environment, self.rounds = key, words, environment, rounds

    def measure(self):
        return read_batches(execute([*self.words, str(self.rounds)], self.environment))


class Loops:
    """A bench application whose loops are written once for the native API, for POSIX, and for Linux."""
    app = brief = ""
    configs = {}           # config -> features
    rounds, rounds_linux, rounds_counted = 0, 0, 0

    def run(self, tree, runs, results):
        sides = self.ours(tree, results)
        linux = self.linux(tree, results)
        if linux:
            sides.append(linux)
        for turn in range(runs):
            values = {}
            for side in sides:
                results.progress(f"{self.app}: round {turn + 1} of {runs}, {' '.join(side.key)}")
                values[side.key] = side.measure()
                for op, (cycles, ns) in values[side.key].items():
                    results.add(op, side.key, "cycles", cycles)
                    results.add(op, side.key, "ns", ns)
            if linux:
                self.compare(values, linux.key, results)
        self.count(tree, results)
        results.progress("")

    @staticmethod
    def compare(values, linux, results):
        for key, ours in values.items():
            if key != linux and key[2] in ("default", "bare"):
                for op, (cycles, _) in ours.items():
                    name = " ".join([key[1], *([key[2]] if key[2] != "default" else [])])
                    results.pair(f"{op}, {name} / linux", cycles, values[linux][op][0])

    def ours(self, tree, results):
        sides = []
        for (api, config), features in self.configs.items():
            try:
                build = Build(tree, self.app, Options(platform=HOSTED, features=features))
                with build.lock():
                    build.run()
                words, environment = running.command(build, running.RunOptions(), "")
                sides.append(Side(("ashlar", api, config, "hosted"), words, environment, self.rounds))
            except AxError as error:
                results.lack(f"{self.app}, {api} {config}, hosted", error)
        return sides

    def linux(self, tree, results):
        try:
            program = linuxguest.compile_static(tree.root, self.app, [
                tree.root / "apps" / self.app / "main.c", tree.root / "ulib/axbench/src/posix.c"],
                [f"-I{tree.root}/ulib/axbench/include", f"-I{tree.root}/apps/{self.app}/posix", "-pthread"])
        except AxError as error:
            results.lack(f"{self.app}, Linux", error)
            return None
        return Side(("linux", "posix", "default", "linux"), [str(program)], None, self.rounds_linux)

    def count(self, tree, results):
        """Instructions per operation: QEMU's -icount makes the time-stamp counter count them."""
        for (api, config), features in self.configs.items():
            try:
                build = Build(tree, self.app, Options(platform=COUNTED, features=features))
                with build.lock():
                    build.run()
                results.progress(f"{self.app}: instructions, {api} {config}")
                words, environment = running.command(build, running.RunOptions([str(self.rounds_counted)], accel="tcg"),
                                                     os.devnull)
                output = execute([*words, "-icount", "shift=0,sleep=off"], environment)
                for op, (cycles, _) in read_batches(output).items():
                    results.add(op, ("ashlar", api, config, "tcg"), "insn", cycles)
            except AxError as error:
                results.lack(f"{self.app}, {api} {config}, instructions", error)


class Threads(Loops):
    app = "bench_threads"
    brief = "threads and locks, native and POSIX, beside POSIX threads on Linux"
    configs = {("native", "default"): ("fp", "tls"), ("native", "no-fp"): ("tls",), ("native", "no-tls"): ("fp",),
               ("native", "bare"): (), ("posix", "default"): ("posix",)}
    rounds, rounds_linux, rounds_counted = 10_000, 2_000, 1_000


class Memory(Loops):
    app = "bench_memory"
    brief = "malloc and free, native and POSIX, beside musl on Linux"
    configs = {("native", "default"): (), ("native", "slab"): ("native_slab",), ("native", "buddy"): ("native_buddy",),
               ("posix", "default"): ("posix",)}
    rounds, rounds_linux, rounds_counted = 20_000, 10_000, 2_000
