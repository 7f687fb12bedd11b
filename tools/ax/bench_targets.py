# SPDX-License-Identifier: Apache-2.0
"""What threads and files shall cost, and what others have published. The report holds measured figures beside both; no test does.

Published figures: "ArceOS: a composable operating system", measured on a 4.0 GHz Zen 3 under KVM, in nanoseconds; four
cycles each make them comparable, as cycles travel between machines far better than nanoseconds.
"""
from dataclasses import dataclass

PUBLISHED_GHZ = 4.0
PUBLISHED_NS = {
    "Linux": {"yield": 408, "condvar": 1070},
    "Unikraft 0.15": {"yield": 199, "condvar": 279},
    "ArceOS, C": {"yield": 179, "condvar": 212},
    "ArceOS, no FP, no TLS": {"yield": 19, "condvar": 39},
}
PUBLISHED_NOTE = (
    f"Published on a {PUBLISHED_GHZ:g} GHz Zen 3 under KVM, here times {PUBLISHED_GHZ:g} as cycles: " +
    "; ".join(f"{system}: " + ", ".join(f"{op} {ns} ns" for op, ns in figures.items())
              for system, figures in PUBLISHED_NS.items()) + ".")


def published_cycles(system):
    return {op: ns * PUBLISHED_GHZ for op, ns in PUBLISHED_NS[system].items()}


@dataclass
class Target:
    """`kind`: "cycles" per operation, where less is better; "copies", cycles by those of memcpy() of as many bytes in the
    same image, likewise; "linux", how many times quicker than Linux in the same run;
    "scaling", throughput on `cpus` CPUs by that on one; "guest", throughput by that of a Linux guest; "net", how many times better
    than a Linux guest, for the POSIX API; "time", of a program by that on this Linux, "guest time" by that in a Linux guest, less is
    better; "insn", "B" and "ms", instructions, bytes and time, where less is better, of the architecture or platform that has most."""
    kind: str
    op: str
    must: float
    aim: float
    cpus: int = 1


# Floating point and thread-local storage on.
TARGETS = (
    Target("cycles", "yield", 76, 40),
    Target("cycles", "condvar", 180, 100),
    Target("cycles", "create+run+exit", 400, 160),
    Target("linux", "yield", 16, 16),
    Target("linux", "condvar", 50, 50),
    Target("linux", "create+run+exit", 100, 100),
    Target("scaling", "parallel-yield", 1.8, 2, cpus=2),
    Target("scaling", "parallel-malloc+free", 1.8, 2, cpus=2),
)
# Files in memory: open+close native, reads and writes of both APIs. The last: times the cost of memcpy() of as much.
FILES = (
    Target("cycles", "open+close", 200, 120),
    Target("cycles", "read-1", 76, 40),
    Target("cycles", "write-1", 76, 40),
    Target("linux", "open+close", 7, 12),
    Target("linux", "read-1", 6, 11),
    Target("linux", "write-1", 8, 15),
    Target("copies", "read-16384", 1.05, 1.05),
    Target("copies", "write-16384", 1.05, 1.05),
    Target("copies", "read-65536", 1.05, 1.05),
    Target("copies", "write-65536", 1.05, 1.05),
    *(Target("guest", f"disk-{way}-sequential-{size}", 1, 2) for way in ("read", "write") for size in (4096, 65536, 1 << 20)),
)
NET = (
    Target("ms", "Redis ready", 200, 130),
    *(Target("net", f"GET-{count}", must, aim) for count, must, aim in ((1, 2, 2), (8, 2.7, 2.7), (32, 3.5, 5), (256, 1, 1))),
    Target("net", "GET-32 p99", 4, 4),
    Target("net", "NetPIPE 64 B one way", 3, 3),
    Target("net", "NetPIPE bandwidth at its worst size", 1, 1.5),
)
SQLITE = (
    *(Target("time", f"speedtest1-{where}", 0.8, 0.8) for where in ("memory", "file")),
    *(Target("guest time", f"speedtest1-{where}", 0.8, 0.8) for where in ("memory", "file", "disk")),
)
# On each architecture.
ARCHITECTURES = (
    Target("insn", "entry to main", 1_000_000, 1_000_000),
    Target("B", "image, bare", 49152, 49152),
)
POSIX_MUST = {"read-1": 120, "write-1": 120}    # cycles, where the POSIX API has a bound of its own
OF_ALL = ("insn", "B", "ms")
LESS_IS_BETTER = ("cycles", "copies", "time", "guest time", *OF_ALL)
OF_BENCH = {"threads": TARGETS, "files": FILES, "net": NET, "sqlite": SQLITE, "architectures": ARCHITECTURES}
APIS = ("native", "posix")


