# SPDX-License-Identifier: Apache-2.0
"""Makes SQLite's amalgamation with upstream's makefile: `amalgamate.py SRC/main.mk -- OUT/sqlite3.c OUT/sqlite3.h ...`.

The makefile builds its parser generator with the host's compiler and puts the files together with tclsh."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

split = sys.argv.index("--")
makefile = pathlib.Path(sys.argv[1]).resolve()
outputs = [pathlib.Path(path) for path in sys.argv[split + 1:]]

for program in ("make", "tclsh"):
    if not shutil.which(program):
        sys.exit(f"{program} is needed to put SQLite's source together; on Debian and Ubuntu: apt install make tcl")
with tempfile.TemporaryDirectory(dir=outputs[0].parent) as folder:
    done = subprocess.run(["make", "--silent", f"--file={makefile}", f"TOP={makefile.parent}", "BCC=gcc", "TCC=gcc",
                           "NAWK=awk", "EXE=", *(path.name for path in outputs)],
                          cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    for path in outputs:
        shutil.copy(pathlib.Path(folder) / path.name, path)
