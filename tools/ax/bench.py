# SPDX-License-Identifier: Apache-2.0
"""`ax bench`: the measured tables, beside Linux on this machine.

run() returns one object: `machine`, `command`, `rows` (one a system, operation and unit: median, minimum and maximum
over the runs), `ratios` (median of the quotients of runs that were made as pairs) and `missing` (what could not be
measured here, and why). Each bench is a class of a bench_*.py; bench_results.py holds what they fill.
"""
from . import bench_boot, bench_lua, bench_threads
from .bench_results import Results, machine, render
from .errors import AxError, nearest

BENCHES = {
    "threads": bench_threads.Threads(),
    "memory": bench_threads.Memory(),
    "boot": bench_boot.Boot(),
    "lua": bench_lua.Lua(),
}


def run(tree, names, runs, quiet):
    for name in names:
        if name not in BENCHES:
            raise AxError(f'no bench "{name}"', mend=nearest(name, BENCHES) or f"there are: {', '.join(BENCHES)}")
    if runs < 1:
        raise AxError("at least one run", f"--runs {runs}")
    words = ["./ax", "bench", *names, "--runs", str(runs)]
    everything = Results(" ".join(words), machine())
    for name in names or BENCHES:
        results = Results(everything.command, everything.machine, quiet)
        BENCHES[name].run(tree, runs, results)
        if not quiet:
            print(render(f"{name}: {BENCHES[name].brief}", results), flush=True)
        everything.take(results)
    return everything.as_object()
