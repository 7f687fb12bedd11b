# SPDX-License-Identifier: Apache-2.0
"""The objects that images are linked from: build/objects/<component>/<hash>/, each compiled once for all images, and for
the audit, to which it looks the same.

What a source can see of an image: the compiler and its flags, those folders of headers that hold something which it includes,
itself or through others, and those generated constants that it or what it includes names. Their text is the hash. The headers
of ports are not read: they may include anything, but where the port's manifest says that they are `self_contained`.
"""
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import ports
from .files import locked, write_if_changed
from .includes import INCLUDE, code_of, files_of, public_headers
from .ninja import escape, shell
from .toolchain import Toolchain

MACRO = re.compile(r"\b[A-Z][A-Z0-9_]+\b")

# As the name says what an object is made of, a command that spells the same otherwise is no reason to make it anew.
RULES = """\
# Written by ./ax; do not edit.
ninja_required_version = 1.8
rule cc
  command = $cc -MMD -MF $out.d -MT $out $flags -c $in -o $out
  depfile = $out.d
  generator = 1
  description = CC $label
rule header
  command = $cc -MMD -MF $out.d -MT $out $flags -fsyntax-only -include $in -x c /dev/null && touch $out
  depfile = $out.d
  generator = 1
  description = HEADER $label
"""


@dataclass
class Compilation:
    """One object to be made, or the stamp of a header that compiles alone."""
    target: Path
    rule: str
    source: Path
    cc: str
    flags: list
    label: str


@dataclass
class Text:
    """What matters of a file's."""
    included: list        # (header, the private files that this may mean)
    names: set            # of macros, by their look


@dataclass
class Reach:
    folders: set          # that hold a file, directly or below
    names: set            # of all macros in the files
    foreign: bool         # headers too that are a port's, or made by a tool


class Objects:
    def __init__(self, tree, folder=None):
        self.tree = tree
        self.dir = folder or tree.root / "build" / "objects"
        self.builtin = Toolchain(os.uname().machine).builtin_include
        self.public = {}          # header -> the public files that have this name, of whatever component
        self.components = {}      # file -> its component
        for c in tree.all().values():
            for header, files in public_headers(c).items():
                self.public.setdefault(header, []).extend(files)
            self.components.update(dict.fromkeys(files_of(c), c))
        self.texts, self.reached, self.relevant_lines, self.self_contained = {}, {}, {}, {}

    def name(self, c, source, cc, flags, generated):
        """The object's path. `generated`: {folder among the flags: (name, line) of each constant that is generated into it}."""
        key = self.hash(source, cc, flags, generated)
        return self.dir / c.name / key / ("_".join(source.relative_to(c.dir).parts) + ".o")

    def hash(self, source, cc, flags, generated):
        """What the source is made of, in short."""
        return short_hash(str(source), cc, *self.relevant(source, flags, generated))

    def relevant(self, source, flags, generated):
        """Of the flags, and of the constants in the folders that they name, what the source can tell apart."""
        reach = self.reach(source)
        if reach.foreign and not self.are_self_contained(flags):
            reach = None
        found = []
        for flag in flags:
            folder = flag[2:]
            if not flag.startswith("-I"):
                found.append(flag)
            elif folder in generated:
                found += self.constants(source, reach, folder, generated[folder])
            elif reach is None or folder in reach.folders:
                found.append(flag)
        return found

    def constants(self, source, reach, folder, lines):
        key = source, folder, reach is None
        if key not in self.relevant_lines:
            self.relevant_lines[key] = [line for name, line in lines if reach is None or name in reach.names]
        return self.relevant_lines[key]

    def generated(self, component, texts):
        """The folder of generated headers with these texts, {name in an #include: text}."""
        folder = self.dir / "include" / component / short_hash(*texts.values())
        for header, text in texts.items():
            write_if_changed(folder / header, text)
        return folder

    # -------------------------------------------------------------------------------------------- what a file includes

    def are_self_contained(self, flags):
        """Whether of the ports whose folders are among the flags, one at least, no header includes a component's."""
        used = {self.port_of(flag.removeprefix("-isystem")) for flag in flags if flag.startswith("-isystem")} - {None}
        for name in used - self.self_contained.keys():
            self.self_contained[name] = ports.load(self.tree.root, name).build.get("self_contained", False)
        return bool(used) and all(self.self_contained[name] for name in used)

    def port_of(self, folder):
        """The name in ports/NAME/... and build/ports/NAME-VERSION/...; None for the compiler's folders."""
        match os.path.relpath(folder, self.tree.root).split(os.sep):
            case ["ports", name, *_]:
                return name
            case ["build", "ports", versioned, *_]:
                return versioned.rpartition("-")[0]

    def reach(self, path):
        """What the file may take in, itself or through others, whatever the features."""
        if path not in self.reached:
            self.reached[path] = self.closure(path)
        return self.reached[path]

    def closure(self, path):
        files, names, foreign, queue = {path}, set(), False, [path]
        while queue:
            text = self.text(queue.pop())
            names |= text.names
            for header, private in text.included:
                meant = private or self.public.get(header, [])
                foreign |= not meant and not self.is_apart(header)
                queue += [file for file in meant if file in self.components and file not in files]
                files.update(meant)
        return Reach({str(folder) for file in files for folder in file.parents}, names, foreign)

    def text(self, path):
        if path not in self.texts:
            code, c = code_of(path), self.components[path]
            included = [(header, private_files(c, path, header)) for header in INCLUDE.findall(code)]
            self.texts[path] = Text(included, set(MACRO.findall(code)))
        return self.texts[path]

    def is_apart(self, header):
        """Generated, whose constants count by their names, or the compiler's."""
        return (header.split("/")[0] in self.tree.components and header not in self.public) or any(
            (folder / header).is_file() for folder in self.builtin)

    # ------------------------------------------------------------------------------------------------------- compiling

    def make(self, compilations, run):
        """Make those of them that are not there or older than what they are made of: `run` gets a ninja file."""
        lines = RULES.splitlines()
        lines.insert(2, f"builddir = {self.dir}")
        flags = {}
        for entry in compilations:
            variable = flags.setdefault(shell(entry.flags), f"flags{len(flags)}")
            lines += [f"build {escape(entry.target)}: {entry.rule} {escape(entry.source)}", f"  cc = {entry.cc}",
                      f"  flags = ${variable}", f"  label = {entry.label}"]
        lines[3:3] = [f"{variable} = {text}" for text, variable in flags.items()]
        with locked(self.dir / ".lock"):     # ninja's log here is one for all
            file = self.dir / "build.ninja"
            write_if_changed(file, "\n".join(lines) + "\n")
            run(file)


def private_files(c, path, header):
    """The component's own files, outside its public folders, that the name in an #include of `path` may mean."""
    places = (path.parent / header, c.dir / "src" / header)
    return [Path(os.path.normpath(place)) for place in places if place.is_file()]


def short_hash(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
