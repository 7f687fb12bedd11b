# SPDX-License-Identifier: Apache-2.0
"""`ax check`: the three laws, over the whole tree, with every refusal of a run together.

    manifests   names, layers, cycles, prefixes                     resolve.violations()
    text        includes, unused dependencies, SPDX lines           includes.py
    compiler    every source and public header, in configurations   here
    symbols     exports, private symbols, externs, system calls     symbols.py

A configuration is an image: every application with every feature set of its tests on every platform, as far as that gives
some component features it had in none before; then, for each feature of a component that none of those has, the
component alone with it. A component is compiled and judged once for each set of its own features on an architecture; what
comes of others' features beside it, every build of an image sees. The objects are those that images are linked from
(objects.py): what an application's test has compiled, or another configuration, is not compiled again.
"""
import dataclasses
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import includes, symbols
from .archcode import ARCHES
from .build import Build, Options
from .errors import AxError
from .manifest import relative
from .objects import Compilation
from .resolve import Image, resolve, resolve_component, violations
from .toolchain import Toolchain, need


def without_rivals(platform, c, feature):
    """The platform, with none of its picks for `c` that exclude `feature`."""
    choice = c.choice_of(feature)
    kept = [pick for pick in platform.features.get(c.name, []) if not choice or pick not in choice.of]
    return dataclasses.replace(platform, features={**platform.features, c.name: kept})


def check(tree, platforms=None, verbose=False):
    """Print every refusal and a summary; 1 if there was one, else 0."""
    problems = list(violations(tree))
    if problems:
        return finish(tree, problems, "manifests only: the rest needs a graph that resolves")
    tree.checked = True
    audit = Audit(tree, platforms, verbose)
    problems = audit.run()
    return finish(tree, problems, audit.counts())


def finish(tree, problems, counts):
    problems = list({str(problem): problem for problem in problems}.values())
    for problem in problems:
        print(problem)
    one = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"check: {len(tree.components)} components, {len(tree.apps)} applications, {counts}: {one}")
    return 1 if problems else 0


@dataclass(frozen=True)
class View:
    """A component with a set of features on an architecture: compiled once, and judged in the image that it is compiled in."""
    node: object
    image: object
    label: str                  # for messages: features and platform
    tools: object
    objects: dict               # object -> source


@dataclass(frozen=True)
class HeaderCheck:
    component: object
    header: Path
    compiler: str


class Configuration(Build):
    """A Build that is not linked."""

    def __init__(self, tree, image, tools, smp):
        self.tree, self.app, self.platform, self.image, self.tools = tree, image.app, image.platform, image, tools
        self.root, self.objects = tree.root, tree.objects
        self.options = Options(platform=image.platform.name, smp=smp, lto=image.platform.run.get("test_lto", True))
        self.begin()

    def public_flags(self, name):
        """What a user of the component's headers surely has in sight: its own folders and its public dependencies'."""
        nodes, queue, seen = self.image.nodes, [name], []
        while queue:
            current = queue.pop(0)
            if current not in seen:
                seen.append(current)
                queue += [d.name for d in nodes[current].dependencies.values() if d.public]
        flags = []
        for other in seen:
            c = nodes[other].component
            flags += [f"-I{folder}" for folder in c.selected(c.include, nodes[other].features, self.platform.arch)]
            if c.all_features() or c.config:
                flags.append(f"-I{self.gen_include(other)}")
        ports = [p for other in seen for p, public in nodes[other].component.ports.items() if public]
        flags += [f"-isystem{folder}" for port in ports for folder in self.ports[port].include_dirs]
        flags += [] if any(self.ports[port].has_libc for port in ports) else ["-ffreestanding"]
        return flags + [f"-isystem{folder}" for folder in self.tools.builtin_include]


