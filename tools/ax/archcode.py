# SPDX-License-Identifier: Apache-2.0
"""The audit's look for code of one architecture. It has its rooms: axhal's `arch/` and `platform/`, an element's folders that
are named for an architecture (or lie in its `arch/`), and elements named for one, the drivers of a processor's devices.
Elsewhere no file names an architecture, holds an instruction, or uses a compiler's function for one.

Tests are not read: they run on the host. Two things that look alike are no instructions and stay allowed: an empty template,
which only tells the compiler something, and a name given to a symbol behind its declaration.
"""
import re

from .errors import AxError
from .manifest import relative

ARCHES = ("x86_64", "aarch64", "riscv64")
DRIVERS = ("x86_", "arm_", "riscv_")            # of a processor's devices: how their elements' names begin
HAL = {"axhal": ("arch", "platform")}           # module -> its folders

NAMES = re.compile(r"\b_*(?:x86_64|i[3-6]86|amd64|aarch64|arm|riscv)__\b|\b__(?:riscv|ARM|aarch64|x86)\w*\b|"
                   r"\b_M_(?:X64|IX86|ARM64|AMD64)\b")
INTRINSICS = re.compile(r"\b__builtin_(?:ia32|arm|aarch64|riscv)_\w+|\b_mm\d*_\w+|\b__(?:rdtsc|cpuid\w*|readfsqword|readgsqword)\b|"
                        r"<(?:\w*intrin|arm_\w+|cpuid|riscv_vector)\.h>")
INLINE = re.compile(r"\b(?:asm|__asm|__asm__)\b\s*((?:(?:volatile|__volatile__|__volatile|goto|inline|__inline__)\b\s*)*)\(")
STRINGS = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*"\s*)*)')
CONTROL = re.compile(r"^(?:(?:if|while|for|switch)\b.*\)|else|do|.*\bregister\b.*)\s*$")


def problems(c, path, text):
    """What of the file `path` of component `c` belongs into a folder for an architecture; `text` is without comments."""
    if has_room(c, path):
        return []
    if path.suffix == ".S":
        return [refusal(c, path, 1, "an assembly file")]
    found = [(m.start(), f"{m.group()} names an architecture") for m in NAMES.finditer(text)]
    found += [(m.start(), f"{m.group()} is a function for one architecture") for m in INTRINSICS.finditer(text)]
    found += [(m.start(), "inline assembly") for m in INLINE.finditer(text) if is_code(text, m)]
    return [refusal(c, path, text.count("\n", 0, at) + 1, what) for at, what in sorted(found)]


def has_room(c, path):
    folders = path.relative_to(c.dir).parts[:-1]
    if c.name in HAL:
        return folders[:1] and folders[0] in HAL[c.name]
    return c.layer == "element" and (c.name.startswith(DRIVERS) or folders[:1] == ("arch",) or any(f in ARCHES for f in folders))


def is_code(text, match):
    """Not an empty template, nor `declaration __asm__("name")`."""
    template = STRINGS.match(text, match.end()).group(1).strip()
    if template and not re.sub(r'["\s]', "", template):
        return False
    before = text[text.rfind("\n", 0, match.start()) + 1:match.start()].rstrip()
    return bool(match.group(1).strip() or not re.search(r"[\w)]$", before) or CONTROL.match(before.strip()))


def refusal(c, path, line, what):
    return AxError(f'{what}, and "{c.name}" is no room for one architecture\'s code', f"{relative(path)}:{line}",
                   "put it behind a function of axhal's contract, into modules/axhal/arch/, or into an element's folder arch/")
