# SPDX-License-Identifier: Apache-2.0
"""The audit's reading half: what every file includes, held against what its component's manifest declares.

The compiler refuses an undeclared include by itself, as "no such file". Read from the text, over all sources of all features
at once, the same mistake gets a message that names the manifest to mend; and only so can a dependency be seen to be unused.
"""
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from . import archcode
from .errors import AxError, nearest
from .manifest import relative
from .resolve import include_dirs_any

SUFFIXES = (".c", ".h", ".S", ".inc", ".ld")
NOT_IN_IMAGE = ("tests", "bench", "linux")     # the last: what an application is measured against, of the host
SPDX_SUFFIXES = (".c", ".h", ".S", ".inc", ".ld", ".py", ".sh", ".toml")
SPDX_NAMES = ("Makefile", "ax", "run")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)


def code_of(path):
    """The file's text, comments blanked so that line numbers stay."""
    return COMMENT.sub(lambda m: "\n" * m.group().count("\n") or " ", path.read_text(errors="replace"))


def files_of(c):
    """Every file of a component that can become part of an image."""
    return [path for path in sorted(c.dir.rglob("*")) if path.suffix in SUFFIXES and path.is_file()
            and path.relative_to(c.dir).parts[0] not in NOT_IN_IMAGE]


def public_headers(c):
    """{name in an #include: the files that have it}: several where a feature or an architecture chooses."""
    found = {}
    for folder in dict.fromkeys(include_dirs_any(c)):
        for path in sorted(folder.rglob("*.h")):
            found.setdefault(path.relative_to(folder).as_posix(), []).append(path)
    return found


def generated_headers(c):
    return ([f"{c.name}/features.h"] if c.all_features() else []) + (
        [f"{c.name}/{c.name}.h", f"{c.name}/components.h"] if c.config else [])


@dataclass
class Sight:
    """What one component may include, and through which of its dependencies: {component: {direct dependency}}."""
    all: dict
    public: dict          # what the users of its public headers see too
    ports: dict           # port -> {direct dependency}; {} for its own


def sight_of(tree, c):
    def reach(first):
        through = {}
        for start in first:
            queue, seen = [start], set()
            while queue:
                name = queue.pop()
                if name not in seen and name in tree.components:
                    seen.add(name)
                    through.setdefault(name, set()).add(start)
                    queue += [d.name for d in tree.components[name].dependencies.values() if d.public]
        return through

    every = reach(c.dependencies)
    ports = {port: set() for port in c.ports}
    for name, through in every.items():
        for port, public in tree.components[name].ports.items():
            if public:
                ports.setdefault(port, set()).update(through)
    return Sight(every, reach(d.name for d in c.dependencies.values() if d.public), ports)


@dataclass
class Reading:
    """What reading the sources found."""
    problems: list = field(default_factory=list)
    used: dict = field(default_factory=dict)          # component -> dependencies that something of it needs
    used_public: dict = field(default_factory=dict)   # component -> those that its public headers need
    refused: set = field(default_factory=set)         # (component, header) already explained
    needs: dict = field(default_factory=dict)         # public header's path -> components whose headers it includes
    owners: dict = field(default_factory=dict)        # header -> components that offer it
    headers: int = 0                                  # public ones


def read(tree, builtin):
    """All includes of all components and applications. `builtin`: folders of the compiler's own headers."""
    result = Reading()
    public = {c.name: public_headers(c) for c in tree.components.values()}
    for name, headers in public.items():
        for header in [*headers, *generated_headers(tree.components[name])]:
            result.owners.setdefault(header, []).append(name)
    for c in tree.all().values():
        Reader(tree, c, public.get(c.name) or public_headers(c), builtin, result).read()
    return result


