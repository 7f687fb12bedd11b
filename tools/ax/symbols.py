# SPDX-License-Identifier: Apache-2.0
"""The audit's linking half: which symbols a component's objects define, hide and want, held against its manifest.

An object has an ELF symbol table (System V gABI, chapter 4, "Symbol Table"); one for link-time optimization has the table
that the compiler writes for the linker's plugin in its place, where functions of the compiler's own, such as memcpy(),
are left out. Of a component's objects together, a defined symbol of default visibility is exported; a hidden one serves
the component's own files and is out of reach for all others, as if `ld -r` and `objcopy --localize-hidden` had made the
component one object.
"""
import fnmatch
import re
import struct
import subprocess
from dataclasses import dataclass, field

from .errors import AxError
from .includes import code_of, files_of
from .manifest import relative
from .resolve import include_dirs_any

SHT_SYMTAB, SHN_UNDEF = 2, 0
STB_LOCAL, STB_WEAK = 0, 2
STV_DEFAULT = 0

# Of GCC's section .gnu.lto_.symtab, an entry: name, comdat group, and this; lto-plugin/lto-plugin.c, parse_table_entry().
PLUGIN_SECTION, PLUGIN_ENTRY = b".gnu.lto_.symtab.", struct.Struct("<BBQI")
LDPK_UNDEF, LDPK_WEAKUNDEF = 2, 3
LDPV_DEFAULT = 0

# What the compiler itself may call: the four functions that GCC's and Clang's manuals ask of any environment,
# freestanding too, the stack protector's, and an exchange of a byte where the machine's atomics have words alone.
COMPILER = {"memcpy", "memmove", "memset", "memcmp", "__stack_chk_fail", "__stack_chk_guard", "_GLOBAL_OFFSET_TABLE_",
            "__atomic_exchange_1"}

RAW_CALLS = {"x86_64": ("syscall", "sysenter", "int    $0x80"), "aarch64": ("svc",), "riscv64": ("ecall",)}
RAW_BYTES = {"x86_64": (b"\x0f\x05", b"\x0f\x34", b"\xcd\x80")}
RAW_ALLOWED = ("axhal_linux_", "axhal_sbi_")      # the Linux process's calls; RISC-V's firmware shares `ecall`


@dataclass
class Symbols:
    """Of one object, or of all objects of a component."""
    exported: dict = field(default_factory=dict)     # name -> object
    hidden: dict = field(default_factory=dict)
    wanted: dict = field(default_factory=dict)       # undefined here; name -> object

    def add(self, other):
        self.exported.update(other.exported)
        self.hidden.update(other.hidden)
        self.wanted.update(other.wanted)

    def settle(self):
        """What one object wants and another of the same component defines is an inner matter."""
        self.wanted = {n: o for n, o in self.wanted.items() if n not in self.exported and n not in self.hidden}
        return self


def read_object(path):
    """The symbols of a 64-bit little-endian ELF object."""
    data = path.read_bytes()
    symbols = Symbols()
    section_offset, = struct.unpack_from("<Q", data, 0x28)
    entry_size, count = struct.unpack_from("<HH", data, 0x3a)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, section_offset + i * entry_size) for i in range(count)]
    section_names = sections[struct.unpack_from("<H", data, 0x3e)[0]][4]
    for name_at, kind, _, _, offset, size, link, _, _, _ in sections:
        if data.startswith(PLUGIN_SECTION, section_names + name_at):
            return read_plugin_table(data[offset:offset + size], path)
        if kind != SHT_SYMTAB:
            continue
        names = sections[link][4]
        for name_at, info, other, section, _, _ in struct.iter_unpack("<IBBHQQ", data[offset:offset + size]):
            if info >> 4 == STB_LOCAL:
                continue
            name = data[names + name_at:data.index(b"\0", names + name_at)].decode()
            if section != SHN_UNDEF:
                (symbols.exported if other & 3 == STV_DEFAULT else symbols.hidden)[name] = path
            elif info >> 4 != STB_WEAK:
                symbols.wanted[name] = path
    return symbols


def read_plugin_table(table, path):
    symbols, at = Symbols(), 0
    while at < len(table):
        name, _, _ = table[at:].split(b"\0", 2)
        at = table.index(b"\0", table.index(b"\0", at) + 1) + 1
        kind, visibility, _, _ = PLUGIN_ENTRY.unpack_from(table, at)
        at += PLUGIN_ENTRY.size
        if kind == LDPK_UNDEF:
            symbols.wanted[name.decode()] = path
        elif kind != LDPK_WEAKUNDEF:
            (symbols.exported if visibility == LDPV_DEFAULT else symbols.hidden)[name.decode()] = path
    return symbols


