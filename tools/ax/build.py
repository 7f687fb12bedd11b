# SPDX-License-Identifier: Apache-2.0
"""From a resolved image to an ELF: generated headers, one ninja file an image, and the call of ninja.

build/<app>[+feature...]/<platform>[-variant]/ holds build.ninja, <app>.debug.elf with symbols and <app>.elf without; the
objects and the generated headers, which images share, are in build/objects/ (objects.py).
"""
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from . import ninja, portbuild, ports
from .errors import AxError
from .files import locked, write_if_changed
from .manifest import relative
from .ninja import escape, shell
from .objects import Compilation
from .resolve import resolve
from .toolchain import Toolchain

WARNINGS = ["-Wall", "-Wextra", "-Wundef", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror"]
COMMON = ["-std=gnu2x", *WARNINGS, "-fno-common", "-fno-strict-aliasing", "-fno-omit-frame-pointer",
          "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fno-pic", "-fno-pie", "-ffunction-sections",
          "-fdata-sections", "-fstack-protector-strong"]
MODES = {"release": ["-O2", "-g"], "debug": ["-Og", "-g3"]}
MAX_CPUS = 64             # sets of CPUs are 64 bits: axhal/smp.h


@dataclass
class Options:
    """What a user may say of a build."""
    platform: str = "x86_64-qemu-q35"
    features: tuple = ()
    smp: int = 1
    mode: str = "release"
    cc: str = "gcc"
    rootfs: Path | None = None
    lto: bool = True
    verbose: bool = False


class Build:
    """One image's build: resolve, plan, generate, run ninja."""

    def __init__(self, tree, app_name, options):
        self.tree, self.options = tree, options
        self.root = tree.root
        self.app = tree.app(app_name)
        self.platform = tree.platform(options.platform)
        if not 1 <= options.smp <= MAX_CPUS:
            raise AxError(f"an image has 1 to {MAX_CPUS} CPUs", f"--smp {options.smp}")
        self.image = resolve(tree, self.app, self.platform, options.features, options.smp)
        self.tools = Toolchain(self.platform.arch, options.cc)
        self.objects = tree.objects
        self.begin()
        self.dir = self.out_dir()
        self.elf = self.dir / f"{app_name}.elf"
        self.debug_elf = self.dir / f"{app_name}.debug.elf"
        # What is started: for a loader that knows no ELF, the memory that the image is loaded as.
        self.kernel = self.dir / f"{app_name}.img" if self.platform.build.get("image") == "raw" else self.elf

    def begin(self):
        self.folders = {}      # component -> folder of its generated headers
        self.constants = {}    # such a folder -> (name, line) of what it defines
        self.ports = {}

    def out_dir(self):
        o = self.options
        name = "+".join([self.app.name, *(f.replace("/", ".") for f in sorted(o.features))])
        variant = [o.platform]
        variant += [f"smp{o.smp}"] if o.smp > 1 else []
        variant += [o.mode] if o.mode != "release" else []
        variant += [o.cc] if o.cc != "gcc" else []
        variant += ["nolto"] if not o.lto else []
        variant += [f"with-{Path(o.rootfs).resolve().name}"] if o.rootfs else []
        return self.root / "build" / name / "-".join(variant)

    # ------------------------------------------------------------------------------------------------ flags

    @property
    def lto(self):
        return self.options.lto and self.options.mode == "release"

    def platform_flags(self):
        build = self.platform.build
        flags = list(build.get("cflags", [])) + list(build.get(f"cflags_{self.tools.kind}", []))
        for condition, extra in build.get("without", {}).items():
            if not self.image.has(*condition.split("/", 1)):
                flags += extra.get("cflags", [])
        return flags

    def mode_flags(self):
        """What is linked without link-time optimization is for tests alone, built fast: it has no debug information."""
        flags = MODES[self.options.mode]
        return flags if self.options.lto else [flag for flag in flags if not flag.startswith("-g")]

    def base_flags(self):
        flags = [*self.tools.target, *COMMON, *self.mode_flags(), *self.platform_flags()]
        flags += [f"-ffile-prefix-map={self.root}/="]
        if self.tools.kind == "gcc":
            # ipa-reference takes a static variable that the callees do not name as untouched by a call; but a call
            # that switches threads comes back after other threads have run, and they may have written it.
            flags.append("-fno-ipa-reference")
            # gcc clears and copies structures by `rep stos` and `rep movs`, whose start alone takes some 30 cycles, and
            # which an emulator runs word by word: plain stores up to some size, then the functions.
            if self.tools.arch == "x86_64":
                flags += [f"-m{call}-strategy=unrolled_loop:512:noalign,libcall:-1:noalign"
                          for call in ("memset", "memcpy")]
        if self.tools.kind == "clang":
            flags += ["-Wno-unknown-warning-option", "-Wno-gnu-variable-sized-type-not-at-end"]
        return flags

    def include_flags(self, name):
        """The component's own folders, then what it declared: direct dependencies and their public closure."""
        flags = []
        for other in self.image.visible(name):
            node = self.image.nodes[other]
            folders = node.component.selected(node.component.include, node.features, self.platform.arch)
            flags += [f"-I{folder}" for folder in folders]
            if node.component.all_features() or node.component.config:
                flags.append(f"-I{self.gen_include(other)}")
        node = self.image.nodes[name]
        if (node.component.dir / "src").is_dir():
            flags.append(f"-I{node.component.dir / 'src'}")
        return flags

    def ports_of(self, name):
        """Ports whose headers this component may include."""
        found = dict(self.image.nodes[name].component.ports)
        for other in self.image.visible(name)[1:]:
            found.update({p: True for p, public in self.image.nodes[other].component.ports.items() if public})
        return list(found)

    def flags_of(self, name):
        node = self.image.nodes[name]
        c = node.component
        used = self.ports_of(name)
        flags = [*self.base_flags(), "-nostdinc"]
        if c.layer != "app":
            flags.append("-fvisibility=hidden")
        if not any(self.ports[port].has_libc for port in used):
            # without the macro, gcc's own limits.h goes looking for a C library's
            flags += ["-ffreestanding", "-D_LIBC_LIMITS_H_"]
        flags += self.include_flags(name)
        for port in used:
            flags += [f"-isystem{folder}" for folder in self.ports[port].include_dirs]
        flags += [f"-isystem{folder}" for folder in self.tools.builtin_include]
        flags += list(c.cflags)
        if self.lto and c.lto:
            flags.append("-flto")
        return flags

    # --------------------------------------------------------------------------------------------- generated

    def gen_include(self, name):
        """Folder of a component's generated headers."""
        if name not in self.folders:
            texts = self.generated(self.image.nodes[name])
            folder = self.folders[name] = self.objects.generated(name, texts)
            self.constants[str(folder)] = [(line.split()[1], line) for text in texts.values()
                                           for line in text.splitlines() if line.startswith("#define ")]
        return self.folders[name]

    def generated(self, node):
        """{name in an #include: text} of a component's generated headers."""
        c, found = node.component, {}
        if c.all_features():
            upper = c.name.upper().replace("-", "_")
            lines = [f"#define {upper}_FEATURE_{f.upper().replace('-', '_')} {int(f in node.features)}"
                     for f in c.all_features()]
            found[f"{c.name}/features.h"] = header_text(f"Features of {c.name} in this image.", lines)
        if c.config:
            found[f"{c.name}/{c.name}.h"] = header_text(
                "Constants of this image: defaults, the platform's, the application's.", self.config_lines(c))
            found[f"{c.name}/components.h"] = header_text("What this image is made of.", constant_lines(
                {"components": self.list_of_components()}))
        return found

    def list_of_components(self):
        """A line a component, with the features that are on: for who prints it in the image."""
        return "".join(" ".join([node.name, *sorted(node.features)]) + "\n" for node in self.image.nodes.values())

    def config_lines(self, c):
        values = {**c.config, **self.platform.config, **self.app.config, "max_cpus": self.options.smp,
                  "platform": self.platform.name, "arch": self.platform.arch, "app": self.app.name}
        for key in self.app.config:
            if key not in c.config and key not in self.platform.config:
                raise AxError(f'unknown constant "{key}" in [config]', self.app.line(key),
                              f"known: {', '.join(sorted(c.config))}")
        return constant_lines(values)

    # --------------------------------------------------------------------------------------------------- plan

    def compilations(self):
        """The objects of the components, in dependency order."""
        found = []
        for node in self.image.nodes.values():
            flags = self.flags_of(node.name)
            for source in node.component.selected(node.component.sources, node.features, self.platform.arch):
                target = self.objects.name(node.component, source, self.tools.cc, flags, self.constants)
                found.append(Compilation(target, "cc", source, self.tools.cc, flags, f"{node.name}/{source.name}"))
        return found

    def used_ports(self):
        names = {}
        for node in self.image.nodes.values():
            names.update(dict.fromkeys(node.component.ports))
        return list(names)

    def prepare_ports(self):
        """Fetch what is missing, and learn each port's archive and headers. Returns their ninja lines."""
        flags = [*self.tools.target, *MODES[self.options.mode][:1], *self.platform_flags(), "-fno-pic", "-fno-pie",
                 "-fno-omit-frame-pointer"]
        self.ports, lines = {}, []
        for name in self.used_ports():
            port = ports.load(self.root, name)
            out = portbuild.out_dir(port, self, self.tools, flags)
            lines += portbuild.ninja(port, ports.ensure(port), out, self.tools, flags, self)
            self.ports[name] = port
        return lines

    def ninja_text(self, objects, port_lines):
        """Of the image's own file: ports, whatever is made for it alone, and its link."""
        lines = ["# Written by ./ax; do not edit.", "ninja_required_version = 1.8", f"builddir = {self.dir}",
                 "rule cc", "  command = $cc -MMD -MF $out.d -MT $out $flags -c $in -o $out", "  depfile = $out.d",
                 "  deps = gcc", "  description = CC $label",
                 "rule script", "  command = $cc -E -P -x c -MMD -MF $out.d -MT $out $flags $in -o $out",
                 "  depfile = $out.d", "  deps = gcc", "  description = LDS $label",
                 "rule link", "  command = $link && $ksyms $out", "  description = LINK $label",
                 "rule roots", "  command = $tool $out $in", "  description = ROOTS $label",
                 "rule strip", "  command = $strip --strip-all -o $out $in", "  description = STRIP $label",
                 "rule raw", "  command = $objcopy -O binary $in $out", "  description = RAW $label",
                 f"cc = {' '.join([self.tools.cc])}", *port_lines, *self.link_lines(objects)]
        return "\n".join(lines) + "\n"

    def link_lines(self, objects):
        script = self.dir / "image.ld"
        objects = [*objects, self.rootfs_object()]
        archives = [Path(port.archive) for port in self.ports.values() if port.archive]
        roots = self.dir / "lto_roots.S"
        root_lines = []
        if self.lto and archives:
            tool = self.root / "tools" / "ax" / "ltoroots.py"
            root_lines = [f"build {escape(roots)}: roots {' '.join(map(escape, archives))} | {escape(tool)}",
                          f"  tool = {sys.executable} {tool} {self.tools.nm}", "  label = lto_roots.S",
                          f"build {escape(roots.with_suffix('.o'))}: cc {escape(roots)}",
                          f"  flags = {shell(self.tools.target)}", "  label = lto_roots.S"]
            objects.append(roots.with_suffix(".o"))
        flags = [*self.base_flags(), *self.tools.link_flags, "-static", "-nostdlib",
                 "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-z,noexecstack", "-Wl,-z,max-page-size=4096",
                 f"-Wl,-T,{script}", f"-Wl,-Map,{self.dir / 'image.map'}", *self.platform.build.get("ldflags", []),
                 *self.platform.build.get(f"ldflags_{self.tools.kind}", [])]
        if self.lto:
            flags += ["-flto=auto"] if self.tools.kind == "gcc" else ["-flto"]
            if any(port.build.get("lto") for port in self.ports.values()):
                flags += ["-w"]     # a port's code is compiled here too: its warnings are nobody's to mend
        link = [self.tools.cc, *flags, "-o", self.debug_elf, *objects, "-Wl,--start-group", *archives,
                self.tools.libgcc, "-Wl,--end-group"]
        ksyms = self.root / "tools" / "ax" / "ksyms.py"
        inputs = [*objects, *archives, script, ksyms]
        folders = [f"-I{self.gen_include(name)}" for name in ("axconfig", "axhal")]
        return [*root_lines, f"build {escape(script)}: script {escape(self.root / self.platform.build['linker_script'])}",
                f"  flags = {shell(folders)}", "  label = image.ld",
                f"build {escape(self.debug_elf)}: link | {' '.join(map(escape, inputs))}", f"  link = {shell(link)}",
                f"  ksyms = {sys.executable} {ksyms}", f"  label = {relative(self.debug_elf)}",
                f"build {escape(self.elf)}: strip {escape(self.debug_elf)}", f"  strip = {self.tools.strip}",
                f"  label = {relative(self.elf)}",
                f"build {escape(self.rootfs_object())}: cc {escape(self.dir / 'rootfs.S')} | "
                f"{escape(self.dir / 'rootfs.cpio')}", f"  flags = {shell(self.tools.target)} -I{self.dir}",
                "  label = rootfs", *self.raw_lines(), f"default {escape(self.kernel)}"]

    def raw_lines(self):
        if self.kernel == self.elf:
            return []
        return [f"build {escape(self.kernel)}: raw {escape(self.elf)}", f"  objcopy = {self.tools.binary_objcopy}",
                f"  label = {relative(self.kernel)}"]

    # ------------------------------------------------------------------------------------------------- rootfs

    def rootfs_object(self):
        return self.dir / "rootfs.o"

    def pack_rootfs(self):
        """The files of --rootfs (or of the application's own rootfs/) as a cpio archive inside the image."""
        from . import rootfs
        folder = self.options.rootfs
        if folder is None and "rootfs" in self.app.run:
            folder = self.app.dir / self.app.run["rootfs"]
        data = rootfs.pack(folder) if folder else b""
        write_if_changed(self.dir / "rootfs.cpio", data)
        incbin = '.incbin "rootfs.cpio"\n' if data else ""
        text = f'.section .rootfs, "a"\n.balign 16\n{incbin}.section .note.GNU-stack, "", %progbits\n'
        write_if_changed(self.dir / "rootfs.S", text)

    # ---------------------------------------------------------------------------------------------------- run

    def lock(self, shared=False):
        """Hold this image's folder against other builds of it, and against runs; `shared`: with other runs."""
        return locked(self.dir / ".lock", shared)

    def write_compile_commands(self):
        """For editors: compile_commands.json at the root describes the image built last."""
        entries = [{"directory": str(self.root), "file": str(c.source), "output": str(c.target),
                    "arguments": [c.cc, *c.flags, "-c", str(c.source), "-o", str(c.target)]} for c in self.compilations()]
        write_if_changed(self.root / "compile_commands.json", json.dumps(entries, indent=1) + "\n")

    def run(self):
        """Build the image; returns what is started."""
        self.dir.mkdir(parents=True, exist_ok=True)
        self.pack_rootfs()
        port_lines = self.prepare_ports()
        compilations = self.compilations()
        file = self.dir / "build.ninja"
        write_if_changed(file, self.ninja_text([c.target for c in compilations], port_lines))
        self.objects.make(compilations, lambda objects: ninja.run(objects, self.options.verbose))
        ninja.run(file, self.options.verbose)
        return self.kernel


def constant_lines(values):
    """The definitions of [config]'s constants."""
    lines = []
    for key, value in values.items():
        text = json.dumps(value) if isinstance(value, str) else hex(value) if value > 0xffffffff else str(int(value))
        lines.append(f"#define AX_CONFIG_{key.upper()} {text}")
    return lines


def header_text(brief, lines):
    return "\n".join(["/* SPDX-License-Identifier: Apache-2.0 */", f"/* {brief} Generated by ./ax. */", "#pragma once", "",
                      *lines, ""])


def write_header(path, brief, lines):
    write_if_changed(path, header_text(brief, lines))
