# SPDX-License-Identifier: Apache-2.0
"""`ax bench`: the measured tables, beside Linux on this machine.

run() returns one object: `machine`, `command`, `rows` (one a system, operation and unit: median, minimum and maximum
over the runs), `ratios` (median of the quotients of runs that were made as pairs), `breakdown` (an operation's
instructions by function), `targets` (how figures stand to what is wanted) and `missing` (what could not be measured
here, and why). Each bench is a class of a bench_*.py; bench_results.py holds what they fill. What a bench found is kept as
build/bench/<name>.json, with its pictures beside it; show() prints and draws such a file again.
"""
import json
import os
from pathlib import Path

from . import (bench_architectures, bench_boot, bench_charts, bench_files, bench_lua, bench_net, bench_sqlite, bench_stages,
               bench_targets, bench_threads, linuxguest)
from .bench_results import Results, aligned, machine, machine_line, pivots, processor_times, ratio_tables, render, stolen_since
from .errors import AxError, nearest

BENCHES = {
    "threads": bench_threads.Threads(),
    "memory": bench_threads.Memory(),
    "files": bench_files.Files(),
    "boot": bench_boot.Boot(),
    "architectures": bench_architectures.Architectures(),
    "lua": bench_lua.Lua(),
    "sqlite": bench_sqlite.Sqlite(),
    "net": bench_net.Net(),
}

CHARTS = {"threads": bench_charts.charts, "files": bench_files.charts, "net": bench_net.charts}


def run(tree, names, runs, quiet, svg=None, table=None, quick=False, size=None):
    for name in names:
        if name not in BENCHES:
            raise AxError(f'no bench "{name}"', mend=nearest(name, BENCHES) or f"there are: {', '.join(BENCHES)}")
    if runs < 1:
        raise AxError("at least one run", f"--runs {runs}")
    if (svg or table) and len(names) != 1:
        raise AxError("belongs to one bench", "--svg" if svg else "--table", "name it: ./ax bench threads ...")
    if svg and names[0] not in CHARTS:
        raise AxError(f"bench {names[0]} is not drawn", "--svg", f"drawn are: {', '.join(CHARTS)}")
    if size is not None and (size < 1 or names != ["sqlite"]):
        raise AxError("a number from 1 on, for `sqlite` alone", f"--size {size}")
    said = ["--runs", str(runs), *(["--size", str(size)] if size else [])]
    everything = Results(" ".join(["./ax", "bench", *names, *said]), machine())
    for name in names or BENCHES:
        results = Results(everything.command, everything.machine, quiet)
        results.quick, results.size = quick, size
        times = processor_times()
        BENCHES[name].run(tree, runs, results)
        results.machine["stolen"] = stolen_since(times)
        found = finished(results.as_object(), name)
        path = linuxguest.folder(tree.root) / f"{name}.json"
        path.write_text(json.dumps(found, indent=1) + "\n")
        if not quiet:
            print(text(found, name), flush=True)
        written = draw(found, path.with_suffix(".svg"), CHARTS[name]) if name in CHARTS else []
        written += put_down(found, name, svg, table)
        if written and not quiet:
            print("  drawn: " + ", ".join(os.path.relpath(file) for file in written), flush=True)
        everything.take(results)
    return finished(everything.as_object(), *(names or BENCHES))


def show(path, quiet, svg=None, table=None):
    """What run() did after measuring, once more, from the file that a bench has kept under its name."""
    name = path.stem if path.stem in BENCHES else "threads"
    try:
        found = json.loads(path.read_text())
        missing = {"machine", "command", "rows", "ratios", "breakdown", "targets", "missing"} - set(found)
    except (OSError, ValueError) as error:
        raise AxError(f"not readable: {error}", str(path)) from None
    if missing:
        raise AxError(f"no result of `ax bench`: it has no {', '.join(sorted(missing))}", str(path))
    if not quiet:
        print(text(found, name))
    if svg and name not in CHARTS:
        raise AxError(f"bench {name} is not drawn", "--svg", f"drawn are: {', '.join(CHARTS)}")
    put_down(found, name, svg, table)
    return found


def finished(found, *names):
    targets = [bench_targets.judge(found, bench_targets.OF_BENCH[name]) for name in names if name in bench_targets.OF_BENCH]
    return {**found, "targets": sum(targets, [])}


def put_down(found, name, svg, table):
    """What --svg and --table ask for; returns the files."""
    pictures = draw(found, svg, CHARTS[name]) if svg else []
    if not table:
        return pictures
    table.write_text(markdown(found, name, [os.path.relpath(picture, table.parent) for picture in pictures]))
    return [*pictures, table]


def draw(found, path, charts=bench_charts.charts):
    """The charts at `path` and beside it; returns the files."""
    files = []
    for suffix, svg in charts(found).items():
        files.append(path.with_stem(path.stem + suffix))
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        files[-1].write_text(svg)
    return files


def text(found, name):
    lines = [render(f"{name}: {BENCHES[name].brief}", found)]
    if found["breakdown"]:
        lines += ["", *aligned(bench_stages.table(found))]
        lines += ["", "  instructions by function, hosted, callees not counted"]
        lines += ["    " + line for line in bench_stages.functions_text(found)]
    if found["targets"]:
        lines += ["", *aligned(bench_targets.table(found))]
    return "\n".join(lines)


def markdown(found, name, pictures=()):
    """The tables of a bench as a page, with the pictures of these names."""
    lines = [f"# Measured: {name}", "",
             "Written by the command below; [benchmarks.md](benchmarks.md) says what each figure is. Medians, and in brackets "
             "the least.", "", "```console", f"$ {found['command']}", "```", "", machine_line(found["machine"]) + ".", ""]
    lines += [line for picture in pictures for line in (f"![]({picture})", "")]
    tables = {"Targets": bench_targets.table(found), **{f"In {unit}": cells for unit, cells in pivots(found["rows"])},
              "Instructions by stage": bench_stages.table(found)}
    for title, cells in tables.items():
        if cells:
            lines += [f"## {title}", "", *pipes(cells), ""]
    if found["ratios"]:
        lines += ["## Ratios", "", "Ours / theirs, or of throughputs; median of pairs, least and greatest.", ""]
    for cells in ratio_tables(found["ratios"]):
        lines += [*pipes(cells), ""]
    if found["missing"]:
        lines += ["## Not measured", "", *(f"- {line}" for line in found["missing"]), ""]
    return "\n".join(lines)


def pipes(cells):
    rule = "|" + "|".join(["---", *["---:"] * (len(cells[0]) - 1)]) + "|"
    rows = ["| " + " | ".join(row) + " |" for row in cells]
    return [rows[0], rule, *rows[1:]]
