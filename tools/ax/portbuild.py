# SPDX-License-Identifier: Apache-2.0
"""How a port is built: the [build] table of ports/<name>/port.toml becomes ninja statements that make one archive.

    library        file name of the archive
    needs          ports whose headers it uses
    sources        globs in the upstream source; `exclude` takes away again
    arch_sources   true: dir/<arch>/name.{c,s,S} replaces dir/name.c (musl's rule)
    programs       globs of files that are a program each; see below
    cflags include quote   for its own compilation
    users          header folders for those who use it
    self_contained true: the headers there include no component's
    lto            true: built with -flto where the image is
    [[special]]    sources, cflags: more flags for some files
    [[generate]]   script, inputs, outputs: headers and sources, made by `script inputs... -- outputs...` while planning;
                   `sources` and `programs` name such sources as {out}/...

Each file of `programs` is compiled as if it were linked alone: of its object's symbols main() alone stays global, by a
name of its own. {out}/programs.h lists them, a line `PROGRAM("path without suffix", name)` each, for a source of the
port's that defines PROGRAM and is the image's main(). A file without main() takes part by compiling.

A file in the port's own src/ replaces the upstream one of the same path, or adds to them. In paths {src} is the upstream
source, {port} the port's folder, {out} the build folder, {root} the tree, {arch} the architecture. Archives are
made once for each (compiler, flags) and shared by all images: build/ports/<name>-<version>/<arch>-<cc>-<hash>/.
"""
import fnmatch
import functools
import hashlib
import os
import pathlib
import re
import shlex
import subprocess
import sys

from . import ports
from .errors import AxError
from .files import locked, write_if_changed
from .ninja import escape

WRITTEN = set()           # the folders whose ninja file this process has written: it is alike for all images that use it

# Of the port's own ninja file.
OWN_RULES = """\
# Written by ./ax; do not edit.
rule port_cc
  command = $cc $flags $more -MMD -MF $out.d -c $in -o $out
  depfile = $out.d
  deps = gcc
  description = CC $label
rule port_program
  command = $cc $flags $more -MMD -MF $out.d -MT $out -c $in -o $out.whole && $
    $objcopy --redefine-sym main=$symbol --keep-global-symbol=$symbol $out.whole $out && rm $out.whole
  depfile = $out.d
  deps = gcc
  description = CC $label
rule port_ar
  command = rm -f $out && $ar qcs $out @$out.rsp
  rspfile = $out.rsp
  rspfile_content = $in
  description = AR $label
"""

# Of the image's: run the port's. Always asked, as only it knows; the archive's time says whether anything changed.
RULES = """\
rule port
  command = flock $lock ninja --quiet -f $file
  restat = 1
  description = PORT $label
build port_always: phony
"""


def out_dir(port, build, tools, cflags):
    """Where the port's objects and archive for this compiler and these flags are; made once, shared by images."""
    own = hashlib.sha256(port.file.read_bytes())
    own.update("\0".join([tools.cc, *tools.target, *cflags, *lto_flags(port, build)]).encode())
    return port.work_dir / f"{build.platform.arch}-{tools.kind}-{own.hexdigest()[:12]}"


def ninja(port, src_dir, out, tools, cflags, build):
    """Ninja statements for an image that uses the port; sets port.archive and port.include_dirs.

    The port has a ninja file of its own, and so a log of its own: the objects are made once and not once an image.
    `cflags` are the platform's code-generation flags. `build` is the image's: its root, platform, and `ports`, those
    already through here (with none yet, the rules come first).
    """
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    needed = [build.ports.get(name) or described(name, tools, cflags, build) for name in port.build.get("needs", [])]
    expand = describe(port, src_dir, out, build, needed)
    file, lock = out / "build.ninja", out / "lock"
    if out not in WRITTEN:
        with locked(lock):
            generate(port, out, expand)
            lines = [f"builddir = {out}", *OWN_RULES.splitlines(), f"cc = {' '.join([tools.cc, *tools.target])}",
                     f"ar = {tools.ar}", f"objcopy = {tools.objcopy}",
                     f"flags = {' '.join(map(shlex.quote, own_flags(port, tools, cflags, build, needed, expand)))}",
                     *objects_and_archive(port, src_dir, out, build)]
            write_if_changed(file, "\n".join(lines) + "\n")
        WRITTEN.add(out)
    return [*([] if build.ports else RULES.splitlines()), f"build {escape(port.archive)}: port port_always",
            f"  file = {file}", f"  lock = {lock}", f"  label = {port.name} {port.version}"]


def own_flags(port, tools, cflags, build, needed, expand):
    table = port.build
    flags = [*cflags, "-w", "-ffunction-sections", "-fdata-sections"]
    flags += lto_flags(port, build)
    for folder in expand(table.get("quote", [])):
        flags += ["-iquote", folder]
    flags += [f"-I{folder}" for folder in expand(table.get("include", []))]
    flags += [f"-isystem{folder}" for other in needed for folder in other.include_dirs]
    return [*flags, "-nostdinc", *(f"-isystem{folder}" for folder in tools.builtin_include), *expand(table.get("cflags", []))]


def lto_flags(port, build):
    return ["-flto"] if port.build.get("lto") and build.lto else ["-fno-lto"]


