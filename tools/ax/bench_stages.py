# SPDX-License-Identifier: Apache-2.0
"""Where an operation's instructions go, on the hosted platform: counted function by function, not estimated
(stepping.py), and for the making of threads, and for files, summed up by stage.

A stage is a name for functions: an instruction belongs to the innermost function of its stack that has a stage. What a
function calls is part of its stage, unless it has one of its own. A function that is renamed falls to its caller's stage
until it is named here again. What no stage claims is the benchmark's own loop.
"""
import os
from collections import Counter
from dataclasses import dataclass

from . import stepping
from . import run as running
from .bench_loops import HOSTED
from .build import Build, Options

ROUNDS = "10"
LOOPS = ("yield", "create", "detached", "mutex", "contended", "condvar", "semaphore", "rwlock", "barrier")
STAGED = ("create+join", "create+run+exit")
LOOP = "the benchmark's loop"

# In the order of a thread's life.
STAGES = {
    "C library": ("pthread_create", "pthread_join", "pthread_detach", "run", "end_thread"),
    "spawn": ("axtask_spawn",),
    "take a block": ("axtask_block_trim", "take_kept", "new_block", "tls_bytes"),
    "TLS and control block": ("init_tls",),
    "thread object, context": ("axtask_block_alloc", "axhal_context_init", "axtask_smp_init_thread"),
    "table of threads": ("axtask_table_add", "axtask_table_remove", "axtask_table_ended"),
    "enqueue": ("axtask_make_runnable",),
    "switches": ("axtask_switch_away", "axtask_yield", "axtask_finish_switch", "switch_away"),
    "entry": ("axtask_trampoline",),
    "exit": ("axtask_exit", "axtask_end_current"),
    "join, detach": ("axtask_join", "axtask_detach"),
    "wait and wake": ("ax_wait_queue_sleep", "ax_wait_queue_take_one", "ax_wait_queue_unlock_and_wake"),
    "release": ("axtask_release", "axtask_block_free"),
}


@dataclass
class Plan:
    """What is stepped: the loops to run, the operations that are summed up by stage, the functions of each stage."""
    loops: tuple
    staged: tuple
    stages: dict
    rounds: str = ROUNDS


THREADS = Plan(LOOPS, STAGED, STAGES)


def stage_of(stack, plan=THREADS):
    """The stage of a stack of functions, outermost first."""
    stage = {function: stage for stage, functions in plan.stages.items() for function in functions}
    return next((stage[function] for function in reversed(stack) if function in stage), LOOP)


def entry(op, key, operations, counted, plan=THREADS):
    """One operation's part of the results; `counted`: {stack: instructions}."""
    functions, stages = Counter(), Counter()
    for stack, instructions in counted.items():
        functions[stack[-1]] += instructions
        stages[stage_of(stack, plan)] += instructions
    found = {"op": op, "system": key[0], "api": key[1], "config": key[2], "platform": key[3], "unit": "insn",
             "total": per(sum(counted.values()), operations)}
    if op in plan.staged:
        found["stages"] = {stage: per(stages[stage], operations) for stage in (*plan.stages, LOOP) if stages[stage]}
    found["functions"] = {name: per(count, operations) for name, count in functions.most_common()}
    return found


def per(count, operations):
    return round(count / operations, 2)


def measure(tree, app, api, config, features, results, plan=THREADS):
    """Every loop of one image."""
    build = Build(tree, app, Options(platform=HOSTED, features=features))
    with build.lock():
        build.run()
        _, environment = running.command(build, running.RunOptions(), "")
        batches = stepping.trace(tree.root, build, environment, [plan.rounds, *plan.loops])
        for op, (operations, steps) in batches.items():
            results.breakdown.append(entry(op, ("ashlar", api, config, "hosted"), operations,
                                           stepping.attribute(steps, build.debug_elf), plan))


# ----------------------------------------------------------------------------------------------------- for people

def table(results):
    """Lines of cells: a row a stage, a column an image and operation; the first line names the columns."""
    staged = [e for e in results["breakdown"] if "stages" in e]
    if not staged:
        return []
    lines = [["insn, hosted", *(label(e) for e in staged)]]
    others = dict.fromkeys(stage for e in staged for stage in e["stages"] if stage not in STAGES and stage != LOOP)
    for stage in (*STAGES, *others, LOOP):
        if any(stage in e["stages"] for e in staged):
            lines.append([stage, *(f"{e['stages'].get(stage, 0):g}" for e in staged)])
    return [*lines, ["total", *(f"{e['total']:g}" for e in staged)]]


def label(e):
    return " ".join([e["op"], e["api"], *([e["config"]] if e["config"] != "default" else [])])


def functions_text(results, most=10):
    """A line an operation: its costliest functions, callees not counted. The full default images alone."""
    lines = []
    for e in results["breakdown"]:
        if e["config"] == "default":
            costliest = list(e["functions"].items())[:most]
            lines.append(f"{label(e)}, {e['total']:g}: " + ", ".join(f"{name} {count:g}" for name, count in costliest))
    return lines
