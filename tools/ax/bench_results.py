# SPDX-License-Identifier: Apache-2.0
"""What a bench fills: samples by system and operation, pairs for ratios; and the machine they were taken on.

Beyond this file and until it is printed, results are the plain object that `--json` prints (Results.as_object()).
"""
import datetime
import functools
import os
import platform as host
import re
import statistics
import subprocess
import sys
from pathlib import Path

RATIO_COLUMNS = 3
KEYS = ("op", "system", "api", "config", "platform", "cpus", "unit")


class Results:
    """Samples under a key of KEYS, in the order of their first appearance."""

    def __init__(self, command, machine, quiet=True):
        self.command, self.machine, self.quiet = command, machine, quiet
        self.quick = False      # fewer and shorter measurements: to see that all is well
        self.size = None        # of the work, where a bench lets its user choose
        self.samples, self.pairs, self.breakdown, self.missing = {}, {}, [], []

    def progress(self, text):
        """One line that is overwritten by the next; only for people who watch."""
        if not self.quiet and sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def say(self, text):
        """One line that stays: what takes its time before anything is measured."""
        if not self.quiet:
            print(f"\r\033[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)

    def add(self, op, side, unit, value, cpus=1):
        """One run's value. `side` is (system, api, config, platform)."""
        self.samples.setdefault((op, *side, cpus, unit), []).append(value)

    def pair(self, what, ours, theirs):
        """Two values of one round; the ratio is ours / theirs."""
        if theirs:
            self.pairs.setdefault(what, []).append(ours / theirs)

    def lack(self, what, why):
        lines = str(why).splitlines()
        telling = [line.strip() for line in lines[1:] if re.search(r"error|undefined|No such|mend:", line)]
        self.missing.append("; ".join([f"{what}: {lines[0]}", *telling[:2]]))

    def take(self, other):
        self.samples.update(other.samples)
        self.pairs.update(other.pairs)
        self.breakdown += other.breakdown
        self.missing += other.missing

    def rows(self):
        return [{**dict(zip(KEYS, key)), "median": rounded(statistics.median(values)), "min": rounded(min(values)),
                 "max": rounded(max(values)), "runs": len(values)} for key, values in self.samples.items()]

    def ratios(self):
        return [{"what": what, "value": rounded(statistics.median(values)), "min": rounded(min(values)),
                 "max": rounded(max(values)), "pairs": len(values)} for what, values in self.pairs.items()]

    def as_object(self):
        return {"machine": self.machine, "command": self.command, "rows": self.rows(), "ratios": self.ratios(),
                "breakdown": self.breakdown, "missing": self.missing}


def rounded(value):
    """Four significant digits, and every digit before the point."""
    if value == 0 or abs(value) >= 1000:
        return round(value)
    return float(f"{value:.4g}")


# --------------------------------------------------------------------------------------------------- the machine

@functools.cache
def machine():
    info = Path("/proc/cpuinfo").read_text()

    def field(name):
        found = re.search(rf"^{name}\s*:\s*(.+)$", info, re.M)
        return found[1] if found else "unknown"

    return {"cpu": field("model name"), "clock_mhz": field("cpu MHz"), "cpus": os.cpu_count(),
            "kernel": f"{host.system()} {host.release()}", "qemu": first_line(["qemu-system-x86_64", "--version"]),
            "compiler": first_line(["gcc", "--version"]), "load": round(os.getloadavg()[0], 2),
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat()}


def processor_times():
    """(all, of those what the host of a virtual machine gave to others), in ticks: proc_stat(5)."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks), ticks[7]


def stolen_since(times):
    """Percent of this machine's processors."""
    everything, stolen = (now - then for now, then in zip(processor_times(), times))
    return round(100 * stolen / max(everything, 1), 1)


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return "none"


# ----------------------------------------------------------------------------------------------------- for people

def machine_line(m):
    stolen = f", {m['stolen']} % stolen" if m.get("stolen") else ""
    return ", ".join([m["cpu"], f"{m['clock_mhz']} MHz", f"{m['cpus']} CPUs (load {m['load']}{stolen})", m["kernel"], m["qemu"],
                      *([f"guest {m['guest']}"] if "guest" in m else []), m["date"]])


MUCH_STOLEN = 2      # percent, by a host that had other things to do


def was_busy(m):
    return m["load"] > m["cpus"] or m.get("stolen", 0) > MUCH_STOLEN


BUSY = "The machine was busy: an idle one is quicker. Ratios are of runs side by side"


def render(title, results):
    """The tables of one bench: a row an operation, a column a system; then the ratios."""
    lines = ["", title, "  " + machine_line(results["machine"]),
             f"  {results['command']}; medians, and in brackets the least"]
    if was_busy(results["machine"]):
        lines.append("  " + BUSY)
    for unit, table in pivots(results["rows"]):
        lines += ["", *aligned(table)]
    if results["ratios"]:
        lines += ["", "  ratios: ours / theirs, or of throughputs; median of pairs, least and greatest"]
        for table in ratio_tables(results["ratios"]):
            lines += ["", *aligned(table)]
    lines += [f"  not measured: {line}" for line in results["missing"]]
    return "\n".join(lines)


def ratio_tables(ratios):
    """Tables with a row for what stands before a ratio's first comma, and a few columns for what stands behind."""
    named = {tuple(r["what"].partition(", ")[::2]): f"{r['value']:.3g} ({r['min']:.3g} to {r['max']:.3g})"
             for r in ratios}
    columns = list(dict.fromkeys(behind for _, behind in named))
    for start in range(0, len(columns), RATIO_COLUMNS):
        chosen = columns[start:start + RATIO_COLUMNS]
        ops = dict.fromkeys(op for op, behind in named if behind in chosen)
        yield [["ratio", *chosen], *([op, *(named.get((op, behind), "-") for behind in chosen)] for op in ops)]


def aligned(table):
    """Lines of cells as lines of text, numbers to the right."""
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))] if table else []
    return ["  " + "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in table]


def pivots(rows):
    """[(unit, table of cells)]: the first line names the columns, the first column the operations."""
    for unit in dict.fromkeys(row["unit"] for row in rows):
        mine = [row for row in rows if row["unit"] == unit]
        columns = list(dict.fromkeys(column(row) for row in mine))
        value = {(operation(row), column(row)): cell(row) for row in mine}
        yield unit, [[unit, *columns], *([name, *(value.get((name, c), "-") for c in columns)]
                                         for name in dict.fromkeys(operation(row) for row in mine))]


def operation(row):
    return row["op"] if row["cpus"] == 1 else f"{row['op']}, {row['cpus']} CPUs"


def column(row):
    words = [row["system"], row["api"], "" if row["config"] == "default" else row["config"], row["platform"]]
    return " ".join(dict.fromkeys(w for w in words if w))


def cell(row):
    if row["min"] == row["max"]:
        return number(row["median"])
    return f"{number(row['median'])} ({number(row['min'])})"


def number(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
