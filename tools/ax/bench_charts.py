# SPDX-License-Identifier: Apache-2.0
"""The pictures of `ax bench threads`, drawn from the object that it prints: charts(results) is {suffix of the file's
name: SVG}. What was not measured is not drawn; a chart without bars is left out."""
from . import bench_targets
from .bench_results import BUSY, machine_line, was_busy
from .bench_stages import LOOP, STAGES, label
from .chart import Series, grouped_bars, stacked_bars

OPERATIONS = ("yield", "condvar", "semaphore", "mutex", "rwlock-read", "mutex-contended-2", "mutex-contended-4",
              "barrier-2", "barrier-4", "create+join", "create+run+exit", "storm-200", "storm-1000")
PARALLEL = ("parallel-yield", "parallel-malloc+free", "parallel-mutex", "parallel-create+join")

# What a bar stands for: its label, (system, api, config), colour.
SYSTEMS = (
    ("native, without FP and TLS", ("ashlar", "native", "bare"), "#a8d5ac"),
    ("native, without TLS", ("ashlar", "native", "no-tls"), "#74b87d"),
    ("native, without FP", ("ashlar", "native", "no-fp"), "#429a50"),
    ("native", ("ashlar", "native", "default"), "#1b6e2c"),
    ("POSIX", ("ashlar", "posix", "default"), "#2f6db3"),
    ("Linux", ("linux", "posix", "default"), "#8c8c8c"),
)
PUBLISHED_COLOURS = {"ArceOS, no FP, no TLS": "#e0a000", "ArceOS, C": "#d95f02", "Unikraft 0.15": "#8e3a9d",
                     "Linux": "#111111"}
STAGE_COLOURS = dict(zip((*STAGES, LOOP), (
    "#2f6db3", "#1b6e2c", "#74b87d", "#d95f02", "#e0a000", "#8e3a9d", "#c77cd2", "#b2182b", "#f4a582", "#5e3c99", "#9ecae1",
    "#4d9a8f", "#a6761d", "#cccccc")))


def charts(results):
    """{suffix: text}; machine, date and command stand in each."""
    drawn = {"": costs(results), "-instructions": instructions(results), "-cpus": scaling(results),
             "-stages": stages(results)}
    return {suffix: text for suffix, text in drawn.items() if text}


def above(results, title, line, timed=True):
    """The lines over a chart. A busy machine changes times alone."""
    machine = results["machine"]
    busy = [BUSY] if timed and was_busy(machine) else []
    return [title, line, f"{machine_line(machine)}. Command: {results['command']}", *busy]


def series_of(results, unit, platforms, operations, cpus=1):
    """A Series for each of SYSTEMS that has rows."""
    found = []
    for name, side, colour in SYSTEMS:
        values = {row["op"]: row["median"] for row in results["rows"]
                  if (row["system"], row["api"], row["config"]) == side and row["unit"] == unit and row["cpus"] == cpus
                  and row["platform"] in platforms and row["op"] in operations and row["median"] > 0}
        if values:
            found.append(Series(name, colour, values))
    return found


def in_order(operations, series):
    return [op for op in operations if any(op in s.values for s in series)]


def costs(results):
    series = series_of(results, "cycles", ("hosted", "linux"), OPERATIONS)
    if not series:
        return None
    marks = [Series(f"published: {system}", colour, bench_targets.published_cycles(system))
             for system, colour in PUBLISHED_COLOURS.items()]
    return grouped_bars(
        above(results, "What threads and locks cost, one CPU",
              "Cycles of the time-stamp counter per operation, logarithmic. Ours hosted, in one process of this Linux; the "
              "same C source on Linux, static, in turn with ours."),
        "cycles per operation", in_order(OPERATIONS, series), series, marks, below=[bench_targets.PUBLISHED_NOTE])


def instructions(results):
    series = series_of(results, "insn", ("tcg",), OPERATIONS)
    if not series:
        return None
    return grouped_bars(
        above(results, "Instructions of threads and locks, one CPU",
              "Instructions per operation, logarithmic, counted by QEMU. Ours as a machine's kernel; Linux as a guest of "
              "the same QEMU, its kernel's instructions included.", timed=False),
        "instructions per operation", in_order(OPERATIONS, series), series)


def scaling(results):
    """Throughput on the most CPUs by that on one."""
    most = max((row["cpus"] for row in results["rows"]), default=1)
    ratios = {ratio["what"]: ratio["value"] for ratio in results["ratios"]}
    sides = (("native, hosted", ("ashlar", "native", "default", "hosted"), "#1b6e2c"),
             ("POSIX, hosted", ("ashlar", "posix", "default", "hosted"), "#2f6db3"),
             ("Linux", ("linux", "posix", "default", "linux"), "#8c8c8c"),
             ("native, QEMU", ("ashlar", "native", "default", "tcg"), "#74b87d"),
             ("POSIX, QEMU", ("ashlar", "posix", "default", "tcg"), "#9ecae1"),
             ("Linux guest, QEMU", ("linux", "posix", "default", "tcg"), "#cccccc"))
    series = []
    for name, side, colour in sides:
        values = {op: ratios.get(bench_targets.scaling_ratio(op, side, most)) for op in PARALLEL}
        series.append(Series(name, colour, {op: value for op, value in values.items() if value}))
    series = [s for s in series if s.values]
    if most == 1 or not series:
        return None
    marks = [Series(f"must reach {target.must:g} on {target.cpus} CPUs", "#d95f02",
                    {t.op: t.must for t in bench_targets.TARGETS if t.kind == "scaling" and t.cpus == most})
             for target in bench_targets.TARGETS if target.kind == "scaling" and target.cpus == most][:1]
    return grouped_bars(
        above(results, f"Threads on {most} CPUs",
              f"Operations per second of {most} CPUs together, by those of one CPU of the same image."),
        f"times the throughput of one CPU; {most} is perfect", in_order(PARALLEL, series), series, marks, log=False)


def stages(results):
    bars = [(label(entry), entry["stages"]) for entry in results["breakdown"] if "stages" in entry]
    if not bars:
        return None
    return stacked_bars(
        above(results, "A thread's creation, run and end, by stage",
              "Instructions, each attributed to the function that executed it; hosted, stepped one by one.", timed=False),
        "instructions per thread", bars, STAGE_COLOURS, below=["A repeated string instruction counts once."])
