# SPDX-License-Identifier: Apache-2.0
"""The figures of `ax bench`: how samples become rows and ratios, what is read from programs, what a guest is given."""
import contextlib
import io
import json
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import scratch  # noqa: F401  (finds the tool)
from ax import bench, bench_charts, bench_disk, bench_loops, bench_lua, bench_targets, bench_threads, linuxguest
from ax.bench_results import Results, render
from ax.errors import AxError

MACHINE = {"cpu": "a CPU", "clock_mhz": "1000", "cpus": 2, "load": 0.1, "kernel": "a kernel", "qemu": "a QEMU",
           "date": "2026-01-02"}
OURS = ("ashlar", "native", "default", "hosted")


class Figures(unittest.TestCase):
    def test_a_row_is_the_median_and_the_extremes_of_its_runs(self):
        results = Results("command", MACHINE)
        for value in (30.0, 10.0, 20.0):
            results.add("yield", OURS, "cycles", value)
        row = results.as_object()["rows"][0]
        self.assertEqual(row, {"op": "yield", "system": "ashlar", "api": "native", "config": "default",
                               "platform": "hosted", "cpus": 1, "unit": "cycles", "median": 20.0, "min": 10.0,
                               "max": 30.0, "runs": 3})

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
        text = render("title", results.as_object())
        self.assertIn("12,346", text)
        self.assertIn("not measured: Linux: no kernel; mend: get one", text)

    def test_an_unknown_bench_is_refused_with_the_nearest_name(self):
        with self.assertRaises(AxError) as caught:
            bench.run(None, ["thread"], 5, True)
        self.assertIn('did you mean "threads"?', str(caught.exception))


class Reading(unittest.TestCase):
    def test_batches_are_divided_by_their_operations_and_the_median_kept(self):
        output = "bench yield 100 50 10\nnoise\nbench yield 900 90 10\nbench yield 200 60 10\nbench lock 7 7 7\n"
        self.assertEqual(bench_loops.read_batches(output), {"yield": (20.0, 6.0), "lock": (1.0, 1.0)})

    def test_a_bare_line_of_the_guest_s_kernel_is_no_figure(self):
        self.assertEqual(bench_loops.read_batches("[ 0.1] bench a b c\nbench x 10 20 10\r\n"), {"x": (1.0, 2.0)})

    def test_on_several_cpus_the_best_batch_is_kept_by_their_number(self):
        output = "bench parallel-yield@1 9 100 10\nbench parallel-yield@2 9 90 10\nbench parallel-yield@2 9 50 10\n"
        self.assertEqual(bench_threads.read_many(output), {("parallel-yield", 1): 10.0, ("parallel-yield", 2): 5.0})

    def test_lua_lines_end_with_or_without_carriage_return(self):
        seconds, sums = bench_lua.read("x\nbench fib 0.5 12\r\nbench gc 0.25 a\n")
        self.assertEqual(seconds, {"fib": 0.5, "gc": 0.25})
        self.assertEqual(sums, {"fib": "12", "gc": "a"})


class Sides(unittest.TestCase):
    """What a round does with the sides that it runs."""
    LINUX = ("linux", "posix", "default", "linux")

    def side(self, key, script, rival=None):
        return bench_loops.Side(key, lambda arguments: (["/bin/sh", "-c", script], None), 1, rival)

    def turns(self, *sides):
        results = Results("command", MACHINE)
        bench_loops.Loops().take_turns(list(sides), 2, results)
        return results.as_object()

    def test_each_round_pairs_ours_with_linux(self):
        found = self.turns(self.side(OURS, "echo bench yield 50 50 10", self.LINUX),
                           self.side(self.LINUX, "echo bench yield 1000 1000 10"))
        self.assertEqual([(r["what"], r["value"], r["pairs"]) for r in found["ratios"]],
                         [("yield, native / linux", 0.05, 2)])

    def test_a_side_that_says_nothing_is_named_once_and_the_others_go_on(self):
        found = self.turns(self.side(OURS, "echo no threads here; exit 3"),
                           self.side(self.LINUX, "echo bench yield 1 1 1"))
        self.assertEqual(len(found["missing"]), 1)
        self.assertIn("no threads here", found["missing"][0])
        self.assertEqual({row["system"] for row in found["rows"]}, {"linux"})

    def test_a_side_that_fails_midway_keeps_its_figures_and_is_named(self):
        found = self.turns(self.side(OURS, "echo bench yield 1 1 1; echo out of threads; exit 3"))
        self.assertEqual(found["rows"][0]["op"], "yield")
        self.assertIn("status 3: out of threads", found["missing"][0])

    def test_throughput_is_compared_with_one_cpu_with_the_one_cpu_image_and_with_linux(self):
        results = Results("command", MACHINE)
        side = bench_loops.Side(OURS, None, 1, self.LINUX, 2)
        bench_threads.compare_many({OURS: {("parallel-yield", 1): 30.0, ("parallel-yield", 2): 15.0},
                                    ("ashlar", "native", "one-cpu", "hosted"): {("parallel-yield", 1): 24.0},
                                    self.LINUX: {("parallel-yield", 2): 150.0}}, side, results)
        self.assertEqual([r["value"] for r in results.ratios()], [2.0, 1.6, 0.1])


