# SPDX-License-Identifier: Apache-2.0
"""A [[test]] with `verdicts`: every program of a port's test suite, each in a run of its own, and what it has to answer.

A program's exit status is its verdict, in the numbers of the Open POSIX Test Suite. All must pass but those that the
file `verdicts` names, with the reason:

    [[group]]      folders = [...], reason: folders of the suite that the port does not build
    [[left_out]]   tests = [...], reason: not run; also what the port excludes
    [[answer]]     verdict, tests = [...], reason: what they answer instead

The last two may have platforms = [...] (names, or patterns) and smp = [...]: then they hold there alone.

Names are paths below conformance/, or patterns of them. The list cannot rot: each entry must name something there is, and
a test that is listed and passes is a failure, as is one that does not pass and is not listed.
"""
import fnmatch
import re
import subprocess
import threading
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from . import portbuild, ports, run as running
from .errors import AxError
from .manifest import relative

HANG_SECONDS = 180        # names a hang; the longest test takes less than 30
SUITE = "conformance/"
VERDICTS = {0: "passed", 1: "failed", 2: "unresolved", 4: "unsupported", 5: "untested"}
ANSWERS = (*list(VERDICTS.values())[1:], "crashed", "hung")
MOOT = ("unsupported", "untested")   # neither for nor against: an option that is not offered, a test without a body
KEYS = {"group": {"folders", "reason"}, "left_out": {"tests", "reason", "platforms", "smp"},
        "answer": {"verdict", "tests", "reason", "platforms", "smp"}}


@dataclass
class Listed:
    """The file `verdicts`, for one platform and number of CPUs."""
    left_out: set = field(default_factory=set)
    answers: dict = field(default_factory=dict)      # test: verdict
    problems: list = field(default_factory=list)     # what names nothing, or twice the same


@dataclass
class Outcome:
    verdict: str
    output: str


def suite_port(tree, app):
    """The port of the application that has programs."""
    found = [p for p in (ports.load(tree.root, name) for name in app.ports) if p.build.get("programs")]
    if len(found) != 1:
        raise AxError("`verdicts` needs one port with `programs`", relative(app.path))
    return found[0]


def commands(port):
    """{test: arguments of the image}. A script NAME.sh that calls X-buildonly.test with an argument is a test as well."""
    source = ports.ensure(port)
    programs = portbuild.program_files(port, source)
    found = {test_name(file, source): [test_name(file, source)] for file in programs.values()
             if portbuild.has_main(file) and not file.stem.endswith("-buildonly")}
    for folder in sorted({file.parent for file in programs.values()}):
        for script in sorted(folder.glob("*.sh")):
            call = re.search(rf"^\s*{SUITE}(\S+-buildonly)\.test\s+(\S+)\s*$", script.read_text(errors="replace"), re.M)
            if call:
                found[test_name(script, source)] = [call[1], call[2]]
    return found


def not_built(port):
    """Tests that the port excludes."""
    source = ports.ensure(port)
    built = portbuild.program_files(port, source)
    return {test_name(file, source) for file in portbuild.program_candidates(port, source).values()
            if portbuild.stem_of(file, source) not in built}


def other_folders(port):
    """Folders of the suite with tests, of which the port's patterns match none."""
    source = ports.ensure(port)
    taken = {file.parent for file in portbuild.program_candidates(port, source).values()}
    every = {file.parent for file in (source / SUITE).rglob("*.c")}
    return {str(folder.relative_to(source / SUITE)) for folder in every - taken}


def test_name(file, source):
    """The path below conformance/, without suffix."""
    return str(file.relative_to(source / SUITE).with_suffix(""))


