# SPDX-License-Identifier: Apache-2.0
"""`ax test`: unit tests on the host, the audit, the tool's own tests, and the applications' expected-output runs.

An application's [[test]]: name, disk, args, stdin, env, mem, features, rootfs, platforms, cc, mode, smp, and what must come
out: `expect` (a file) or `expect_command` (a host program whose output is the truth), and `status` (0).
In an expect file a line `~ PATTERN` is a regular expression, a line `...` any number of lines, `= ` in front keeps a
line from being either; all else is byte for byte. With `verdicts` in their place it is a test suite: conformance.py.
With `peer` the image runs on a TAP device, and this program of the host's, started beside it, says by its status whether all is
well (peers.py): as root only, else it is said to be skipped.
"""
import collections
import contextlib
import difflib
import fnmatch
import functools
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import conformance, disks, net, ninja, peers, portbuild, ports, run as running
from .build import MAX_CPUS, Build, Options, constant_lines, write_header
from .errors import AxError, nearest
from .files import write_if_changed
from .manifest import Reader
from .ninja import escape, shell
from .resolve import resolve_component
from .symbols import raw_syscalls

CPUS = os.cpu_count() or 2
HANG_SECONDS = 300        # a run that takes this long is reported as a hang
APP_TEST_KEYS = ("name", "args", "stdin", "env", "mem", "features", "rootfs", "platforms", "cc", "mode", "smp", "expect",
                 "expect_command", "status", "verdicts", "disk", "volume", "peer", "repeat", "nic", "lto", "by_request")
HOST_FLAGS = ["-std=gnu2x", "-g", "-O1", "-Wall", "-Wextra", "-Wundef", "-Werror", "-fno-omit-frame-pointer",
              "-fno-sanitize-recover=all"]


@dataclass
class Case:
    """One thing that passes or fails: `body` returns None, a Note or the text of the failure."""
    name: str
    body: object
    image: object = None      # what it runs: cases of one image come one after the other, so that none waits for another's build


class Note(str):
    """What a case that passed has to say."""


def run(tree, names, cc, only_list, verbose, platforms=()):
    known = {"tool", "check", *tree.components, *tree.apps}
    for name in names:
        if name not in known:
            raise AxError(f'nothing to test is called "{name}"', mend=nearest(name, known))

    def wanted(name):
        return not names or name in names

    cases, tally = [], Tally()
    units = [c for c in tree.components.values() if c.tests and wanted(c.name)]
    if units:
        cases += unit_cases(tree, units, only_list, verbose)
    if wanted("check"):
        cases.append(Case("check", lambda: check_case(tree)))
    if wanted("tool"):
        cases.append(Case("tool", lambda: tool_case(tree.root)))
    for app in tree.apps.values():
        if wanted(app.name):
            cases += app_cases(tree, app, cc, platforms, tally)
    if only_list:
        print("\n".join(case.name for case in cases))
        return 0
    if not cases:
        raise AxError(f"no tests in {', '.join(names)}")
    failed = report(cases)
    for line in tally.lines():
        print(line)
    return failed


