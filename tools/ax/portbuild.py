# SPDX-License-Identifier: Apache-2.0
"""How a port is built: the [build] table of ports/<name>/port.toml becomes ninja statements that make one archive.

    library        file name of the archive
    needs          ports whose headers it uses
    sources        globs in the upstream source; `exclude` takes away again
    arch_sources   true: dir/<arch>/name.{c,s,S} replaces dir/name.c (musl's rule)
    cflags include quote   for its own compilation
    users          header folders for those who use it
    lto            true: built with -flto where the image is
    [[special]]    sources, cflags: more flags for some files
    [[generate]]   script, inputs, outputs: headers, made by `script inputs... -- outputs...` while planning

A file in the port's own src/ replaces the upstream one of the same path, or adds to them. In paths {src} is the upstream
source, {port} the port's folder, {out} the build folder, {root} the tree, {arch} the architecture. Archives are
made once for each (compiler, flags) and shared by all images: build/ports/<name>-<version>/<arch>-<cc>-<hash>/.
"""
import hashlib
import os
import pathlib
import shlex
import subprocess
import sys

from . import ports
from .errors import AxError

RULES = """\
rule port_cc
  command = $cc $flags -MMD -MF $out.d -c $in -o $out
  depfile = $out.d
  deps = gcc
  description = CC $label
rule port_ar
  command = rm -f $out && $ar qcs $out @$out.rsp
  rspfile = $out.rsp
  rspfile_content = $in
  description = AR $label
"""


def out_dir(_root, port, arch, tools, cflags):
    """Where the port's objects and archive for this compiler and these flags are; made once, shared by images."""
    own = hashlib.sha256(port.file.read_bytes())
    own.update("\0".join([tools.cc, *tools.target, *cflags]).encode())
    return port.work_dir / f"{arch}-{tools.kind}-{own.hexdigest()[:12]}"


def ninja(port, src_dir, out, tools, cflags, build):
    """Ninja statements that build the port's archive; sets port.archive and port.include_dirs.

    `cflags` are the platform's code-generation flags. `build` is the image's: its root, platform, and `ports`, those
    already through here (with none yet, the rules come first).
    """
    table = port.build
    needed = [build.ports.get(name) or described(name, tools, cflags, build) for name in table.get("needs", [])]
    expand = describe(port, src_dir, out, build, needed)
    flags = [*cflags, "-w", "-ffunction-sections", "-fdata-sections"]
    flags += ["-flto"] if table.get("lto") and build.lto else ["-fno-lto"]
    for folder in expand(table.get("quote", [])):
        flags += ["-iquote", folder]
    flags += [f"-I{folder}" for folder in expand(table.get("include", []))]
    for other in needed:
        flags += [f"-isystem{folder}" for folder in other.include_dirs]
    flags += ["-nostdinc", *(f"-isystem{folder}" for folder in tools.builtin_include), *expand(table.get("cflags", []))]

    generate(port, out, expand)
    lines = [] if build.ports else RULES.splitlines()
    lines.append(f"port_{port.name} = {' '.join(shlex.quote(flag) for flag in flags)}")
    objects = []
    for stem, file in sorted(source_files(port, pathlib.Path(src_dir), build.platform.arch).items()):
        target = pathlib.Path(out) / "obj" / f"{stem}.o"
        more = [flag for entry in port.special if matches(stem, entry["sources"]) for flag in entry["cflags"]]
        lines += [f"build {escape(target)}: port_cc {escape(file)}",
                  f"  cc = {' '.join([tools.cc, *tools.target])}",
                  f"  flags = $port_{port.name} {' '.join(more)}", f"  label = {port.name}/{stem}"]
        objects.append(escape(target))
    return lines + [f"build {escape(port.archive)}: port_ar {' '.join(objects)}", f"  ar = {tools.ar}",
                    f"  label = {port.name}/{port.archive.name}"]


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
    """A needed port whose statements come later (or earlier): its headers are known without them."""
    port = ports.load(build.root, name)
    describe(port, ports.ensure(port), out_dir(build.root, port, build.platform.arch, tools, cflags), build, [])
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


def source_files(port, src_dir, arch):
    """{path without suffix: file to compile}."""
    build = port.build
    found = {}
    for pattern in build["sources"]:
        matches = sorted(src_dir.glob(pattern))
        if not matches:
            raise AxError(f'no file matches "{pattern}" in {port.name} {port.version}', port.file)
        found.update({stem_of(f, src_dir): f for f in matches})
        if build.get("arch_sources"):
            folder, _ = pattern.rsplit("/", 1)
            for file in sorted(src_dir.glob(f"{folder}/{arch}/*.[csS]")):
                found[str((file.parent.parent / file.stem).relative_to(src_dir))] = file
    for pattern in build.get("exclude", []):
        gone = [s for s in found if pathlib.PurePath(s + ".c").match(pattern)]
        if not gone:
            raise AxError(f'"{pattern}" in exclude matches no source of {port.name} {port.version}', port.file)
        for stem in gone:
            del found[stem]
    own = port.dir / "src"
    found.update({"src/" + stem_of(f, own): f for f in sorted(own.rglob("*.[csS]"))})
    return found


def stem_of(file, base):
    return str(file.with_suffix("").relative_to(base))


def matches(stem, patterns):
    return any(pathlib.PurePath(stem + ".c").match(p) for p in patterns)


def escape(path):
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")