def library_symbols(tools):
    """What the compiler's support library defines, and the compiler may call."""
    done = subprocess.run([tools.nm, "--defined-only", "-g", "-j", tools.libgcc], capture_output=True, text=True)
    return set(done.stdout.split())


def interface_words(c, glue):
    """Every word of an interface's header outside comments: among them the functions that the interface consists of."""
    return {word for folder in include_dirs_any(c) if (folder / glue.header).is_file()
            for word in re.findall(r"\w+", code_of(folder / glue.header))}


class Judge:
    """Holds the symbols of every image's components against their manifests."""

    def __init__(self, tree, sources):
        """`sources`: object -> source file, for messages."""
        self.tree, self.sources = tree, sources
        self.problems = {}            # text -> AxError: the same mistake shows in many images
        self.used = {}                # component -> components whose symbols it references
        self.interfaces = {glue.name: interface_words(c, glue) for c in tree.components.values() for glue in c.requires}
        self.prefixes = sorted(((prefix, c.name) for c in tree.components.values() for prefix in c.prefix),
                               key=lambda entry: -len(entry[0]))
        self.exporters, self.hiders = {}, {}
        self.told = set()             # (component, symbol, platform) that lacks a definition

    def learn(self, name, symbols):
        """First pass: who defines what, anywhere. What an application defines is for itself."""
        if name in self.tree.apps:
            return
        for symbol in symbols.exported:
            self.exporters.setdefault(symbol, {})[name] = symbols.exported[symbol]
        for symbol in symbols.hidden:
            self.hiders.setdefault(symbol, {})[name] = symbols.hidden[symbol]

    def refuse(self, what, where, mend):
        error = AxError(what, where, mend)
        self.problems.setdefault(str(error), error)

    def judge_exports(self, node, symbols):
        c = node.component
        if c.layer == "app":
            return
        provided = set().union(*(self.interfaces.get(glue.name, ()) for glue in c.provides))
        for symbol, obj in symbols.exported.items():
            owner = next((name for prefix, name in self.prefixes if symbol.startswith(prefix)), None)
            if owner == c.name or symbol in provided:
                continue
            taken = f', which starts with a prefix of "{owner}"' if owner else ""
            self.refuse(f'"{c.name}" exports `{symbol}`{taken}: not one of its prefixes ({", ".join(c.prefix)})',
                        self.place(c, symbol, obj),
                        f"make it static, or private (hidden: declared outside the public headers), or rename it, or add "
                        f"its prefix at {c.line_of_key('component', 'prefix')}")

    def judge_private_names(self):
        """With LTO all hidden symbols of an image share one name space."""
        for symbol, owners in self.hiders.items():
            names = sorted({*owners, *self.exporters.get(symbol, {})})
            if len(names) > 1:
                first = self.tree.all()[next(iter(owners))]
                self.refuse(f'`{symbol}` is defined by {" and ".join(names)}', self.place(first, symbol, owners[first.name]),
                            "make it static, or put the component's prefix in front")

    def judge_wanted(self, image, node, symbols, by_name, library, ports):
        """Every undefined symbol of one component in one image has a declared origin. `by_name`: component -> Symbols."""
        c = node.component
        visible = image.visible(c.name)
        for symbol, obj in symbols.wanted.items():
            owner = next((name for name in visible if name in by_name and symbol in by_name[name].exported), None)
            if owner:
                self.used.setdefault(c.name, set()).add(owner)
                continue
            if symbol in COMPILER or symbol in library or symbol == "main" and c.layer == "ulib":
                continue
            if self.by_interface(image, visible, symbol, by_name):
                continue
            if any(fnmatch.fnmatchcase(symbol, pattern) for name in visible
                   for pattern in image.nodes[name].component.linker_symbols):
                continue
            if ports and symbol not in self.exporters and symbol not in self.hiders:
                continue              # of a library, which the image's link resolves or refuses
            self.refuse_wanted(image, node, symbol, obj, visible)

    def credit_compiler_calls(self, c):
        """A dependency that defines what the compiler may call is used by whoever writes the name of it: the tables for
        the linker's plugin leave such calls out."""
        words = {word for path in files_of(c) for word in re.findall(r"\w+", code_of(path))} & COMPILER
        owners = {name for symbol in words for name in self.exporters.get(symbol, ())}
        self.used.setdefault(c.name, set()).update(owners - {c.name})

    def by_interface(self, image, visible, symbol, by_name):
        """A function of an interface whose header is in sight; its provider, if the image has one, must define it."""
        for name in visible:
            for glue in image.nodes[name].component.requires:
                if symbol not in self.interfaces[glue.name]:
                    continue
                if glue.name in image.glue:
                    provider = image.glue[glue.name][1]
                    if provider.name in by_name and symbol not in by_name[provider.name].exported:
                        self.refuse(f'"{provider.name}" provides "{glue.name}" but does not define `{symbol}`',
                                    provider.component.line(glue.name), f"define it as {glue.header} declares it")
                return True
        return False

    def refuse_wanted(self, image, node, symbol, obj, visible):
        c = node.component
        where = self.place(c, symbol, obj)
        exporters = [name for name in self.exporters.get(symbol, {}) if name != c.name]
        hiders = [name for name in self.hiders.get(symbol, {}) if name != c.name]
        inside = next((name for name in visible if name in self.exporters.get(symbol, {})), None)
        if (inside, symbol, image.platform.name) in self.told:
            return
        if inside:
            self.told.add((inside, symbol, image.platform.name))
            features = ", ".join(image.nodes[inside].features) or "none"
            self.refuse(f'"{inside}" does not define `{symbol}` on {image.platform.name} with features {features}', where,
                        f"define it there too, or use it only with the feature of {inside} that brings it")
        elif exporters and exporters[0] in c.dependencies:
            self.refuse(f'`{symbol}` is of "{exporters[0]}", an optional dependency of "{c.name}" that is off here '
                        f"(features: {', '.join(node.features) or 'none'})", where, "use it only in a source of the feature that turns it on")
        elif exporters:
            self.refuse(f'`{symbol}` belongs to "{exporters[0]}", which "{c.name}" does not declare', where,
                        f"add `{exporters[0]} = {{}}` to [dependencies] of {relative(c.path)}, and include its header")
        elif hiders:
            self.refuse(f'`{symbol}` is private to "{hiders[0]}" ({relative(self.sources[self.hiders[symbol][hiders[0]]])})',
                        where, f"use what {hiders[0]} offers in its public headers")
        else:
            self.refuse(f'nobody defines `{symbol}`, which "{c.name}" uses', where,
                        "define it, or name it in [linker] symbols if the linker script does")

    def place(self, c, symbol, obj):
        """`file:line` of the first use in the object's source, else anywhere in the component, else the source."""
        source = self.sources[obj]
        word = re.compile(rf"\b{re.escape(symbol)}\b")
        for path in dict.fromkeys([source, *files_of(c)]):
            text = code_of(path)
            match = word.search(text)
            if match:
                return f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        return relative(source)


