# SPDX-License-Identifier: Apache-2.0
"""Manifests: component.toml, app.toml and platform files, read and checked for form.

A manifest is read once into a Component, App or Platform; an unknown key, table or type is an error that names the
line. What the names in it mean for the whole graph is resolve.py's matter.
"""
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .errors import AxError, nearest

LAYERS = ("element", "module", "api", "ulib", "app")
SANITIZERS = ("address", "thread")
FOLDERS = {"element": "elements", "module": "modules", "api": "api", "ulib": "ulib", "app": "apps"}


@dataclass
class Dependency:
    name: str
    optional: bool = False
    public: bool = False
    features: tuple = ()
    default_features: bool = True


@dataclass
class Choice:
    name: str
    of: tuple
    default: str | None


@dataclass
class Glue:
    """An interface: `name` is "<declaring component>/<interface>"; `feature` is the condition, or None."""
    name: str
    header: str | None
    feature: str | None


@dataclass
class UnitTest:
    sources: tuple
    features: tuple = ()
    cflags: tuple = ()
    sanitizer: str = "address"
    stubs: tuple = ()
    seeds: str | None = None   # of a fuzzer: the folder with its seeds
    runs: int = 20000          # of a fuzzer, in the suite


@dataclass
class Component:
    name: str
    layer: str
    dir: Path
    path: Path
    brief: str = ""
    prefix: tuple = ()
    lto: bool = True
    cflags: tuple = ()
    kernel: bool = False                      # an application that may use every layer
    features: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    dependencies: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    include: dict = field(default_factory=dict)
    requires: list = field(default_factory=list)
    provides: list = field(default_factory=list)
    linker_symbols: tuple = ()
    ports: dict = field(default_factory=dict)  # port name -> public?
    config: dict = field(default_factory=dict)
    tests: list = field(default_factory=list)
    run: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)  # what line() and line_of_key() have found

    def line(self, *words):
        """`path:line` of the first line on which all words stand, for messages."""
        if words not in self.places:
            self.places[words] = f"{relative(self.path)}:{line_of(self.path, *words)}"
        return self.places[words]

    def line_of_key(self, table, key):
        """`path:line` of a key in a table ("dependencies", "axhal"), whichever way TOML has it written."""
        if (table, key, "key") not in self.places:
            self.places[table, key, "key"] = self.find_key(table, key)
        return self.places[table, key, "key"]

    def find_key(self, table, key):
        head, current = re.compile(r'^\s*\[\[?\s*([^\]]*?)\s*\]'), ""
        for number, line in enumerate(self.path.read_text().splitlines(), 1):
            opened = head.match(line)
            if opened:
                current = opened.group(1).replace('"', "")
                if current == f"{table}.{key}":
                    return f"{relative(self.path)}:{number}"
            elif current == table and re.match(rf'\s*"?{re.escape(key)}"?\s*[=.]', line):
                return f"{relative(self.path)}:{number}"
        return self.line(key)

    def all_features(self):
        names = dict.fromkeys(self.features)
        for choice in self.choices.values():
            names.update(dict.fromkeys(choice.of))
        return list(names)

    def choice_of(self, feature):
        return next((c for c in self.choices.values() if feature in c.of), None)

    def selected(self, table, features, arch):
        """Entries of [sources] or [include] that apply: common, arch.<arch>, a feature, <feature>.<arch or feature>."""
        found, on = [], {"common", arch, *features}
        for key, value in table.items():
            if key != "arch" and key not in on:
                continue
            for inner, entries in value.items() if isinstance(value, dict) else [("common", value)]:
                found += entries if inner in on else []
        return [self.dir / entry for entry in found]


@dataclass
class Platform:
    name: str
    arch: str
    path: Path
    brief: str
    features: dict
    build: dict
    config: dict
    run: dict


def relative(path):
    try:
        return Path(path).resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return path


def line_of(path, *words):
    """Line number of the first line that holds all words as words; else the first that holds the first word; else 1."""
    patterns = [re.compile(rf"(?<![\w-]){re.escape(w)}(?![\w-])") for w in words if w]
    lines = Path(path).read_text().splitlines()
    for wanted in (patterns, patterns[:1]):
        for number, line in enumerate(lines, 1):
            if wanted and all(p.search(line) for p in wanted):
                return number
    return 1


def load(path):
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise AxError("no such manifest", relative(path)) from None
    except tomllib.TOMLDecodeError as error:
        raise AxError(f"not valid TOML: {error}", relative(path), "see toml.io for the syntax") from None


