# SPDX-License-Identifier: Apache-2.0
"""An ext4 volume in the image named, with files too large to lie in the tree: their text follows from their size alone."""
import pathlib
import subprocess
import sys
import tempfile

FILES = {"large.txt": 3_000_001, "empty.txt": 0, "one": 1}


def text(size):
    return "".join(f"{number}\n" for number in range(size // 6 + 1)).encode()[:size]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, size in FILES.items():
            pathlib.Path(folder, name).write_bytes(text(size))
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder, sys.argv[1]], check=True)