def linux_ratio(op, api):
    """The name of the ratio ours / Linux, both hosted."""
    return f"{op}, {api} / linux"


def scaling_ratio(op, side, cpus):
    """The name of the ratio of throughputs. `side` is (system, api, config, platform)."""
    who = side[1] if side[0] == "ashlar" else side[0]
    return f"{op}, {' '.join(dict.fromkeys((who, side[3])))}, {cpus} CPUs / 1 CPU"


def guest_ratio(op):
    """The name of the ratio ours / a Linux guest's, or the other way round where less is better."""
    return f"{op}, against a Linux guest"


def disk_ratio(op):
    """The name of the ratio of throughputs, ours by a Linux guest's."""
    return f"{op}, throughput ours / Linux guest"


def judge(results, targets=TARGETS):
    """[{what, api, value, must, aim, verdict}] of the object that `ax bench` prints; `verdict` is "aim", "must",
    "missed" or "not measured"."""
    rows = {(r["op"], r["api"], r["unit"]): r["median"] for r in results["rows"]
            if (r["system"], r["config"], r["platform"], r["cpus"]) == ("ashlar", "default", "hosted", 1)}
    for r in results["rows"]:
        if r["system"] == "ashlar" and r["unit"] in OF_ALL:
            key = r["op"], r["api"], r["unit"]
            rows[key] = max(rows.get(key, 0), r["median"])
    ratios = {r["what"]: r["value"] for r in results["ratios"]}
    found = []
    for target in targets:
        for api in APIS:
            value = measured(target, api, rows, ratios)
            must = POSIX_MUST.get(target.op, target.must) if (target.kind, api) == ("cycles", "posix") else target.must
            found.append({"what": named(target), "api": api, "value": value, "must": must, "aim": target.aim,
                          "verdict": verdict(target, value, must)})
    return found


def named(target):
    return {"cycles": f"{target.op}, cycles", "copies": f"{target.op}, times memcpy()", "linux": f"{target.op}, times quicker than Linux",
            "guest": f"{target.op}, throughput by a guest's", "net": f"{target.op}, against a Linux guest",
            "time": f"{target.op}, time by Linux's", "guest time": f"{target.op}, time by a Linux guest's",
            "insn": f"{target.op}, instructions", "B": f"{target.op}, bytes", "ms": f"{target.op}, ms",
            "scaling": f"{target.op}, throughput of {target.cpus} CPUs / of 1"}[target.kind]


def measured(target, api, rows, ratios):
    if target.kind in ("cycles", *OF_ALL):
        return rows.get((target.op, api, target.kind))
    if target.kind == "copies":
        copying = target.op.replace("read", "copy-out").replace("write", "copy-in")
        value, copy = (rows.get((op, api, "cycles")) for op in (target.op, copying))
        return value / copy if value and copy else None
    if target.kind == "linux":
        ratio = ratios.get(linux_ratio(target.op, api))
        return 1 / ratio if ratio else None
    if target.kind == "guest":
        return ratios.get(disk_ratio(target.op)) if api == "native" else None
    if target.kind in ("net", "guest time"):
        return ratios.get(guest_ratio(target.op)) if api == "posix" else None
    if target.kind == "time":
        return ratios.get(linux_ratio(target.op, api)) if api == "posix" else None
    return ratios.get(scaling_ratio(target.op, ("ashlar", api, "default", "hosted"), target.cpus))


def verdict(target, value, must):
    if value is None:
        return "not measured"
    reaches = (lambda bound: value <= bound) if target.kind in LESS_IS_BETTER else (lambda bound: value >= bound)
    return "aim" if reaches(target.aim) else "must" if reaches(must) else "missed"


def table(results):
    """Lines of cells, the first naming the columns."""
    lines = [["target", "must reach", "aim", *(f"{api}" for api in APIS)]]
    by_name = {}
    for entry in results["targets"]:
        by_name.setdefault(entry["what"], []).append(entry)
    for what, entries in by_name.items():
        cells = [e["verdict"] if e["value"] is None else f"{e['value']:.3g}: {MEANING[e['verdict']]}" for e in entries]
        bounds = dict.fromkeys(f"{e['must']:g}" for e in entries)
        lines.append([what, " / ".join(bounds), f"{entries[0]['aim']:g}", *cells])
    return lines


MEANING = {"aim": "reaches the aim", "must": "reached", "missed": "MISSED"}
