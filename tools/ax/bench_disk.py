# SPDX-License-Identifier: Apache-2.0
"""Part of `ax bench files`: transfers of a virtio-blk disk, one at a time, beside a Linux guest with O_DIRECT.

The loops are apps/bench_disk, the same source for both; QEMU, its words and the image of the disk are the same. A ratio is of
throughputs, ours by the guest's.
"""
import os
import re

from . import bench_targets, linuxguest
from . import run as running
from .bench_boot import built, left_out
from .bench_loops import execute

GUEST = "x86_64-qemu-q35"
MEMORY = "256M"
DISK_BYTES = 64 << 20
MIB = "32"              # of each line
OPERATIONS = tuple(f"disk-{way}-{order}-{size}" for way in ("read", "write") for size in (4096, 16384, 65536, 262144, 1 << 20)
                   for order in ("sequential", "random"))
SIGN = "write random 1048576"


def measure(tree, runs, results):
    accel = running.accelerator("auto")
    image = linuxguest.folder(tree.root) / "disk.img"
    with left_out(results, f"disk, {accel}"):
        sides = {("ashlar", "native", "default", accel): ours(tree, accel, image)}
        with left_out(results, f"disk, Linux guest, {accel}"):
            sides["linux", "posix", "default", accel] = theirs(tree, accel, image, results)
        for turn in range(runs):
            found = {}
            for side, (words, environment) in sides.items():
                results.progress(f"disk: round {turn + 1} of {runs}, {' '.join(side)}")
                image.write_bytes(os.urandom(DISK_BYTES))
                found[side] = read(execute(words, environment, sign=SIGN))
                for op, rate in found[side].items():
                    results.add(op, side, "MB/s", rate / 1e6)
            compare(found, results)


def compare(found, results):
    """Ours, the first, by the guest's, if there is one."""
    mine, *others = found.values()
    for op, rate in mine.items():
        for guest in others:
            results.pair(bench_targets.disk_ratio(op), rate, guest.get(op))


def read(output):
    """{"disk-read-sequential-4096": bytes a second}"""
    lines = re.findall(r"^(read|write) (sequential|random) (\d+) (\d+)\r?$", output, re.M)
    return {f"disk-{way}-{order}-{size}": int(rate) for way, order, size, rate in lines}


def ours(tree, accel, image):
    image.write_bytes(bytes(DISK_BYTES))
    options = running.RunOptions([MIB], mem=MEMORY, accel=accel, disks=[running.Disk(str(image))])
    return running.command(built(tree, "bench_disk", GUEST), options, os.devnull)


def theirs(tree, accel, image, results):
    folder = tree.root / "apps" / "bench_disk"
    program = linuxguest.compile_static(tree.root, "bench_disk", [folder / "main.c"], [f"-I{folder}/linux"])
    guest = linuxguest.guest(tree.root, "disk", {"bench_disk": program}, linuxguest.DISKS)
    results.machine["guest"] = guest.version
    words = guest.command(tree.platform(GUEST), MEMORY, ["/bench_disk", MIB], accel, disks=[running.Disk(str(image))])
    return words, None
