# SPDX-License-Identifier: Apache-2.0
"""`ax bench threads` and `ax bench memory`: what threads, locks and dynamic memory cost.

Threads has three tables more than bench_loops.py makes: work on several CPUs at once, instructions by stage, and how
the figures stand to what threads shall cost. And it draws them.
"""
import functools

from . import bench_stages
from . import run as running
from .bench_loops import HOSTED, MACHINE, Loops, guest_side, image_side, linux_side, read_lines, usable_cpus
from .bench_targets import scaling_ratio
from .errors import AxError

CPUS_MAX = 8                     # what tells something, and what loops with a thread a CPU still finish soon
FULL = {"native": ("fp", "tls"), "posix": ("posix",)}


class Threads(Loops):
    app = "bench_threads"
    brief = "threads and locks, native and POSIX, on one CPU and on several, beside POSIX threads on Linux"
    configs = {("native", "default"): ("fp", "tls"), ("native", "no-fp"): ("tls",), ("native", "no-tls"): ("fp",),
               ("native", "bare"): (), ("posix", "default"): ("posix",)}
    rounds, rounds_linux, rounds_counted, rounds_counted_linux = 10_000, 2_000, 1_000, 200
    rounds_many, rounds_many_linux, rounds_many_emulated, rounds_many_guest = 20_000, 5_000, 20_000, 1_000

    def run(self, tree, runs, results):
        self.time(tree, runs, results)
        self.many(tree, runs, results)
        self.count(tree, results)
        for (api, config), features in self.configs.items():
            results.progress(f"{self.app}: by function, {api} {config}")
            self.attempt(results, f"{api} {config}, by function", functools.partial(
                bench_stages.measure, tree, self.app, api, config, features, results))
        results.progress("")

    # ------------------------------------------------------------------------------------------ several CPUs

    def many(self, tree, runs, results):
        cpus = min(len(usable_cpus()), CPUS_MAX)
        if cpus == 1:
            results.lack(f"{self.app}, several CPUs", "this process may use one CPU")
            return
        accel = running.accelerator("auto")
        program = self.attempt(results, "Linux, several CPUs", lambda: self.program(tree))
        sides = [self.many_image(tree, api, HOSTED, "hosted", cpus, results) for api in FULL]
        sides += [self.many_image(tree, api, HOSTED, "hosted", 1, results) for api in FULL]
        if program:
            sides.append(linux_side(program, self.rounds_many_linux, cpus))
        emulated = accel == "tcg"
        sides += [self.many_image(tree, api, MACHINE, accel, cpus, results,
                                  self.rounds_many_emulated if emulated else self.rounds_many) for api in FULL]
        if program:
            sides.append(self.attempt(results, f"Linux guest, {cpus} CPUs", lambda: guest_side(
                tree, program, ("linux", "posix", "default", accel),
                self.rounds_many_guest if emulated else self.rounds_many_linux, results, cpus)))
        self.take_turns_many([side for side in sides if side], runs, results)

    def many_image(self, tree, api, platform, where, cpus, results, rounds=rounds_many):
        """An image for `cpus` CPUs; its twin for one CPU alone has the config "one-cpu"."""
        rival = ("linux", "posix", "default", "linux" if where == "hosted" else where)
        key = ("ashlar", api, "default" if cpus > 1 else "one-cpu", where)
        return self.attempt(results, f"{' '.join(key)}, {cpus} CPUs", lambda: image_side(
            tree, self.app, key, FULL[api], platform, rounds, cpus, rival))

    def take_turns_many(self, sides, runs, results):
        for turn in range(runs):
            values = {}
            for side in list(sides):
                results.progress(f"{self.app}: several CPUs, round {turn + 1} of {runs}, {side.name}")
                found = self.attempt(results, f"{side.name}, {side.cpus} CPUs", lambda: read_many(
                    side.output([f"cpus={side.cpus}"], results)))
                if not found:
                    sides.remove(side)
                    continue
                values[side.key] = found
                for (op, cpus), ns in found.items():
                    results.add(op, side.key, "op/s", 1e9 / ns, cpus)
            for side in sides:
                compare_many(values, side, results)


def read_many(output):
    """{(operation, CPUs): ns per operation of all CPUs together}, the best batch: one CPU that the host took away
    spoils a whole batch. Lines say `<operation>@<CPUs>`."""
    if "bench-unpinned" in output:
        raise AxError("its threads cannot be bound to CPUs, so what runs where is unknown")
    found = {}
    for name, batches in read_lines(output).items():
        op, _, cpus = name.rpartition("@")
        if op:
            found[op, int(cpus)] = min(ns for _, ns in batches)
    return found


def compare_many(values, side, results):
    """Throughput on n CPUs by that on one, of the same image; by the one-CPU image's; time by Linux's. Of one round."""
    mine, single = values.get(side.key, {}), values.get((*side.key[:2], "one-cpu", side.key[3]), {})
    for (op, cpus), ns in mine.items():
        if cpus > 1 and (op, 1) in mine:
            if op != "parallel-semaphore":      # one thread at a time runs: CPUs add nothing
                results.pair(scaling_ratio(op, side.key, cpus), mine[op, 1], ns)
                if (op, 1) in single:
                    results.pair(f"{scaling_ratio(op, side.key, cpus)} of an image for one", single[op, 1], ns)
            theirs = values.get(side.rival, {}).get((op, cpus))
            results.pair(f"{op} on {cpus} CPUs, time, {side.key[1]} {side.key[3]} / linux", ns, theirs)


class Memory(Loops):
    app = "bench_memory"
    brief = "malloc and free, native and POSIX, beside musl on Linux"
    configs = {("native", "default"): (), ("native", "slab"): ("native_slab",), ("native", "buddy"): ("native_buddy",),
               ("posix", "default"): ("posix",)}
    rounds, rounds_linux, rounds_counted, rounds_counted_linux = 20_000, 10_000, 2_000, 2_000
