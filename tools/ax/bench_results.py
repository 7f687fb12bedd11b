# SPDX-License-Identifier: Apache-2.0
"""What a bench fills: samples by system and operation, pairs for ratios; and the machine they were taken on."""
import functools
import os
import platform as host
import re
import statistics
import subprocess
import sys
from pathlib import Path

KEYS = ("op", "system", "api", "config", "platform", "unit")


class Results:
    """Samples under a key of KEYS, in the order of their first appearance."""

    def __init__(self, command, machine, quiet=True):
        self.command, self.machine, self.quiet = command, machine, quiet
        self.samples, self.pairs, self.missing = {}, {}, []

    def progress(self, text):
        """One line that is overwritten by the next; only for people who watch."""
        if not self.quiet and sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def add(self, op, side, unit, value):
        """One run's value. `side` is (system, api, config, platform)."""
        self.samples.setdefault((op, *side, unit), []).append(value)

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
        self.missing += other.missing

    def rows(self):
        return [{**dict(zip(KEYS, key)), "median": rounded(statistics.median(values)), "min": rounded(min(values)),
                 "max": rounded(max(values)), "runs": len(values)} for key, values in self.samples.items()]

    def ratios(self):
        return [{"what": what, "value": rounded(statistics.median(values)), "min": rounded(min(values)),
                 "max": rounded(max(values)), "pairs": len(values)} for what, values in self.pairs.items()]

    def as_object(self):
        return {"machine": self.machine, "command": self.command, "rows": self.rows(), "ratios": self.ratios(),
                "missing": self.missing}


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
            "compiler": first_line(["gcc", "--version"]), "load": round(os.getloadavg()[0], 2)}


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return "none"


# ----------------------------------------------------------------------------------------------------- for people

def render(title, results):
    """The tables of one bench: a row an operation, a column a system; then the ratios."""
    m = results.machine
    busy = m["load"] > m["cpus"]
    lines = ["", title, f"  {m['cpu']}, {m['clock_mhz']} MHz, {m['cpus']} CPUs (load {m['load']}), {m['kernel']}, "
             f"{m['qemu']}" + (f", guest {m['guest']}" if "guest" in m else ""),
             f"  {results.command}; medians, and in brackets the least"]
    if busy:
        lines.append("  the machine was busy: medians are too high, and the least of each is nearer the truth")
    rows = results.rows()
    for unit in dict.fromkeys(row["unit"] for row in rows):
        lines += pivot(unit, [row for row in rows if row["unit"] == unit])
    if results.pairs:
        lines += ["", "  ratios (ours / theirs, median of pairs; least and greatest)"]
        lines += [f"    {r['what']}: {r['value']:.3g} ({r['min']:.3g} to {r['max']:.3g}, {r['pairs']} pairs)"
                  for r in results.ratios()]
    lines += [f"  not measured: {line}" for line in results.missing]
    return "\n".join(lines)


def pivot(unit, rows):
    columns = list(dict.fromkeys(column(row) for row in rows))
    names = list(dict.fromkeys(row["op"] for row in rows))
    value = {(row["op"], column(row)): cell(row) for row in rows}
    table = [[unit, *columns]]
    table += [[name, *(value.get((name, c), "-") for c in columns)] for name in names]
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    padded = ([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in table)
    return ["", *("  " + "  ".join(line) for line in padded)]


def column(row):
    words = [row["system"], row["api"], "" if row["config"] == "default" else row["config"], row["platform"]]
    return " ".join(dict.fromkeys(w for w in words if w))


def cell(row):
    if row["min"] == row["max"]:
        return number(row["median"])
    return f"{number(row['median'])} ({number(row['min'])})"


def number(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