class Reader:
    """Takes keys out of a table with their types checked, and refuses what is left over."""

    def __init__(self, path, table, name):
        self.path, self.table, self.name = path, dict(table), name

    def take(self, key, kind, default=None, required=False):
        if key not in self.table:
            if required:
                raise AxError(f"[{self.name}] lacks `{key}`", f"{relative(self.path)}:{line_of(self.path, self.name)}",
                              f"add `{key} = ...`")
            return default
        value = self.table.pop(key)
        good = isinstance(value, kind)
        if kind is list:
            good = good and all(isinstance(entry, str) for entry in value)
        if not good:
            names = {str: "a string", list: "a list of strings", bool: "true or false", dict: "a table", int: "a number"}
            raise AxError(f"`{key}` in [{self.name}] must be {names[kind]}",
                          f"{relative(self.path)}:{line_of(self.path, key)}")
        return value

    def done(self, known):
        for key in self.table:
            raise AxError(f"unknown key `{key}` in [{self.name}]", f"{relative(self.path)}:{line_of(self.path, key)}",
                          nearest(key, known) or f"known: {', '.join(known)}")


def conditional(path, table, name):
    """[sources] and [include]: key -> list, or key -> {common|arch|feature -> list}."""
    for key, value in table.items():
        lists = value.values() if isinstance(value, dict) else [value]
        for entries in lists:
            if not isinstance(entries, list) or not all(isinstance(e, str) for e in entries):
                raise AxError(f"`{key}` in [{name}] must be a list of paths, or a table of lists by architecture",
                              f"{relative(path)}:{line_of(path, key)}")
    return table


TOP_KEYS = ("component", "app", "features", "choice", "dependencies", "sources", "include", "requires", "provides",
            "linker", "ports", "config", "test", "run")


def read_component(path):
    """A component.toml, or an app.toml (an application is the component on top)."""
    raw = load(path)
    top = Reader(path, raw, "manifest")
    is_app = path.name == "app.toml"
    head_name = "app" if is_app else "component"
    head = Reader(path, top.take(head_name, dict, required=True), head_name)
    c = Component(name=head.take("name", str, required=True), layer="app" if is_app else
                  head.take("layer", str, required=True), dir=path.parent, path=path)
    c.brief = head.take("brief", str, required=True)
    c.prefix = tuple(head.take("prefix", list, [], required=not is_app))
    c.lto = head.take("lto", bool, True)
    c.cflags = tuple(head.take("cflags", list, []))
    c.kernel = head.take("kernel", bool, False)
    head.done(("name", "layer", "brief", "prefix", "lto", "cflags", "kernel"))
    if c.layer not in LAYERS:
        raise AxError(f'unknown layer "{c.layer}"', c.line("layer"), f"one of: {', '.join(LAYERS)}")
    if c.name != path.parent.name:
        raise AxError(f'the folder is "{path.parent.name}" but the name is "{c.name}"', c.line("name"),
                      "name the folder after the component")
    if path.parent.parent.name != FOLDERS[c.layer]:
        raise AxError(f'layer "{c.layer}" belongs in {FOLDERS[c.layer]}/', c.line("layer"),
                      f"move the folder to {FOLDERS[c.layer]}/{c.name}")

    c.features = top.take("features", dict, {})
    for name, values in c.features.items():
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise AxError(f"feature `{name}` must be a list of strings", c.line(name))
    for name, table in top.take("choice", dict, {}).items():
        reader = Reader(path, table, f"choice.{name}")
        c.choices[name] = Choice(name, tuple(reader.take("of", list, required=True)), reader.take("default", str))
        reader.done(("of", "default"))
        if c.choices[name].default not in (None, *c.choices[name].of):
            raise AxError(f'the default "{c.choices[name].default}" is not one of the choice', c.line("default"))
    for name, table in top.take("dependencies", dict, {}).items():
        if not isinstance(table, dict):
            raise AxError(f"dependency `{name}` must be a table", c.line(name), f"write `{name} = {{}}`")
        reader = Reader(path, table, f"dependencies.{name}")
        c.dependencies[name] = Dependency(name, reader.take("optional", bool, False), reader.take("public", bool, False),
                                          tuple(reader.take("features", list, [])),
                                          reader.take("default_features", bool, True))
        reader.done(("optional", "public", "features", "default_features"))
    c.sources = conditional(path, top.take("sources", dict, {}), "sources")
    default_include = {"common": ["include"]} if (path.parent / "include").is_dir() else {}
    c.include = conditional(path, top.take("include", dict, default_include), "include")
    for name, table in top.take("requires", dict, {}).items():
        reader = Reader(path, table, f"requires.{name}")
        c.requires.append(Glue(f"{c.name}/{name}", reader.take("header", str, required=True), reader.take("feature", str)))
        reader.done(("header", "feature"))
    for name, table in top.take("provides", dict, {}).items():
        reader = Reader(path, table, f"provides.{name}")
        c.provides.append(Glue(name, None, reader.take("feature", str)))
        reader.done(("feature",))
    linker = Reader(path, top.take("linker", dict, {}), "linker")
    c.linker_symbols = tuple(linker.take("symbols", list, []))
    linker.done(("symbols",))
    for name, table in top.take("ports", dict, {}).items():
        reader = Reader(path, table, f"ports.{name}")
        c.ports[name] = reader.take("public", bool, False)
        reader.done(("public",))
    c.config = top.take("config", dict, {})
    c.run = top.take("run", dict, {})
    if "test" in top.table:
        tables = top.table.pop("test")
        c.tests = tables if is_app else [read_unit_test(path, table) for table in tables]
    top.done(TOP_KEYS)
    return c


