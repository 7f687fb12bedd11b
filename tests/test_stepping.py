# SPDX-License-Identifier: Apache-2.0
"""Instructions by function: what is read from the stepper and from addr2line; how calls and switches are followed."""
import unittest
from collections import Counter

import scratch
from ax import bench_stages, stepping

CALLS = {0x10, 0x20}


class Steps(unittest.TestCase):
    def test_a_report_belongs_to_the_batch_before_it_and_the_last_batch_counts(self):
        lines = ["begin", "10 100", "begin", "20 200", "report a 5", "report b 7", "begin", "30 300", "report a 6"]
        self.assertEqual(stepping.read_steps(lines), {"a": (6, [(0x30, 0x300)]), "b": (7, [(0x20, 0x200)])})

    def test_a_repeated_instruction_counts_once_and_an_executed_one_each_time(self):
        steps = [(1, 8), (2, 8), (2, 8), (2, 8), (1, 8)]
        self.assertEqual(stepping.stacks(steps, CALLS.__contains__), Counter({((), 1): 2, ((), 2): 1}))

    def test_what_a_call_reaches_is_under_its_site_until_the_return(self):
        steps = [(0x10, 0x8000), (0x50, 0x7ff8), (0x51, 0x7ff0), (0x20, 0x7ff0), (0x60, 0x7fe8), (0x52, 0x7ff0),
                 (0x53, 0x7ff8), (0x11, 0x8000)]
        found = stepping.stacks(steps, CALLS.__contains__)
        self.assertEqual(found[(0x10, 0x20), 0x60], 1)
        self.assertEqual(found[(0x10,), 0x52], 1)
        self.assertEqual(found[(), 0x11], 1)

    def test_a_push_is_no_call(self):
        self.assertEqual(stepping.stacks([(0x1, 0x8000), (0x2, 0x7ff8)], CALLS.__contains__)[(), 2], 1)

    def test_a_thread_that_is_switched_back_to_goes_on_under_its_calls(self):
        steps = [(0x10, 0x8000), (0x50, 0x7ff8), (0x70, 0x20000), (0x71, 0x20000), (0x51, 0x7ff8), (0x52, 0x7ff8)]
        found = stepping.stacks(steps, CALLS.__contains__)
        self.assertEqual(found[(), 0x70], 1)
        self.assertEqual(found[(0x10,), 0x52], 1)

    def test_calls_are_told_by_their_opcodes(self):
        codes = {1: "e800000000", 2: "ff12", 3: "41ffd4", 4: "ff30", 5: "55", 6: "ffe0", 7: ""}

        class Image:
            @staticmethod
            def bytes_at(address, count):
                return bytes.fromhex(codes[address])[:count]

        self.assertEqual([at for at in codes if stepping.is_call(Image)(at)], [1, 2, 3])


class Names(unittest.TestCase):
    def test_inlined_functions_are_read_outermost_first_and_without_suffixes(self):
        text = "0x10\ninner\n/a.h:1\nmiddle\n/b.c:2\nouter.constprop.0\n/c.c:3\n0x20\n??\n??:0\n"
        self.assertEqual(stepping.read_inlines(text), {0x10: ("outer", "middle", "inner"), 0x20: ()})


class Stages(unittest.TestCase):
    def test_an_instruction_is_its_innermost_stage_s(self):
        self.assertEqual(bench_stages.stage_of(("main", "axtask_spawn", "axtask_block_alloc", "memset")),
                         "thread object, context")
        waking = ("axtask_exit", "ax_wait_queue_unlock_and_wake", "axtask_make_runnable")
        self.assertEqual(bench_stages.stage_of(waking), "enqueue")
        self.assertEqual(bench_stages.stage_of(("main",)), bench_stages.LOOP)

    def test_an_entry_s_stages_and_functions_add_up_to_its_total(self):
        counted = {("main",): 10, ("main", "axtask_spawn"): 30, ("main", "axtask_spawn", "memset"): 20}
        entry = bench_stages.entry("create+join", ("ashlar", "native", "default", "hosted"), 10, counted)
        self.assertEqual(entry["total"], 6)
        self.assertEqual(entry["stages"], {"spawn": 5, bench_stages.LOOP: 1})
        self.assertEqual(entry["functions"], {"axtask_spawn": 3, "memset": 2, "main": 1})

    def test_every_stage_names_a_function_of_the_sources(self):
        folders = (scratch.ROOT / "modules" / "axtask" / "src", scratch.ROOT / "ulib" / "axlibc" / "src",
                   scratch.ROOT / "modules" / "axhal")
        text = "".join(path.read_text() for folder in folders for path in folder.rglob("*.[ch]"))
        for stage, functions in bench_stages.STAGES.items():
            self.assertTrue(any(f" {name}(" in text or f"*{name}(" in text for name in functions), stage)


if __name__ == "__main__":
    unittest.main()