class Targets(unittest.TestCase):
    def judged(self, cycles=None, linux=None, scaling=None):
        results = Results("command", MACHINE)
        if cycles:
            results.add("yield", OURS, "cycles", cycles)
        if linux:
            results.pair(bench_targets.linux_ratio("yield", "native"), 1, linux)
        if scaling:
            results.pair(bench_targets.scaling_ratio("parallel-yield", OURS, 2), scaling, 1)
        return {(j["what"], j["api"]): j["verdict"] for j in bench_targets.judge(results.as_object())}

    def test_cycles_are_held_against_must_and_aim(self):
        for cycles, verdict in ((40, "aim"), (41, "must"), (76, "must"), (77, "missed")):
            self.assertEqual(self.judged(cycles=cycles)["yield, cycles", "native"], verdict)

    def test_ratios_must_be_as_great_as_the_bound(self):
        self.assertEqual(self.judged(linux=16)["yield, times quicker than Linux", "native"], "aim")
        self.assertEqual(self.judged(linux=15)["yield, times quicker than Linux", "native"], "missed")
        self.assertEqual(self.judged(scaling=1.9)["parallel-yield, throughput of 2 CPUs / of 1", "native"], "must")

    def test_instructions_are_those_of_the_architecture_that_has_most(self):
        def verdict(riscv64):
            results = Results("command", MACHINE)
            for arch, count in (("x86_64", 100_000), ("riscv64", riscv64)):
                results.add("entry to main", ("ashlar", "native", arch, "tcg"), "insn", count)
            judged = bench_targets.judge(results.as_object(), bench_targets.ARCHITECTURES)
            return next(j["verdict"] for j in judged if (j["what"], j["api"]) == ("entry to main, instructions", "native"))
        self.assertEqual((verdict(900_000), verdict(1_100_000)), ("aim", "missed"))

    def test_what_was_not_measured_is_neither_reached_nor_missed(self):
        self.assertEqual(set(self.judged().values()), {"not measured"})


def example():
    """A result of bench threads with something in every table."""
    results = Results("./ax bench threads", MACHINE)
    posix, linux = ("ashlar", "posix", "default", "hosted"), ("linux", "posix", "default", "linux")
    for side, cycles in ((OURS, 70), (posix, 80), (linux, 900)):
        for op in ("yield", "create+join"):
            results.add(op, side, "cycles", cycles)
            results.add(op, (*side[:3], "tcg"), "insn", cycles)
    results.add("parallel-yield", OURS, "op/s", 2e7, 2)
    results.pair(bench_targets.scaling_ratio("parallel-yield", OURS, 2), 1.9, 1)
    results.breakdown.append({**dict(zip(("system", "api", "config", "platform"), OURS)), "op": "create+join",
                              "unit": "insn", "total": 6, "stages": {"enqueue": 5, "entry": 1}, "functions": {"f": 6}})
    return bench.finished(results.as_object(), "threads")


