# SPDX-License-Identifier: Apache-2.0
"""`ax bench files`: what files in memory cost, beside Linux's tmpfs.

The loops are apps/bench_files; bench_loops.py times and counts them. Here stand the stages of an operation (table of
descriptors, look-up, VFS, file system, copying) and the pictures. Disks are bench_disk.py's.
"""
import functools

from . import bench_disk, bench_stages
from .bench_charts import above, in_order, series_of
from .bench_loops import Loops
from .bench_stages import LOOP, Plan, label
from .chart import grouped_bars, stacked_bars

SIZES = (1, 16, 64, 256, 1024, 4096, 16384, 65536)
OPERATIONS = ("open+close", "stat", "create+unlink", "read-1", "write-1")
BLOCKS = tuple(f"{op}-{size}" for size in SIZES for op in ("copy-out", "read", "copy-in", "write"))

# From the program to the memory. A function that is inlined counts where it stands here.
STAGES = {
    "C library": ("open", "close", "read", "write", "lseek", "stat", "fstatat"),
    "descriptor table": ("ax_sys_open", "ax_sys_openat", "ax_sys_close", "ax_sys_read", "ax_sys_write", "ax_sys_lseek"),
    "path look-up": ("axfs_walk_cached", "axfs_walk", "axfs_walk_on", "axfs_step"),
    "VFS": ("ax_file_open", "ax_file_open_at", "ax_file_close", "ax_file_read", "ax_file_write", "ax_file_seek",
            "ax_path_stat_at", "ax_path_unlink_at", "axfs_make", "axfs_stat"),
    "file system": ("ramfs_read", "ramfs_write", "ramfs_create", "ramfs_unlink", "ramfs_lookup", "ramfs_release",
                    "ramfs_load_attributes", "ramfs_truncate"),
    "memory": ("axalloc_alloc", "axalloc_free", "allocate"),
    "copy": ("memcpy", "memmove", "memset"),
}
PLAN = Plan(("open", "create", "bytes"), ("open+close", "read-1", "write-1", "create+unlink"), STAGES, rounds="16")
COLOURS = dict(zip((*STAGES, LOOP), ("#2f6db3", "#9ecae1", "#1b6e2c", "#74b87d", "#d95f02", "#e0a000", "#8e3a9d",
                                     "#cccccc")))


class Files(Loops):
    app = "bench_files"
    brief = "files in memory, native and POSIX, beside tmpfs on Linux; a disk, beside a Linux guest"
    configs = {("native", "default"): ("fp", "tls"), ("native", "tables"): ("fp", "tls", "tables"),
               ("posix", "default"): ("posix",)}
    rounds, rounds_linux, rounds_counted, rounds_counted_linux = 20_000, 5_000, 500, 200

    def run(self, tree, runs, results):
        self.time(tree, runs, results)
        self.count(tree, results)
        for (api, config), features in self.configs.items():
            results.progress(f"{self.app}: by function, {api} {config}")
            self.attempt(results, f"{api} {config}, by function", functools.partial(
                bench_stages.measure, tree, self.app, api, config, features, results, PLAN))
        bench_disk.measure(tree, runs, results)
        results.progress("")


def charts(results):
    """{suffix of the file's name: SVG}; what was not measured is not drawn."""
    drawn = {"": bars(results, OPERATIONS, "What files in memory cost, one CPU"),
             "-blocks": bars(results, BLOCKS, "Reads and writes of files in memory by block size; copy is memcpy() alone"),
             "-stages": stages(results), "-disk": throughput(results)}
    return {suffix: text for suffix, text in drawn.items() if text}


def bars(results, operations, title):
    series = series_of(results, "cycles", ("hosted", "linux"), operations)
    if not series:
        return None
    return grouped_bars(
        above(results, title, "Cycles of the time-stamp counter per operation, logarithmic. Ours hosted, in one process of "
                              "this Linux; the same C source on Linux, static, on tmpfs, in turn with ours."),
        "cycles per operation", in_order(operations, series), series)


def throughput(results):
    """The disk's, beside the guest's."""
    series = series_of(results, "MB/s", ("tcg", "kvm"), bench_disk.OPERATIONS)
    if not series:
        return None
    return grouped_bars(
        above(results, "Transfers of a virtio-blk disk, one at a time, past any cache",
              "Megabytes a second by the size of a transfer, logarithmic; ours and a Linux guest's with O_DIRECT on the same QEMU."),
        "MB/s", in_order(bench_disk.OPERATIONS, series), series)


def stages(results):
    bars_ = [(label(entry), entry["stages"]) for entry in results["breakdown"] if "stages" in entry]
    if not bars_:
        return None
    return stacked_bars(
        above(results, "Where the instructions of an operation on a file go",
              "Each attributed to the function that executed it; hosted, stepped one by one.", timed=False),
        "instructions per operation", bars_, COLOURS)
