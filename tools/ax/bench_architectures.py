# SPDX-License-Identifier: Apache-2.0
"""`ax bench architectures`: what an operation costs on each architecture, in instructions; the way from the entry to
main(), and the bare image.

QEMU's -icount makes the virtual clock count instructions, on every machine, so the figures are repeatable: of x86_64 by
the time-stamp counter, of the others by the monotonic clock, whose counter ticks once in 16 of them (aarch64) or in 100
(riscv64), over batches of thousands. The loops are those of `ax bench threads`, `memory` and `files`.
"""
from . import bench_boot
from .bench_files import Files
from .bench_loops import COUNT, image_side, read_batches
from .bench_threads import FULL, Memory, Threads
from .errors import AxError

PLATFORMS = {"x86_64": "x86_64-qemu-q35", **bench_boot.TREES}
# Of each application: the loops to run, and the operations of theirs that are kept.
LOOPS = {
    Threads: (("yield", "create", "detached", "mutex", "condvar"),
              ("yield", "create+join", "create+run+exit", "mutex", "condvar")),
    Memory: ((), ("malloc+free-64", "malloc+free-mix")),
    Files: (("open", "bytes"), ("open+close", "read-1", "write-1")),
}


class Architectures:
    brief = "instructions of an operation, native and POSIX, and from entry to main, on each architecture"

    def run(self, tree, runs, results):
        for arch, platform in PLATFORMS.items():
            with bench_boot.left_out(results, f"entry to main on {arch}"):
                count = bench_boot.since_entry if arch in bench_boot.TREES else bench_boot.entry_to_main
                results.add("entry to main", ("ashlar", "native", arch, "tcg"), "insn", count(tree, platform))
            with bench_boot.left_out(results, f"image on {arch}"):
                results.add("image, bare", ("ashlar", "native", arch, "tcg"), "B",
                            bench_boot.built(tree, "helloworld", platform).kernel.stat().st_size)
            for loops, (names, kept) in LOOPS.items():
                for api in FULL:
                    what = f"{loops.app}, {api}, on {arch}"
                    results.progress(what)
                    with bench_boot.left_out(results, what):
                        self.count(tree, loops, api, arch, names, kept, results)
        results.progress("")

    @staticmethod
    def count(tree, loops, api, arch, names, kept, results):
        key = ("ashlar", api, arch, "tcg")
        side = image_side(tree, loops.app, key, loops.configs[api, "default"], PLATFORMS[arch], loops.rounds_counted,
                          more=COUNT)
        found = read_batches(side.output(names, results))
        missing = [op for op in kept if op not in found]
        if missing:
            raise AxError(f"it says nothing of {', '.join(missing)}")
        for op in kept:
            results.add(op, key, "insn", found[op][arch in bench_boot.TREES])