class Pictures(unittest.TestCase):
    def test_each_is_well_formed_and_says_on_which_machine_and_when(self):
        charts = bench_charts.charts(example())
        self.assertEqual(list(charts), ["", "-instructions", "-cpus", "-stages"])
        for svg in charts.values():
            texts = " ".join(element.text or "" for element in xml.fromstring(svg).iter())
            self.assertIn("a CPU, 1000 MHz", texts)
            self.assertIn("2026-01-02", texts)

    def test_published_figures_are_marked_as_such_with_their_conversion(self):
        svg = bench_charts.charts(example())[""]
        self.assertIn("published: Unikraft 0.15", svg)
        self.assertIn("4 GHz", svg)
        self.assertEqual(bench_targets.published_cycles("Linux")["yield"], 1632)

    def test_without_figures_there_is_no_picture(self):
        self.assertEqual(bench_charts.charts(Results("command", MACHINE).as_object()), {})


class Kept(unittest.TestCase):
    def test_a_kept_result_is_drawn_and_tabled_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "threads.json"
            path.write_text(json.dumps(example()))
            bench.show(path, True, Path(folder) / "out.svg", Path(folder) / "out.md")
            self.assertTrue((Path(folder) / "out-stages.svg").is_file())
            page = (Path(folder) / "out.md").read_text()
            self.assertIn("| yield | 70 | 80 | 900 |", page)
            self.assertIn("![](out-stages.svg)", page)

    def test_the_text_of_a_result_names_targets_and_stages(self):
        output = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(output):
            path = Path(folder) / "threads.json"
            path.write_text(json.dumps(example()))
            bench.show(path, False)
        self.assertIn("70: reached", output.getvalue())
        self.assertRegex(output.getvalue(), r"enqueue +5")

    def test_another_file_is_refused_with_what_it_lacks(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "other.json"
            path.write_text('{"rows": []}')
            with self.assertRaisesRegex(AxError, "no result of `ax bench`: it has no breakdown"):
                bench.show(path, True)
            path.write_text("nothing")
            with self.assertRaisesRegex(AxError, "not readable"):
                bench.show(path, True)


class Guest(unittest.TestCase):
    def test_an_initramfs_holds_folders_before_their_files_and_ends_with_the_trailer(self):
        with tempfile.TemporaryDirectory() as folder:
            data = linuxguest.initramfs(Path(folder) / "a.cpio", {"init": b"one", "a/b/c": b"two"}).read_bytes()
        names = [b"init\0", b"a\0", b"a/b\0", b"a/b/c\0", b"TRAILER!!!\0"]
        places = [data.index(name) for name in names]
        self.assertEqual(places, sorted(places))
        self.assertEqual(data[:6], b"070701")

    def test_modules_come_behind_what_they_depend_on(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, depends in (("virtio-blk", b"virtio,virtio-ring"), ("virtio", b""), ("virtio-ring", b"virtio")):
                (Path(folder) / f"{name}.ko").write_bytes(b"ELF\0license=GPL\0depends=" + depends + b"\0name=x\0")
            names = [path.stem for path in linuxguest.modules(folder, ("virtio_blk",))]
            self.assertEqual(names, ["virtio", "virtio-ring", "virtio-blk"])
            with self.assertRaisesRegex(AxError, "no module virtio_net"):
                linuxguest.modules(folder, ("virtio_net",))


class Disks(unittest.TestCase):
    LINES = "read sequential 4096 200\r\nwrite random 1048576 70\nread never 1 2\n"

    def test_lines_become_operations_and_ratios_ours_by_the_guest_s(self):
        mine = bench_disk.read(self.LINES)
        self.assertEqual(mine, {"disk-read-sequential-4096": 200, "disk-write-random-1048576": 70})
        results = Results("command", MACHINE)
        bench_disk.compare({"ours": mine, "guest": {"disk-read-sequential-4096": 100}}, results)
        self.assertEqual([(r["what"], r["value"]) for r in results.ratios()],
                         [(bench_targets.disk_ratio("disk-read-sequential-4096"), 2.0)])
        judged = {j["what"]: j["verdict"] for j in bench_targets.judge(results.as_object(), bench_targets.FILES) if j["api"] == "native"}
        self.assertEqual(judged["disk-read-sequential-4096, throughput by a guest's"], "aim")

    def test_without_a_guest_there_is_no_ratio(self):
        results = Results("command", MACHINE)
        bench_disk.compare({"ours": bench_disk.read(self.LINES)}, results)
        self.assertEqual(results.ratios(), [])


if __name__ == "__main__":
    unittest.main()
