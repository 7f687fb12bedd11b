# SPDX-License-Identifier: Apache-2.0
"""Compilers and binutils: which program is called for what, for each architecture and each of gcc and clang."""
import functools
import platform as host
import shutil
import subprocess
from pathlib import Path

from .errors import AxError

CROSS = {"x86_64": "x86_64-linux-gnu-", "riscv64": "riscv64-linux-gnu-", "aarch64": "aarch64-linux-gnu-"}


class Toolchain:
    """Commands for one architecture. `cc` is "gcc" or "clang"."""

    def __init__(self, arch, cc="gcc"):
        if cc not in ("gcc", "clang"):
            raise AxError(f'unknown compiler "{cc}"', "--cc", "gcc or clang")
        self.arch, self.kind = arch, cc
        prefix = "" if host.machine() == arch else CROSS[arch]
        self.gcc = prefix + "gcc"
        self.cc = self.gcc if cc == "gcc" else "clang"
        self.target = [f"--target={arch}-linux-gnu"] if cc == "clang" and prefix else []
        self.nm, self.objcopy, self.strip = prefix + "nm", prefix + "objcopy", prefix + "strip"
        self.ld, self.objdump, self.size = prefix + "ld", prefix + "objdump", prefix + "size"
        self.binary_objcopy = prefix + "objcopy"
        self.ar = prefix + "ar" if cc == "gcc" else "llvm-ar"
        if cc == "clang":
            self.nm = "llvm-nm"
        need(self.gcc, f"gcc-{prefix.rstrip('-').replace('_', '-')}" if prefix else "gcc")
        if cc == "clang":
            need(self.cc, "clang lld llvm")

    @property
    def link_flags(self):
        """Flags that only the linking call of this compiler takes."""
        return ["-fuse-ld=lld"] if self.kind == "clang" else ["-fuse-ld=bfd", "-no-pie"]

    @functools.cached_property
    def builtin_include(self):
        """Folders of the compiler's own headers (stdint.h, stdarg.h, ...): all that -nostdinc leaves us."""
        names = ["include", "include-fixed"] if self.kind == "gcc" else ["include"]
        found = [Path(output([self.cc, *self.target, f"-print-file-name={name}"])) for name in names]
        return [path for path in found if path.is_dir()]

    @functools.cached_property
    def libgcc(self):
        return output([self.gcc, "-print-libgcc-file-name"])


def need(program, packages):
    if not shutil.which(program):
        raise AxError(f"`{program}` is not installed", mend=f"`make setup`, or: apt install {packages}")


@functools.cache
def _output(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def output(command):
    return _output(tuple(command))