def objects_and_archive(port, src_dir, out, build):
    lines, objects = [], []
    programs = program_files(port, pathlib.Path(src_dir), out)
    if programs:
        write_if_changed(out / "programs.h", program_list(programs))

    def compiled(stem, file, rule):
        target = escape(out / "obj" / f"{stem}.o")
        more = [flag for entry in port.special if matches(stem, entry["sources"]) for flag in entry["cflags"]]
        lines.extend([f"build {target}: {rule} {escape(file)}", f"  more = {' '.join(more)}",
                      f"  label = {port.name}/{stem}"])
        objects.append(target)

    for stem, file in sorted(source_files(port, pathlib.Path(src_dir), out, build.platform.arch).items()):
        compiled(stem, file, "port_cc")
    for stem, file in programs.items():
        compiled(stem, file, "port_program")
        lines.append(f"  symbol = {program_symbol(stem)}")
    return lines + [f"build {escape(port.archive)}: port_ar {' '.join(objects)}", f"  label = {port.name}/{port.archive.name}"]


def describe(port, src_dir, out, build, needed):
    """Sets what users of the port want to know; returns the function that fills in the names in braces."""
    names = {"src": src_dir, "port": port.dir, "out": out, "root": build.root, "arch": build.platform.arch}

    def expand(entries):
        return [str(entry).format(**names) for entry in entries]

    port.archive = pathlib.Path(out) / port.build["library"]
    port.include_dirs = expand(port.build.get("users", []))
    port.include_dirs += [d for other in needed for d in other.include_dirs if d not in port.include_dirs]
    return expand


def described(name, tools, cflags, build):
    """A needed port whose statements come later: its headers are made all the same."""
    port = ports.load(build.root, name)
    out = out_dir(port, build, tools, cflags)
    out.mkdir(parents=True, exist_ok=True)
    expand = describe(port, ports.ensure(port), out, build, [])
    with locked(out / "lock"):
        generate(port, out, expand)
    return port


def generate(port, out, expand):
    """Run the port's generators whose inputs are newer: now, so that whoever compiles next finds the headers."""
    for step in port.generate:
        script = port.dir / step["script"]
        inputs, outputs = expand(step["inputs"]), expand(step["outputs"])
        stamp = pathlib.Path(out) / f"{script.stem}.stamp"
        newest = max(os.stat(path).st_mtime_ns for path in [script, *inputs])
        if stamp.is_file() and stamp.stat().st_mtime_ns > newest and all(map(os.path.exists, outputs)):
            continue
        for path in outputs:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        done = subprocess.run([sys.executable, script, *inputs, "--", *outputs], capture_output=True, text=True)
        if done.returncode:
            raise AxError(f"{step['script']} failed:\n{done.stderr.strip()}", port.file)
        stamp.touch()


def program_candidates(port, src_dir, out=None):
    """{path without suffix: file} of what the patterns of `programs` match."""
    return {stem: file for pattern in port.build.get("programs", [])
            for stem, file in matching(port, pattern, src_dir, out).items()}


def program_files(port, src_dir, out=None):
    """Of these the port's programs: all but those excluded."""
    found = program_candidates(port, src_dir, out)
    without(found, port, "exclude_programs")
    return dict(sorted(found.items()))


def program_symbol(stem):
    return "main_" + re.sub(r"\W", "_", stem)


def has_main(file):
    return re.search(rb"\bmain\s*\(", file.read_bytes()) is not None


def program_list(programs):
    """The text of programs.h."""
    lines = [f'PROGRAM("{stem}", {program_symbol(stem)})' for stem, file in programs.items() if has_main(file)]
    return "\n".join(["/* SPDX-License-Identifier: Apache-2.0 */", "/* The programs of the port. Generated by ./ax. */",
                      *lines, ""])


def without(found, port, key):
    """Take away what the patterns of [build] `key` match."""
    for pattern in port.build.get(key, []):
        gone = [s for s in found if matches(s, [pattern])]
        if not gone:
            raise AxError(f'"{pattern}" in {key} matches no source of {port.name} {port.version}', port.file)
        for stem in gone:
            del found[stem]


def matching(port, pattern, src_dir, out):
    """{path without suffix: file} of one pattern: in the upstream source, or of what was generated."""
    generated = pattern.removeprefix("{out}/")
    base = src_dir if generated == pattern else out
    some = sorted(base.glob(generated))
    if not some:
        raise AxError(f'no file matches "{pattern}" in {port.name} {port.version}', port.file)
    return {stem_of(f, base): f for f in some}


def source_files(port, src_dir, out, arch):
    """{path without suffix: file to compile}."""
    build = port.build
    found = {}
    for pattern in build.get("sources", []):
        found.update(matching(port, pattern, src_dir, out))
        if build.get("arch_sources"):
            folder, _ = pattern.rsplit("/", 1)
            for file in sorted(src_dir.glob(f"{folder}/{arch}/*.[csS]")):
                found[str((file.parent.parent / file.stem).relative_to(src_dir))] = file
    without(found, port, "exclude")
    own = port.dir / "src"
    found.update({"src/" + stem_of(f, own): f for f in sorted(own.rglob("*.[csS]"))})
    return found


def stem_of(file, base):
    return str(file.with_suffix("").relative_to(base))


def matches(stem, patterns):
    return any(path_pattern(pattern).search(stem + ".c") for pattern in patterns)


@functools.cache
def path_pattern(pattern):
    """What pathlib.PurePath.match() holds a path to, for many paths."""
    parts = [fnmatch.translate(part).removeprefix("(?s:").removesuffix(")\\Z").replace(".*", "[^/]*") for part in pattern.split("/")]
    return re.compile(f"(?:^|/){'/'.join(parts)}$")