def read_list(path, tests, excluded, others, platform, smp):
    """The list as it applies to this platform and number of CPUs; what is wrong with it stands in `problems`."""
    table, listed = tomllib.loads(path.read_text()), Listed()

    def names(entry, key, known):
        for pattern in entry.get(key, []):
            hits = fnmatch.filter(known, pattern)
            if not hits:
                listed.problems.append(f"{pattern}: listed, but there is none")
            yield from hits

    for kind, entries in table.items():
        for entry in entries if kind in KEYS else []:
            if set(entry) - KEYS[kind] or not entry.get("reason"):
                raise AxError(f"[[{kind}]] needs a reason, and takes {', '.join(sorted(KEYS[kind]))}", relative(path))
        if kind not in KEYS:
            raise AxError(f"unknown table [[{kind}]]", relative(path), f"one of: {', '.join(KEYS)}")
    def applies(entry):
        here = any(fnmatch.fnmatch(platform, pattern) for pattern in entry.get("platforms", ["*"]))
        return here and smp in entry.get("smp", [smp])

    missing = set(others)
    for entry in table.get("group", []):
        missing -= set(names(entry, "folders", others))
    listed.problems += [f"{name}: a folder that is neither built nor listed" for name in sorted(missing)]
    for entry in table.get("left_out", []):
        for name in names(entry, "tests", {*tests, *excluded}):
            if not applies(entry):
                continue
            if name in listed.left_out:
                listed.problems.append(f"{name}: listed twice")
            listed.left_out.add(name)
    listed.problems += [f"{name}: neither built nor left out" for name in sorted(excluded - listed.left_out)]
    for entry in table.get("answer", []):
        if entry.get("verdict") not in ANSWERS:
            raise AxError(f'no verdict "{entry.get("verdict")}"', relative(path), f"one of: {', '.join(ANSWERS)}")
        for name in names(entry, "tests", tests):
            if not applies(entry):
                continue
            if name in listed.left_out or name in listed.answers:
                listed.problems.append(f"{name}: listed twice")
            listed.answers[name] = entry["verdict"]
    return listed


def run_one(build, arguments, mem):
    """Run a test; how it ended and what it printed."""
    try:
        status, done = running.start(build, running.RunOptions(list(arguments), {}, mem), stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=HANG_SECONDS)
    except subprocess.TimeoutExpired as error:
        return Outcome("hung", (error.stdout or b"").decode(errors="replace"))
    except AxError as error:
        return Outcome("crashed", str(error))
    return Outcome(VERDICTS.get(status, "crashed"), done.stdout.decode(errors="replace") + f"exit status {status}\n")


def run_all(build, tests, listed, mem, jobs, label):
    """{test: outcome}. Many tests count on being run in time, so who fails beside others is asked again, alone; a
    crash and a hang stand."""
    done, count = threading.Lock(), Counter()
    wanted = {name: listed.answers.get(name, "passed") for name in tests if name not in listed.left_out}

    def one(name):
        outcome = run_one(build, tests[name], mem)
        with done:
            count["done"] += 1
            if count["done"] % 250 == 0:
                print(f"     {label}: {count['done']} of {len(wanted)}", flush=True)
        return outcome

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        outcomes = dict(zip(wanted, pool.map(one, wanted)))
    again = [name for name, outcome in outcomes.items()
             if outcome.verdict != wanted[name] and outcome.verdict not in ("crashed", "hung")]
    for name in again:
        outcomes[name] = run_one(build, tests[name], mem)
    return outcomes, len(again)


def judge(outcomes, listed):
    """The text of what is not as listed."""
    lines = list(listed.problems)
    for name, outcome in outcomes.items():
        wanted = listed.answers.get(name, "passed")
        if outcome.verdict != wanted:
            lines.append(f"{name}: {outcome.verdict}, " + ("but listed as " + wanted if name in listed.answers else
                         "not listed"))
            lines += [f"    {line}" for line in outcome.output.splitlines()[-4:]]
    return "\n".join(lines)


def summary(outcomes, listed, again):
    """Passed of applicable; applicable is what ran and had something to test."""
    count = Counter(outcome.verdict for outcome in outcomes.values())
    applicable = len(outcomes) - sum(count[v] for v in MOOT)
    others = [f"{count[v]} {v}" for v in ANSWERS if count[v]]
    others += [f"{len(listed.left_out)} left out"] if listed.left_out else []
    others += [f"{again} asked twice"] if again else []
    return f"{count['passed']} of {applicable} applicable tests pass ({100 * count['passed'] / max(applicable, 1):.1f} %); " \
           + ", ".join(others)


def jobs_for(build, cpus):
    """How many runs at once: most tests sleep most of the time, and a machine to emulate asks for more than a process."""
    return cpus * (8 if build.platform.run.get("kind") == "process" else 4)
