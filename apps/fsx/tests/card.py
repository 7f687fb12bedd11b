# SPDX-License-Identifier: Apache-2.0
"""A memory card as a board's firmware wants it: `card.py make IMAGE` puts a partition table and FAT into it, `card.py check
IMAGE` has fsck look at the partition. A Linux partition lies before the FAT one, so that it is not the first."""
import struct
import subprocess
import sys
import tempfile

BLOCK, LINUX, FAT = 512, (0x83, 2048, 2048), (0x0e, 4096, 32768)    # type, first block, blocks


def entry(kind, first, count):
    return struct.pack("<B3sB3sII", 0, bytes(3), kind, bytes(3), first, count)


def main():
    action, image = sys.argv[1:]
    with tempfile.NamedTemporaryFile() as part, open(image, "r+b") as card:
        if action == "make":
            part.truncate(FAT[2] * BLOCK)
            subprocess.run(["mkfs.vfat", part.name], check=True, stdout=subprocess.DEVNULL)
            card.seek(446)
            card.write(entry(*LINUX) + entry(*FAT) + bytes(32) + b"\x55\xaa")
            card.seek(FAT[1] * BLOCK)
            card.write(part.read())
            return 0
        card.seek(FAT[1] * BLOCK)
        part.write(card.read(FAT[2] * BLOCK))
        part.flush()
        return subprocess.run(["fsck.vfat", "-n", part.name]).returncode


sys.exit(main())