def read_unit_test(path, table):
    reader = Reader(path, table, "test")
    test = UnitTest(tuple(reader.take("sources", list, required=True)), tuple(reader.take("features", list, [])),
                    tuple(reader.take("cflags", list, [])), reader.take("sanitizer", str, "address"),
                    tuple(reader.take("stubs", list, [])), reader.take("seeds", str),
                    reader.take("runs", int, UnitTest.runs))
    reader.done(("sources", "features", "cflags", "sanitizer", "stubs", "seeds", "runs"))
    if test.seeds is not None and not any((path.parent / test.seeds).glob("*")):
        raise AxError(f'no seed lies in "{test.seeds}"', f"{relative(path)}:{line_of(path, 'seeds')}",
                      "a fuzzer begins with inputs that are worth changing: put some there")
    if test.sanitizer not in SANITIZERS:
        raise AxError(f'no sanitizer is called "{test.sanitizer}" in [[test]]', f"{relative(path)}:{line_of(path, 'sanitizer')}",
                      f"one of: {', '.join(SANITIZERS)}")
    return test


PLATFORM_TABLES = ("features", "build", "config", "run")


def read_platform(path, seen=()):
    top = Reader(path, load(path), "platform file")
    head = Reader(path, top.take("platform", dict, required=True), "platform")
    name, like = head.take("name", str, required=True), head.take("like", str)
    tables = {table: top.take(table, dict, {}) for table in PLATFORM_TABLES}
    base = read_base(path, like, (*seen, name)) if like else None
    arch = head.take("arch", str, base and base.arch, required=not base)
    brief = head.take("brief", str, required=True)
    head.done(("name", "like", "arch", "brief"))
    top.done(("platform", *PLATFORM_TABLES))
    if name != path.stem:
        raise AxError(f'the file is "{path.stem}" but the name is "{name}"', relative(path))
    if base:
        tables = {table: laid_over(getattr(base, table), own) if own or table != "run" else {}
                  for table, own in tables.items()}
    return Platform(name, arch, path, brief, **tables)


def read_base(path, like, seen):
    base = path.with_name(f"{like}.toml")
    if like in seen or not base.is_file():
        why = "is like itself" if like in seen else "does not exist"
        raise AxError(f'`like`: the platform "{like}" {why}', f"{relative(path)}:{line_of(path, 'like')}")
    return read_platform(base, seen)


def laid_over(base, own):
    """The tables of a platform that is like another: what it says itself holds."""
    both = {key: laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
            for key, value in own.items()}
    return {**base, **both}


@dataclass
class Tree:
    """Every manifest of a source tree."""
    root: Path
    components: dict
    apps: dict
    platforms: dict
    checked: bool = False      # resolve.check_tree() has passed
    names_checked: bool = False  # the part of it that resolve() wants

    @cached_property
    def objects(self):
        """What the tree's images are linked from."""
        from .objects import Objects
        return Objects(self)

    def all(self):
        return {**self.components, **self.apps}

    def app(self, name):
        return self._get(self.apps, name, "application", "apps/")

    def platform(self, name):
        return self._get(self.platforms, name, "platform", "platforms/")

    @staticmethod
    def _get(table, name, kind, folder):
        if name not in table:
            raise AxError(f'no {kind} "{name}"', folder, nearest(name, table) or f"there are: {', '.join(sorted(table))}")
        return table[name]


def read_tree(root):
    components, apps = {}, {}
    for layer, folder in FOLDERS.items():
        pattern = "app.toml" if layer == "app" else "component.toml"
        for path in sorted((root / folder).glob(f"*/{pattern}")):
            c = read_component(path)
            if c.name in components or c.name in apps:
                raise AxError(f'a second component named "{c.name}"', c.line("name"), "names are unique in the tree")
            (apps if layer == "app" else components)[c.name] = c
    platforms = {}
    for path in sorted((root / "platforms").glob("*.toml")):
        platform = read_platform(path)
        platforms[platform.name] = platform
    return Tree(root, components, apps, platforms)