ASM = re.compile(r"\b(?:asm|__asm|__asm__)\b[^(;{}]*\(")
RAW_TEXT = re.compile(r"\b(syscall|sysenter|svc|ecall)\b|\b(int\s+\$0x80)|(0x0f\s*,\s*0x(?:05|34)|0xcd\s*,\s*0x80)\b", re.I)
FUNCTION = re.compile(r"^(?:#[ \t]*define[ \t]+|[A-Za-z_][^;={}()\n]*?)\b(\w+)\(", re.M)


def raw_syscalls_in_text(path):
    """[(line, function, instruction)]: the same in the assembly statements of a C source or header, compiled or not."""
    text, found = code_of(path), []
    for statement in ASM.finditer(text):
        depth, end = 1, statement.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        match = RAW_TEXT.search(re.sub(r"\\[nt]", "  ", text[:end]), statement.start())
        if match:
            function = ([None, *FUNCTION.finditer(text, 0, statement.start())][-1] or [0, "?"])[1]
            if not function.startswith(RAW_ALLOWED):
                found.append((text.count("\n", 0, match.start()) + 1, function, match[0]))
    return found


def raw_syscalls(path, tools):
    """[(function, instruction)] of system-call instructions in an object or image that are not the platform's own."""
    if not any(code in path.read_bytes() for code in RAW_BYTES.get(tools.arch, (b"",))):
        return []
    done = subprocess.run([tools.objdump, "-d", "--no-show-raw-insn", str(path)], capture_output=True, text=True)
    found, function = [], ""
    for line in done.stdout.splitlines():
        label = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        if label:
            function = label.group(1)
        elif "\t" in line and not function.startswith(RAW_ALLOWED):
            instruction = line.split("\t", 1)[1].strip()
            if any(re.match(rf"{re.escape(call)}(?!\w)", instruction) for call in RAW_CALLS[tools.arch]):
                found.append((function, instruction))
    return found