class Audit:
    def __init__(self, tree, platforms, verbose):
        self.tree, self.verbose = tree, verbose
        self.problems, self.skipped = [], []
        self.tools = {}               # (architecture, compiler) -> Toolchain
        chosen = [p for p in tree.platforms.values() if (not platforms or p.name in platforms) and self.usable(p)]
        chosen.sort(key=lambda p: (not p.run, p.run.get("kind") != "process"))    # what the tests build most of comes first
        # Platforms that differ in constants and in how they are run have the same code: one stands for all of them.
        alike = {repr((p.arch, p.features, p.build)): p for p in reversed(chosen)}
        self.platforms = [p for p in chosen if p in alike.values()]
        self.stand_ins = [p.name for p in chosen if p not in self.platforms]
        self.configurations, self.covered, self.seen = [], set(), set()
        self.views, self.of_image = {}, []
        self.planned = {}             # what is to be made -> Compilation
        self.alike = {}               # hash of what decides an object's symbols -> one such object
        self.header_checks, self.port_cache = {}, {}
        self.second_checked = set()   # (header, architecture) that clang has been given

    def usable(self, platform):
        """Whether a compiler for it is installed; a second one checks the headers too."""
        for cc in ("gcc", "clang"):
            try:
                self.tools[platform.arch, cc] = self.tools.get((platform.arch, cc)) or Toolchain(platform.arch, cc)
            except AxError:
                if cc == "gcc":
                    self.skipped.append(platform.name)
                    return False
        return True

    def run(self):
        self.reading = includes.read(self.tree, Toolchain(os.uname().machine).builtin_include)
        spdx, self.licensed = includes.spdx(self.tree.root)
        self.problems += self.reading.problems + spdx
        self.choose()
        failed = self.compile()
        judge = self.judge(failed)
        self.problems += judge.problems.values()
        broken = {view.node.name for view in self.views.values() if any(str(obj) in failed for obj in view.objects)}
        if self.platforms:
            self.problems += includes.unused(self.tree, self.reading, judge.used, broken)
        return self.problems

    def counts(self):
        text = (f"{self.licensed} files, {self.reading.headers} public headers, {len(self.configurations)} configurations "
                f"on {', '.join(p.name for p in self.platforms) or 'no platform'}")
        text += f" (alike: {', '.join(self.stand_ins)})" if self.stand_ins else ""
        return text + (f" (no compiler for {', '.join(self.skipped)})" if self.skipped else "")

    # --------------------------------------------------------------------------------------- configurations

    def choose(self):
        for platform in self.platforms:
            for app in self.tree.apps.values():
                for features, smp in variants(app, platform):
                    try:
                        image = resolve(self.tree, app, platform, features, smp)
                    except AxError as error:
                        self.problems.append(error)
                        continue
                    if self.is_new(image):
                        self.add(platform, image, smp)
        for c in self.tree.components.values():
            for wanted in coverage_of(c, {p.arch for p in self.platforms}):
                if (c.name, *wanted) not in self.covered:
                    self.alone(c, *wanted)

    def is_new(self, image):
        """Whether some component has features here that it had in no image before, or the application a new source."""
        arch = image.platform.arch
        facts = {(arch, node.name, frozenset(node.features)) for node in image.nodes.values()
                 if node.component.layer != "app"}
        facts |= set(image.app.selected(image.app.sources, image.nodes[image.app.name].features, arch))
        found = not facts <= self.seen
        self.seen |= facts
        return found

    def alone(self, c, feature, arch):
        """The component with one feature on the first platform where that resolves; else where it does when the platform
        does not pick another of the same choice."""
        platforms = [platform for platform in self.platforms if arch in (None, platform.arch)]
        error = None
        for platform in (*platforms, *(without_rivals(platform, c, feature) for platform in platforms)):
            try:
                nodes = resolve_component(self.tree, c, [feature] if feature else [], platform)
            except AxError as refusal:
                error = error or refusal
                continue
            image = Image(c, platform, nodes, {})
            image.nodes = {node.name: node for node in image.order()}
            image.app = dataclasses.replace(c, name="app", config={})    # what its name and constants change is alike
            self.add(platform, image, 1)
            return
        if error:
            self.problems.append(AxError(f'"{c.name}" with feature "{feature}" resolves on no platform: {error.what}',
                                         c.line(feature or "name"), error.mend))

    def add(self, platform, image, smp):
        """Plan the compilation of what this image adds to those before."""
        for node in image.nodes.values():
            for feature in (None, *node.features):
                self.covered |= {(node.name, feature, None), (node.name, feature, platform.arch)}
        configuration = Configuration(self.tree, image, self.tools[platform.arch, "gcc"], smp)
        try:
            self.prepare_ports(configuration)
        except AxError as error:
            self.problems.append(error)
            return
        views = {name: self.view(configuration, node) for name, node in image.nodes.items()}
        for name, node in image.nodes.items():
            self.plan_headers(configuration, node)
        self.configurations.append(configuration)
        self.of_image.append((image, configuration, views))

    def prepare_ports(self, configuration):
        """Ports' headers are there without the ports being built; alike for all images with the same flags."""
        used = configuration.used_ports()
        if used:
            key = (*used, configuration.platform.arch, *configuration.platform_flags())
            if key not in self.port_cache:
                configuration.prepare_ports()
                self.port_cache[key] = configuration.ports
            configuration.ports = self.port_cache[key]

    def view(self, configuration, node):
        c, platform = node.component, configuration.image.platform
        sources = c.selected(c.sources, node.features, platform.arch)
        key = (platform.arch, c.name, frozenset(node.features), *sources)
        if key not in self.views:
            flags = configuration.flags_of(c.name)
            objects = {self.object(configuration, c, source, flags): source for source in sources}
            label = f"[{', '.join(f for f in node.features if f != 'default')}] on {platform.name}"
            self.views[key] = View(node, configuration.image, label, configuration.tools, objects)
        return self.views[key]

    def object(self, configuration, c, source, flags):
        """The source's object in this configuration, or that of another one that has the same symbols."""
        alike = self.tree.objects.hash(source, configuration.tools.cc, without_code(flags), configuration.constants)
        if alike not in self.alike:
            target = self.tree.objects.name(c, source, configuration.tools.cc, flags, configuration.constants)
            self.alike[alike] = self.plan(target, "cc", c, source, configuration.tools.cc, flags)
        return self.alike[alike]

    def plan(self, target, rule, c, source, cc, flags):
        self.planned.setdefault(target, Compilation(target, rule, source, cc, flags, f"{c.name}/{source.name}"))
        return target

    def plan_headers(self, configuration, node):
        """Each public header alone, as its users see it: once for each architecture and features of its component. One
        that includes a dependency which is off here is of the feature that turns it on. The second compiler looks once."""
        c, platform = node.component, configuration.platform
        key = (c.name, platform.arch, frozenset(node.features))
        if c.layer == "app" or key in self.header_checks:
            return
        self.header_checks[key] = found = {}
        visible = configuration.image.visible(c.name)
        headers = [h for d in c.selected(c.include, node.features, platform.arch) for h in sorted(d.rglob("*.h"))
                   if all(name in visible for name in self.reading.needs.get(h, ()))]
        second = [h for h in headers if (h, platform.arch) not in self.second_checked]
        self.second_checked |= {(h, platform.arch) for h in second}
        for cc, headers in (("gcc", headers), ("clang", second)):
            tools = self.tools.get((platform.arch, cc))
            if not tools or not headers:
                continue
            gcc, configuration.tools = configuration.tools, tools
            flags = [*without_code(configuration.base_flags()), "-nostdinc", "-fvisibility=hidden", *configuration.public_flags(c.name)]
            configuration.tools = gcc
            for header in headers:
                stamp = self.tree.objects.name(c, header, tools.cc, flags, configuration.constants).with_suffix(".ok")
                found[stamp] = HeaderCheck(c, header, cc)
                self.plan(stamp, "header", c, header, tools.cc, flags)

    # ---------------------------------------------------------------------------------------------- compiler

    def compile(self):
        """Compile all that is planned; turn what fails into problems. Returns the failed outputs."""
        failed = {}

        def run(file):
            need("ninja", "ninja-build")
            done = subprocess.run(["ninja", "-k", "0", *(["-v"] if self.verbose else []), "-f", str(file)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                  env={**os.environ, "NINJA_STATUS": "[ax] ", "LC_ALL": "C"})
            if self.verbose:
                print(done.stdout, end="")
            failed.update(parse_failures(done.stdout))
            if done.returncode and not failed:
                raise AxError("ninja failed:\n" + done.stdout.strip(), relative(file))

        self.tree.objects.make(list(self.planned.values()), run)
        self.explain(failed)
        return set(failed)

    def explain(self, failed):
        """One problem for each place that a compiler complains about; a header's before those of its users."""
        headers = {str(stamp): entry for found in self.header_checks.values() for stamp, entry in found.items()}
        users = {str(obj): (view, source) for view in self.views.values() for obj, source in view.objects.items()}
        told, read = set(), {problem.where for problem in self.reading.problems}
        for output in sorted(failed, key=lambda name: name not in headers):
            complaint = first_error(failed[output])
            missing = re.search(r"fatal error: '?([^:']+)'?(?:: No such file| file not found)", failed[output])
            component = headers[output].component if output in headers else users[output][0].node.component
            where, text = complaint
            known = (component.name, missing.group(1)) in self.reading.refused or where in read if missing else False
            if complaint in told or known:
                continue
            told.add(complaint)
            if output in headers:
                entry = headers[output]
                what = f"public header {relative(entry.header)} does not compile alone ({entry.compiler}): {text}"
                self.problems.append(AxError(what, where or relative(entry.header), "include in it what it uses, and depend "
                                             f"on that with `public = true` in {relative(component.path)}"))
            else:
                view, source = users[output]
                what = f'"{component.name}" {view.label} does not compile: {text}'
                mend = ""
                if missing:
                    owner = next(iter(self.reading.owners.get(missing.group(1), [])), None)
                    what += f' (of "{owner}", which is off here)' if owner else ""
                    mend = "a source of one feature may use only what that feature brings"
                self.problems.append(AxError(what, where or relative(source), mend))

    # ----------------------------------------------------------------------------------------------- symbols

    def judge(self, failed):
        """Hold every image's symbols against the manifests."""
        sources = {obj: source for view in self.views.values() for obj, source in view.objects.items()}
        judge = symbols.Judge(self.tree, sources)
        known = {}                    # view -> its symbols; none where something did not compile
        for key, view in self.views.items():
            if any(str(obj) in failed for obj in view.objects):
                continue
            own = symbols.Symbols()
            for obj in view.objects:
                own.add(symbols.read_object(obj))
            known[id(view)] = own.settle()
            judge.learn(view.node.name, own)
        for view in self.views.values():
            if id(view) in known:
                judge.judge_exports(view.node, known[id(view)])
        judge.judge_private_names()
        library = {}
        for image, configuration, views in self.of_image:
            tools = configuration.tools
            if tools.arch not in library:
                library[tools.arch] = symbols.library_symbols(tools)
            by_name = {name: known[id(view)] for name, view in views.items() if id(view) in known}
            for name, view in views.items():
                if view.image is image and all(other in by_name for other in image.visible(name)):
                    judge.judge_wanted(image, image.nodes[name], by_name[name], by_name, library[tools.arch],
                                       configuration.ports_of(name))
        for c in self.tree.all().values():
            judge.credit_compiler_calls(c)
        self.judge_raw_calls(failed)
        return judge

    def judge_raw_calls(self, failed):
        """In the text of C, whose objects may be for link-time optimization; in the objects of assembly."""
        mend = "only axhal_linux_* may enter the host's kernel: call what axhal offers"
        for path in {path for c in self.tree.all().values() for path in includes.files_of(c) if path.suffix != ".S"}:
            for line, function, call in symbols.raw_syscalls_in_text(path):
                self.problems.append(AxError(f"`{call}` in {function}()", f"{relative(path)}:{line}", mend))
        assembled = {obj: (source, view.tools) for view in self.views.values() for obj, source in view.objects.items()
                     if source.suffix == ".S" and str(obj) not in failed}
        for obj, (source, tools) in assembled.items():
            for function, call in symbols.raw_syscalls(obj, tools):
                self.problems.append(AxError(f"`{call}` in {function}()", relative(source), mend))


# What says how code is made, and changes neither a name nor what a header means.
CODE_ALONE = re.compile(r"-m(no-red-zone|cmodel|general-regs-only|stack-protector|memset|memcpy|branch)|-fcf-protection|-flto")


def without_code(flags):
    return [flag for flag in flags if not CODE_ALONE.match(flag)]


def variants(app, platform):
    """Feature sets and CPU counts of an application on a platform: bare, and what its tests turn on."""
    from .testing import applies, is_chosen
    tests = [t for t in app.tests if isinstance(t, dict)]
    here = [t for t in tests if applies(t, platform.name) and is_chosen(platform, app, t)]
    found = [] if tests and not here else [((), 1)]
    found += [(tuple(t.get("features", ())), t.get("smp", 1)) for t in here]
    return list(dict.fromkeys(found))


def coverage_of(c, arches):
    """(feature, architecture) pairs of which each must be compiled somewhere; None: whichever. A feature whose files are all of
    architectures is none elsewhere."""
    def is_bound(feature):
        tables = [table[feature] for table in (c.sources, c.include) if feature in table]
        return tables and all(isinstance(value, dict) and set(value) <= set(ARCHES) for value in tables)

    found = {(None, None): None}
    found.update({(feature, None): None for feature in c.all_features() if not is_bound(feature)})
    for table in (c.sources, c.include):
        for key, value in table.items():
            for arch in value if isinstance(value, dict) else ():
                if arch in arches:
                    found[None if key in ("common", "arch") else key, arch] = None
    return list(found)


def parse_failures(output):
    """(ninja's output file, what the compiler said) for each failed command."""
    name, text, command = None, [], False
    for line in [*output.splitlines(), "[ax] "]:
        started = line.startswith(("FAILED: ", "[ax] ", "ninja: "))
        if started and name:
            yield name, "\n".join(text)
        if line.startswith("FAILED: "):
            name, text, command = line.removeprefix("FAILED: ").strip(), [], True
        elif started:
            name = None
        elif name and command:
            command = False           # the command line itself
        elif name:
            text.append(line)


def first_error(text):
    """(place, message) of the first error in a compiler's output."""
    match = re.search(r"^(\S+?):(\d+)(?::\d+)?: (?:fatal )?(?:error|Error): (.*)$", text, re.M)
    if match:
        return f"{relative(match.group(1))}:{match.group(2)}", match.group(3)
    return "", text.strip().splitlines()[-1] if text.strip() else "the compiler failed"