def report(cases):
    """Run images beside each other, print each case as it and those before have ended, then the count."""
    failed, images = 0, {}
    for case in cases:
        images.setdefault(case.image or case.name, []).append((case, Future()))
    with ThreadPoolExecutor(max_workers=2 * CPUS) as pool:      # while some wait, for a clock or a peer, others are built
        for group in images.values():
            pool.submit(run_in_turn, group)
        ended = {id(case): future for group in images.values() for case, future in group}
        for case in cases:
            problem, seconds = ended[id(case)].result()
            note, problem = (f": {problem}", None) if isinstance(problem, Note) else ("", problem)
            print(f"{'FAIL' if problem else 'ok  '} {case.name} ({seconds:.1f} s){note}", flush=True)
            if problem:
                failed += 1
                print("     " + problem.rstrip().replace("\n", "\n     "), flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def run_in_turn(group):
    for case, future in group:
        future.set_result(timed(case))


def timed(case):
    start = time.monotonic()
    try:
        problem = case.body()
    except AxError as error:
        problem = str(error)
    except Exception as error:  # a broken test is a failed test, and the others still run
        problem = f"{type(error).__name__}: {error}"
    return problem, time.monotonic() - start


# ------------------------------------------------------------------------------------------------- unit tests

def unit_cases(tree, components, only_list, verbose):
    """One binary a [[test]]: the component with the test's features, and what it depends on, for the host."""
    out = tree.root / "build" / "unit"
    lines = ["# Written by ./ax; do not edit.", f"builddir = {out}", "libraries = -lcmocka", "rule cc",
             "  command = $compiler -MMD -MF $out.d $flags -c $in -o $out", "  depfile = $out.d", "  deps = gcc",
             "  description = CC $in", "rule link", "  command = $compiler $flags $in -o $out $libraries",
             "  description = LINK $out"]
    cases, broken, stated = [], [], set()
    for c in components:
        for index, test in enumerate(c.tests):
            binary = out / c.name / str(index) / "test"
            more, made = unit_lines(tree, c, test, binary, stated)
            lines += more
            label = f"unit {c.name}" + (f" [{', '.join(test.features)}]" if test.features else "")
            if len(c.tests) > 1:
                label += f" {Path(test.sources[0]).stem}"
            if test.sanitizer != "address":
                label += f" ({test.sanitizer} sanitizer)"
            if test.seeds is None:
                cases.append(Case(label, lambda binary=binary, made=made: unit_case(binary, made, broken)))
            else:
                seeds = c.dir / test.seeds
                cases.append(Case(label + " (fuzzer)", lambda binary=binary, made=made, seeds=seeds, runs=test.runs:
                                  fuzz_case(binary, made, seeds, runs, broken)))
    if not only_list:
        write_if_changed(out / "build.ninja", "\n".join(lines) + "\n")
        try:
            ninja.run(out / "build.ninja", verbose, ["-k", "0"])
        except AxError as error:
            broken.append(str(error))
    return cases


def unit_lines(tree, c, test, binary, stated):
    """Ninja's for one binary, and the files made for it. What components are compiled to is shared by those that see the same
    of them: `stated` holds the objects that have their lines."""
    nodes = resolve_component(tree, c, test.features)
    gen, objects, lines, defined = binary.parent / "gen", [], [], []
    arch = os.uname().machine
    for node in nodes.values():
        features = node.component.all_features()
        if features:
            upper = node.name.upper()
            constants = [f"#define {upper}_FEATURE_{f.upper()} {int(f in node.features)}" for f in features]
            write_header(gen / node.name / "features.h", f"Features of {node.name} in this test.", constants)
            defined += constants
        if node.component.config:
            values = {**node.component.config, "max_cpus": MAX_CPUS, "platform": "host", "arch": arch, "app": "test"}
            constants = constant_lines(values)
            write_header(gen / node.name / f"{node.name}.h", "Constants in this test.", constants)
            defined += constants
    includes = [f"-I{gen}"]
    for node in nodes.values():
        includes += [f"-I{d}" for d in node.component.selected(node.component.include, node.features, arch)]
    own_nodes = without_stubs(nodes, c.name, test.stubs)
    used_ports = [host_port(tree, name) for node in own_nodes.values() for name in node.component.ports]
    includes += [f"-isystem{d}" for port in used_ports for d in port.include_dirs]
    support, shared = tree.root / "tests" / "support", binary.parents[2] / "objects"
    sanitizers = f"-fsanitize={test.sanitizer},undefined"
    own = ["  compiler = clang", "  libraries ="] if test.seeds is not None else ["  compiler = gcc"]
    if test.seeds is not None:
        sanitizers += ",fuzzer"
    flags = [*HOST_FLAGS, sanitizers, f"-ffile-prefix-map={tree.root}/=", *includes, f"-I{c.dir / 'src'}", f"-I{support}"]

    generated = {str(gen): [(line.split()[1], line) for line in defined]}

    def compile(source, target, flags):
        if target not in stated:
            lines.extend([f"build {escape(target)}: cc {escape(source)}", f"  flags = {shell(flags)}", *own])
            stated.add(target)
        objects.append(target)

    def own_object(source, folder):
        return binary.parent / "obj" / folder / ("_".join(source.with_suffix("").parts[-2:]) + ".o")

    for node in own_nodes.values():
        if node.name == "memstr" and c.name != "memstr":
            continue  # the host's libc brings its own
        for source in node.component.selected(node.component.sources, node.features, arch):
            seen = [*flags, *node.component.cflags]
            compile(source, shared / tree.objects.hash(source, own[0], seen, generated) / f"{source.stem}.o", seen)
    for port in used_ports:
        # What -isystem names is left out of dependencies: its own headers are not to be.
        own_flags = [flag for flag in flags if flag.removeprefix("-isystem") not in port.include_dirs]
        for _, source in sorted(portbuild.source_files(port, port.source_dir, binary.parent, arch).items()):
            compile(source, own_object(source, port.name), [*own_flags, "-w", *port.own_cflags])
    for source in test.sources:
        compile(c.dir / source, own_object(c.dir / source, "test"), [*flags, *test.cflags])
    if test.seeds is None:
        alone = [*HOST_FLAGS, sanitizers, f"-ffile-prefix-map={tree.root}/=", f"-I{support}"]
        compile(support / "axtest_main.c", shared / test.sanitizer / "axtest_main.o", alone)
    lines.extend([f"build {escape(binary)}: link {' '.join(map(escape, objects))}", f"  flags = {sanitizers}", *own])
    return lines, [binary, *objects]


def host_port(tree, name):
    """A port whose source is compiled into a unit test: one that needs nothing but a C library's headers."""
    port = ports.load(tree.root, name)
    if port.build.get("needs") or port.generate or port.build.get("programs"):
        raise AxError(f"port {name} is not one for unit tests: it has more than sources", port.file,
                      "test what uses it in an application")
    port.source_dir = ports.ensure(port)

    def expand(key):
        names = {"src": port.source_dir, "port": port.dir, "root": tree.root, "arch": os.uname().machine, "out": "out"}
        return [entry.format(**names) for entry in port.build.get(key, [])]

    port.include_dirs = expand("users")
    port.own_cflags = [*expand("cflags"), *(f"-I{d}" for d in expand("include"))]
    return port


def without_stubs(nodes, name, stubs):
    """`name` and what it needs, but for the components `stubs` and what only they need."""
    kept, queue = {}, [name]
    while queue:
        current = queue.pop()
        if current not in kept and current not in stubs:
            kept[current] = nodes[current]
            queue += nodes[current].dependencies
    return kept


def is_broken(made, broken):
    return any(f"FAILED: {file} " in text for text in broken for file in made)


def unit_case(binary, made, broken):
    if is_broken(made, broken):
        return "\n".join(broken)  # all of it: the messages of one target are not told apart
    done = run_unit([binary])
    if "unexpected memory mapping" in done.stdout:  # the thread sanitizer, where addresses are more random than it knows
        done = run_unit(["setarch", "-R", binary])
    if done.returncode:
        return tail(done.stdout)
    if not re.search(r"\[  PASSED  \] [1-9]", done.stdout):
        return "no test ran:\n" + tail(done.stdout)
    return None


def fuzz_case(binary, made, seeds, runs, broken):
    """libFuzzer from the seeds on, so many runs and always the same ones. Longer: the binary by hand, with a folder to
    keep what it finds, then the seeds' folder."""
    if is_broken(made, broken):
        return "\n".join(broken)
    with tempfile.TemporaryDirectory(prefix="ashlar-") as found:
        done = run_unit([binary, f"-runs={runs}", "-seed=1", "-max_len=4096", "-timeout=10",
                         f"-artifact_prefix={binary.parent}/", found, seeds])
    return tail(done.stdout) if done.returncode else None


def run_unit(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=HANG_SECONDS,
                          errors="replace")


def tail(text, lines=40):
    return "\n".join(text.splitlines()[-lines:])


# --------------------------------------------------------------------------------------------- audit and tool

def check_case(tree):
    done = subprocess.run([sys.executable, str(tree.root / "ax"), "check"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return tail(done.stdout, 200) if done.returncode else None


def tool_case(root):
    done = subprocess.run([sys.executable, "-m", "unittest", "discover", "-s", str(root / "tests"), "-t",
                           str(root / "tests")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "PYTHONPATH": str(root / "tools"), "PYTHONDONTWRITEBYTECODE": "1"})
    if done.returncode:
        return tail(done.stdout, 60)
    if not re.search(r"^Ran [1-9]", done.stdout, re.M):
        return "no test ran:\n" + tail(done.stdout)
    return None


# ---------------------------------------------------------------------------------------------- applications

def app_cases(tree, app, cc, platforms, tally):
    cases = []
    for table in app.tests:
        reader = Reader(app.path, table, "test")
        for key in table:
            if key not in APP_TEST_KEYS:
                raise AxError(f"unknown key `{key}` in [[test]]", app.line(key), nearest(key, APP_TEST_KEYS))
        name = reader.take("name", str, required=True)
        for platform in [name for name in runnable(tree) if applies(table, name)]:
            if platforms and platform not in platforms:
                continue
            if not platforms and not is_chosen(tree.platforms[platform], app, table):
                tally.left_out[platform] += 1
                continue
            tally.chosen[platform] += 1
            label = f"{app.name}: {name} on {platform}" + (f" ({table.get('cc', cc)})" if table.get("cc", cc) != "gcc" else "")
            body = suite_case if "verdicts" in table else peer_case if "peer" in table else app_case
            run = functools.partial(body, tree, app, table, platform, cc)
            cases.append(Case(label, run, (app.name, platform, image_of(table))))
    for platform in tree.platforms.values():
        if app.name in platform.build.get("apps", ()) and not platform.run and (not platforms or platform.name in platforms):
            tally.chosen[platform.name] += 1
            cases.append(Case(f"{app.name}: is built for {platform.name}",
                              functools.partial(build_case, tree, app, platform.name, cc)))
    return cases


class Tally:
    """How many of the applications' tests were chosen for each platform."""

    def __init__(self):
        self.chosen, self.left_out = collections.Counter(), collections.Counter()

    def lines(self):
        for platform in sorted({*self.chosen, *self.left_out}):
            left = f", {self.left_out[platform]} more by --platform {platform}" if self.left_out[platform] else ""
            yield f"{platform:24}{self.chosen[platform]:>4} tests of applications{left}"


def image_of(table):
    return (tuple(table.get("features", ())), table.get("smp", 1), table.get("mode", "release"), table.get("cc", "gcc"))


def is_chosen(platform, app, table):
    """With `tests` in [run] a platform has of the applications that it lists, or of each ("first"), the tests of the first
    image for one CPU and of the first for several (of those in `smp_tests`, if it has that); tests that name the platform,
    as they are for it; and all of them if it is asked for by name, those with `by_request` only then. One that only builds has
    `apps` in [build]."""
    if table.get("by_request"):
        return False
    wanted = platform.run.get("tests") if platform.run else platform.build.get("apps", ())
    if wanted is None or platform.name in table.get("platforms", ()):
        return True
    if wanted != "first" and app.name not in wanted:
        return False
    several = table.get("smp", 1) > 1
    if several and app.name not in platform.run.get("smp_tests", (app.name,)):
        return False
    first = next(t for t in app.tests if (t.get("smp", 1) > 1) == several and applies(t, platform.name))
    return image_of(first) == image_of(table)


def applies(table, platform):
    """`platforms` holds names, and patterns that many may match: new boards too."""
    return any(fnmatch.fnmatchcase(platform, pattern) for pattern in table.get("platforms", ["*"]))


def runnable(tree):
    return [name for name, platform in tree.platforms.items() if platform.run]


def build_of(tree, app, table, platform, cc):
    return Build(tree, app.name, Options(platform=platform, features=tuple(table.get("features", ())),
                                         smp=table.get("smp", 1), mode=table.get("mode", "release"),
                                         cc=table.get("cc", cc),
                                         lto=table.get("lto", tree.platforms[platform].run.get("test_lto", True))))


class Images:
    """What the tests run: each image is built, and looked through for system calls, by the first test that wants it. Then any
    number of them may run it."""

    def __init__(self):
        self.guard, self.locks, self.built = threading.Lock(), {}, set()
        self.builders = threading.Semaphore(CPUS)

    @contextlib.contextmanager
    def use(self, build):
        with self.guard:
            lock = self.locks.setdefault(build.dir, threading.Lock())
        with lock:
            if build.dir not in self.built:
                with self.builders:
                    self.make(build)
                self.built.add(build.dir)
        with build.lock(shared=True):
            yield

    @staticmethod
    def make(build):
        with build.lock():
            build.run()
            calls = raw_syscalls(build.debug_elf, build.tools)
        if calls:
            raise AxError("system calls past the platform: " + ", ".join(f"`{call}` in {name}()" for name, call in calls))


IMAGES = Images()


def suite_case(tree, app, table, platform, cc):
    """Every program of a port's test suite, held to the list of verdicts."""
    build, smp = build_of(tree, app, table, platform, cc), table.get("smp", 1)
    port = conformance.suite_port(tree, app)
    tests = conformance.commands(port)
    listed = conformance.read_list(app.dir / table["verdicts"], tests, conformance.not_built(port),
                                   conformance.other_folders(port), platform, smp)
    with IMAGES.use(build):
        outcomes, again = conformance.run_all(build, tests, listed, table.get("mem"),
                                              conformance.jobs_for(build, CPUS), f"{app.name} on {platform}")
    text = conformance.summary(outcomes, listed, again)
    problem = conformance.judge(outcomes, listed)
    return f"{text}\n{problem}" if problem else Note(text)


def run_options(app, table, **more):
    """But for disks and volumes."""
    rootfs = app.dir / table["rootfs"] if "rootfs" in table else None
    return running.RunOptions(list(table.get("args", [])), dict(table.get("env", {})), table.get("mem"), rootfs=rootfs, **more)


def app_case(tree, app, table, platform, cc):
    build = build_of(tree, app, table, platform, cc)
    with IMAGES.use(build):
        options = run_options(app, table)
        stdin = table.get("stdin", "").encode()
        with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
            options.disks = disks.make(app, table, folder)
            options.volumes = disks.make_volumes(app, table, folder)
            try:
                status, done = running.start(build, options, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                             timeout=HANG_SECONDS)
            except subprocess.TimeoutExpired as error:
                return f"no end after {HANG_SECONDS} s; so far:\n{tail((error.stdout or b'').decode(errors='replace'))}"
            problem = disks.check(app, table, options.disks)
    actual = done.stdout.decode(errors="replace").replace("\r\n", "\n")
    if status != table.get("status", 0):
        problem += f"exit status {status}, expected {table.get('status', 0)}\n{tail(actual)}\n"
    return (problem + compare(expectation(app, table), actual, "expect" in table)) or None


def build_case(tree, app, platform, cc):
    """For a machine that nothing here runs as."""
    with IMAGES.use(build_of(tree, app, {}, platform, cc)):
        return None


def peer_case(tree, app, table, platform, cc):
    if not net.can_make_tap():
        return Note("SKIPPED: a TAP device needs root, and /dev/net/tun")
    build = build_of(tree, app, table, platform, cc)
    with IMAGES.use(build):
        options = run_options(app, table, network=net.Wanted("tap", nic=table.get("nic")))
        judge = (lambda output: compare(expectation(app, table), output, True)) if "expect" in table else None
        with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
            options.disks = disks.make(app, table, folder)
            options.volumes = disks.make_volumes(app, table, folder)
            for number in range(1, table.get("repeat", 1) + 1):
                problem = peers.test(build, options, table["peer"], app.dir, HANG_SECONDS, judge,
                                     table.get("status", 0), number)
                if problem:
                    return problem
            return disks.check(app, table, options.disks) or None


def expectation(app, table):
    if "expect" in table:
        return (app.dir / table["expect"]).read_text()
    if "expect_command" in table:
        done = subprocess.run(table["expect_command"], cwd=app.dir, input=table.get("stdin", "").encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.decode(errors="replace")
    raise AxError(f"test \"{table['name']}\" expects nothing", app.line(table["name"]),
                  "add `expect = \"tests/NAME.out\"` or `expect_command = [...]`")


def compare(expected, actual, patterns):
    """The difference as text, or "" if there is none."""
    wanted, found = expected.splitlines(), actual.splitlines()
    if patterns:
        if match_lines(wanted, found):
            return ""
    elif expected == actual:
        return ""
    lines = list(difflib.unified_diff(wanted, found, "expected", "actual", lineterm=""))
    return "\n".join(lines[:60]) or "the last line's end differs"


def match_lines(wanted, found):
    """Whether `found` matches, `...` taking as many lines as it must: first none, then one more after each mismatch."""
    at, line, dots, taken = 0, 0, None, 0
    while line < len(found):
        if at < len(wanted) and wanted[at] == "...":
            dots, taken, at = at, line, at + 1
        elif at < len(wanted) and match_line(wanted[at], found[line]):
            at, line = at + 1, line + 1
        elif dots is not None:
            taken += 1
            at, line = dots + 1, taken
        else:
            return False
    return all(rest == "..." for rest in wanted[at:])


def match_line(pattern, line):
    if pattern.startswith("~ "):
        return re.fullmatch(pattern[2:], line) is not None
    return line == (pattern[2:] if pattern.startswith("= ") else pattern)
