# SPDX-License-Identifier: Apache-2.0
"""Keeps what archives may call: an object that names their undefined symbols, for the link-time optimizer to see.

The compiler leaves built-in functions (printf, puts) out of the symbols that the linker reads from LTO objects. Members
that define them join the link only after optimization, and what they call (ax_sys_writev) may be gone by then. The names
stand in a section that the linker excludes: they hold a function through the optimization, not in the image.
"""
import subprocess
import sys
from pathlib import Path


def main(nm, out, *archives):
    names = set()
    for archive in archives:
        done = subprocess.run([nm, "-u", "--format=posix", archive], capture_output=True, text=True, check=True)
        names.update(line.split()[0] for line in done.stdout.splitlines() if line.endswith(" U") or " U " in line)
    lines = ['.section .lto_roots, "e", %progbits', *(f".weak {n}\n.quad {n}" for n in sorted(names)),
             '.section .note.GNU-stack, "", %progbits', ""]
    Path(out).write_text("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