class Reader:
    """Holds one component's includes against its manifest."""

    def __init__(self, tree, c, headers, builtin, result):
        self.tree, self.c, self.owners, self.builtin, self.result = tree, c, result.owners, builtin, result
        self.sight = sight_of(tree, c)
        self.own = {*headers, *generated_headers(c)}
        self.public_files = {path for files in headers.values() for path in files if c.layer != "app"}
        self.used = result.used.setdefault(c.name, set())
        self.used_public = result.used_public.setdefault(c.name, set())

    def read(self):
        files = files_of(self.c)
        self.result.headers += len(self.public_files)
        for path in files:
            text = code_of(path)
            self.result.problems += archcode.problems(self.c, path, text)
            for match in INCLUDE.finditer(text):
                self.include(path, text.count("\n", 0, match.start(1)) + 1, match.group(1))
        self.check_listed(files)

    def private(self, path, header):
        """The component's own files, outside its public folders, that the name in an #include of `path` may mean."""
        places = (path.parent / header, self.c.dir / "src" / header)
        return [Path(os.path.normpath(place)) for place in places if place.is_file()]

    def include(self, path, line, header):
        c, where = self.c, f"{relative(path)}:{line}"
        if header in self.own or self.private(path, header):
            return
        offered = [name for name in self.owners.get(header, []) if name in self.sight.all]
        if offered:
            for name in offered:
                self.used |= self.sight.all[name]
                if path in self.public_files:
                    self.result.needs.setdefault(path, set()).add(name)
                    self.need_public(name, header, where)
        elif header in self.owners:
            self.refuse_undeclared(self.owners[header][0], header, where)
        elif any((folder / header).is_file() for folder in self.builtin):
            return
        elif self.sight.ports:
            self.used |= set().union(*self.sight.ports.values())   # a port's own tree is not read: the compiler judges
            self.used_public |= self.used if path in self.public_files else set()
        else:
            self.refuse_unknown(header, where)

    def need_public(self, name, header, where):
        if name in self.sight.public:
            self.used_public |= self.sight.public[name]
            return
        through = min(self.sight.all[name])
        self.refuse(f'public header of "{self.c.name}" includes <{header}>, but its dependency "{through}" is not public: '
                    f"who includes the one cannot find the other", where, header,
                    f"write `{through} = {{ public = true }}` at {self.c.line_of_key('dependencies', through)}")
        self.used_public.add(through)

    def refuse_undeclared(self, owner, header, where):
        between = [name for name in self.sight.all if owner in self.tree.components[name].dependencies]
        if between:
            what = (f'<{header}> belongs to "{owner}", a private dependency of "{between[0]}" '
                    f'that "{self.c.name}" does not declare')
        else:
            what = f'<{header}> belongs to "{owner}", which "{self.c.name}" does not declare'
        mend = f"add `{owner} = {{}}` to [dependencies] of {relative(self.c.path)}"
        if between:
            mend += f", or make it public at {self.tree.components[between[0]].line_of_key('dependencies', owner)}"
        self.refuse(what, where, header, mend)

    def refuse_unknown(self, header, where):
        for other in self.tree.all().values():
            if other is not self.c and any((d / header).is_file() for d in (other.dir, other.dir / "src")):
                self.refuse(f'"{header}" is private to "{other.name}"', where, header,
                            f"use what {other.name} offers in its public headers")
                return
        self.refuse(f"no component offers <{header}>", where, header,
                    nearest(header, self.owners) or "components have no C library: see the public headers in elements/")

    def refuse(self, what, where, header, mend):
        self.result.refused.add((self.c.name, header))
        self.result.problems.append(AxError(what, where, mend))

    def check_listed(self, files):
        """A source that no feature compiles is dead, and nothing else would tell."""
        listed = {path.resolve() for path in all_sources(self.c)}
        text = None
        for path in files:
            if path.suffix not in (".c", ".S") or path.resolve() in listed:
                continue
            text = text or "".join(p.read_text(errors="replace") for p in files)
            if f'"{path.name}"' not in text:      # a source that another one includes
                self.result.problems.append(AxError(
                    f'no feature of "{self.c.name}" compiles this file', relative(path),
                    f"list it in [sources] of {relative(self.c.path)}, or remove it"))


def all_sources(c):
    """Every listed source, whatever the features."""
    found = []
    for value in c.sources.values():
        for entries in (value.values() if isinstance(value, dict) else [value]):
            found += [c.dir / entry for entry in entries]
    return found


def unused(tree, reading, used_symbols, skip):
    """Dependencies that nothing needs. A dependency is used if a header of it is included, a symbol of it referenced, an
    interface of it provided, a feature passed to it, or if it provides an interface itself: composing what is below is
    what some components are for. `skip`: components of which not all symbols are known."""
    problems = []
    for c in [c for c in tree.all().values() if c.name not in skip]:
        sight = sight_of(tree, c)
        used = set(reading.used[c.name])
        for owner in used_symbols.get(c.name, ()):
            used |= sight.all.get(owner, set())
        used |= {glue.name.split("/")[0] for glue in c.provides}
        used |= {name for name in c.dependencies if tree.components[name].provides}
        passed = [value for values in c.features.values() for value in values if "/" in value]
        used |= {value.replace("?/", "/").split("/")[0] for value in passed}
        for dependency in c.dependencies.values():
            where = c.line_of_key("dependencies", dependency.name)
            if dependency.name not in used and not dependency.features:
                problems.append(AxError(f'"{c.name}" depends on "{dependency.name}" but uses nothing of it', where,
                                        "remove the line, or include the header whose names are used"))
            elif dependency.public and dependency.name not in reading.used_public[c.name] and c.layer != "ulib":
                problems.append(AxError(f'no public header of "{c.name}" includes one of "{dependency.name}"', where,
                                        "remove `public = true`"))
    return problems


def spdx(root):
    """Files that do not say their licence. Returns (problems, how many files say it)."""
    problems, count = [], 0
    for path in tracked(root):
        if path.suffix in SPDX_SUFFIXES or path.name in SPDX_NAMES:
            count += 1
            with open(path, errors="replace") as file:
                head = [file.readline() for _ in range(3)]
            if not any("SPDX-License-Identifier:" in line for line in head):
                mark = "/* SPDX-License-Identifier: Apache-2.0 */"
                if path.suffix not in (".c", ".h", ".S", ".inc", ".ld"):
                    mark = "# SPDX-License-Identifier: Apache-2.0"
                problems.append(AxError("no SPDX line", relative(path), f"begin the file with: {mark}"))
    return problems, count


def tracked(root):
    """Files that git knows or would add; without git, all outside build/."""
    done = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z", "."], capture_output=True)
    if done.returncode == 0:
        paths = [root / name.decode() for name in done.stdout.split(b"\0") if name]
    else:
        paths = [p for p in sorted(root.rglob("*")) if p.relative_to(root).parts[0] not in ("build", ".git")]
    return [path for path in paths if path.is_file() and not path.is_symlink()]
