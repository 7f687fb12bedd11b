# SPDX-License-Identifier: Apache-2.0
"""The figures of `ax bench`: how samples become rows and ratios, what is read from programs, what a guest is given."""
import tempfile
import unittest
from pathlib import Path

import scratch  # noqa: F401  (finds the tool)
from ax import bench, bench_lua, bench_threads, linuxguest
from ax.bench_results import Results, render
from ax.errors import AxError

MACHINE = {"cpu": "a CPU", "clock_mhz": "1000", "cpus": 2, "load": 0.1, "kernel": "a kernel", "qemu": "a QEMU"}
OURS = ("ashlar", "native", "default", "hosted")


class Figures(unittest.TestCase):
    def test_a_row_is_the_median_and_the_extremes_of_its_runs(self):
        results = Results("command", MACHINE)
        for value in (30.0, 10.0, 20.0):
            results.add("yield", OURS, "cycles", value)
        row = results.as_object()["rows"][0]
        self.assertEqual(row, {"op": "yield", "system": "ashlar", "api": "native", "config": "default",
                               "platform": "hosted", "unit": "cycles", "median": 20.0, "min": 10.0, "max": 30.0,
                               "runs": 3})

    def test_a_ratio_is_the_median_of_quotients_made_pair_by_pair(self):
        results = Results("command", MACHINE)
        for ours, theirs in ((1, 10), (40, 100), (3, 10)):
            results.pair("yield", ours, theirs)
        ratio = results.ratios()[0]
        self.assertEqual((ratio["value"], ratio["min"], ratio["max"], ratio["pairs"]), (0.3, 0.1, 0.4, 3))

    def test_the_table_names_what_was_not_measured(self):
        results = Results("command", MACHINE)
        results.add("yield", OURS, "cycles", 12345.6)
        results.lack("Linux", "no kernel\nnoise\n  mend: get one")
        text = render("title", results)
        self.assertIn("12,346", text)
        self.assertIn("not measured: Linux: no kernel; mend: get one", text)

    def test_an_unknown_bench_is_refused_with_the_nearest_name(self):
        with self.assertRaises(AxError) as caught:
            bench.run(None, ["thread"], 5, True)
        self.assertIn('did you mean "threads"?', str(caught.exception))


class Reading(unittest.TestCase):
    def test_batches_are_divided_by_their_operations_and_the_median_kept(self):
        output = "bench yield 100 50 10\nnoise\nbench yield 900 90 10\nbench yield 200 60 10\nbench lock 7 7 7\n"
        self.assertEqual(bench_threads.read_batches(output), {"yield": (20.0, 6.0), "lock": (1.0, 1.0)})

    def test_lua_lines_end_with_or_without_carriage_return(self):
        seconds, sums = bench_lua.read("x\nbench fib 0.5 12\r\nbench gc 0.25 a\n")
        self.assertEqual(seconds, {"fib": 0.5, "gc": 0.25})
        self.assertEqual(sums, {"fib": "12", "gc": "a"})


class Guest(unittest.TestCase):
    def test_an_initramfs_holds_folders_before_their_files_and_ends_with_the_trailer(self):
        with tempfile.TemporaryDirectory() as folder:
            data = linuxguest.initramfs(Path(folder) / "a.cpio", {"init": b"one", "a/b/c": b"two"}).read_bytes()
        names = [b"init\0", b"a\0", b"a/b\0", b"a/b/c\0", b"TRAILER!!!\0"]
        places = [data.index(name) for name in names]
        self.assertEqual(places, sorted(places))
        self.assertEqual(data[:6], b"070701")


if __name__ == "__main__":
    unittest.main()
