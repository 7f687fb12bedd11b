# SPDX-License-Identifier: Apache-2.0
"""Platforms that are like another, tests that name platforms by a pattern, and device trees made of tables; a processor that lacks
what the platform's images are compiled for."""
import os
import struct
import subprocess
import types
import unittest

from scratch import ROOT, ScratchCase
from ax import devicetree, testing
from ax import run as running
from ax.build import Build, Options
from ax.errors import AxError
from ax.manifest import read_tree


class Like(ScratchCase):
    def setUp(self):
        super().setUp()
        self.tree.platform("first", '[features]\nhal = ["a", "b"]\n[build]\ncflags = ["-x"]\n[config]\nplace = 1\nother = 2\n'
                           '[run]\ncommand = ["emulator"]\nmachine = "m"\n[run.accel]\ntcg = ["-t"]\n')

    def second(self, rest, like="first"):
        self.tree.write("platforms/second.toml", f'[platform]\nname = "second"\nlike = "{like}"\nbrief = "For tests"\n{rest}')
        return self.tree.read().platform("second")

    def test_what_the_file_says_holds_and_the_rest_is_the_others(self):
        second = self.second('[features]\nhal = ["c"]\n[config]\nplace = 3\n[run]\nmachine = "n"\n[run.accel]\nkvm = ["-k"]\n')
        first = self.tree.read().platform("first")
        self.assertEqual((second.arch, second.build, second.features), (first.arch, first.build, {"hal": ["c"]}))
        self.assertEqual(second.config, {"place": 3, "other": 2})
        self.assertEqual(second.run, {"command": ["emulator"], "machine": "n", "accel": {"tcg": ["-t"], "kvm": ["-k"]}})
        self.assertEqual((first.config["place"], first.run["machine"]), (1, "m"))

    def test_without_run_of_its_own_it_builds_only(self):
        self.assertEqual(self.second("").run, {})

    def test_a_platform_that_does_not_exist_is_named(self):
        self.refusal(lambda: self.second("", "third"), 'the platform "third" does not exist', "platforms/second.toml:4")

    def test_a_platform_is_not_like_itself(self):
        self.refusal(lambda: self.second("", "second"), "is like itself")


class Patterns(unittest.TestCase):
    def test_a_test_runs_where_a_name_or_a_pattern_says(self):
        table = {"platforms": ["x86_64-linux", "*-qemu-virt*"]}
        self.assertEqual([testing.applies(table, name) for name in
                          ("x86_64-linux", "aarch64-qemu-virt", "riscv64-qemu-virt-sv48", "x86_64-qemu-q35")],
                         [True, True, True, False])
        self.assertTrue(testing.applies({}, "x86_64-qemu-q35"))


class Chosen(unittest.TestCase):
    """Which of an application's tests run when no platform is named."""
    FIRST, VARIANT, SEVERAL = {"name": "a"}, {"name": "b", "features": ["more"]}, {"name": "c", "smp": 4}

    def chosen(self, run, *tests):
        app = types.SimpleNamespace(name="app", tests=list(tests))
        platform = types.SimpleNamespace(name="board", run=run, build={})
        return [table["name"] for table in tests if testing.is_chosen(platform, app, table)]

    def test_all_unless_the_platform_says_otherwise(self):
        self.assertEqual(self.chosen({"kind": "qemu"}, self.FIRST, self.VARIANT, self.SEVERAL), ["a", "b", "c"])
        self.assertEqual(self.chosen({"tests": "first"}, self.FIRST, self.VARIANT, self.SEVERAL), ["a", "c"])
        self.assertEqual(self.chosen({"tests": "first", "smp_tests": []}, self.FIRST, self.VARIANT, self.SEVERAL), ["a"])
        self.assertEqual(self.chosen({"tests": ["other"]}, self.FIRST, self.VARIANT, self.SEVERAL), [])

    def test_one_that_names_the_platform_is_for_it(self):
        named = {**self.VARIANT, "platforms": ["board"]}
        self.assertEqual(self.chosen({"tests": ["other"]}, self.FIRST, named), ["b"])

    def test_one_by_request_is_not_among_them(self):
        for more in ({}, {"platforms": ["board"]}):
            self.assertEqual(self.chosen({"kind": "qemu"}, self.FIRST, {**self.VARIANT, "by_request": True, **more}), ["a"])


class Tree(unittest.TestCase):
    def read(self, blob):
        """The tree again, by the specification: what the writer made must say the same."""
        magic, total, at, strings, reserved, version, compatible, _, string_bytes, _ = struct.unpack_from(">10I", blob)
        self.assertEqual((magic, total, version, compatible), (0xd00dfeed, len(blob), 17, 16))
        self.assertEqual(blob[reserved:reserved + 16], bytes(16))
        self.assertEqual(strings + string_bytes, len(blob))
        stack = [("", {})]
        while True:
            token, at = struct.unpack_from(">I", blob, at)[0], at + 4
            if token == 1:
                end = blob.index(b"\0", at)
                stack.append((blob[at:end].decode(), {}))
                at = (end + 4) // 4 * 4
            elif token == 3:
                length, name = struct.unpack_from(">2I", blob, at)
                key = blob[strings + name:blob.index(b"\0", strings + name)].decode()
                stack[-1][1][key] = blob[at + 8:at + 8 + length]
                at += 8 + (length + 3) // 4 * 4
            elif token == 2:
                name, node = stack.pop()
                stack[-1][1][name] = node
            else:
                self.assertEqual(token, 9)
                return stack[0][1][""]

    def test_what_is_written_is_read(self):
        table = {"compatible": ["a,board", "b"], "#address-cells": 1, "soc": {"ranges": True, "uart@10": {"reg": [0x10, 4]}}}
        self.assertEqual(self.read(devicetree.blob(table)), {
            "compatible": b"a,board\0b\0", "#address-cells": bytes([0, 0, 0, 1]),
            "soc": {"ranges": b"", "uart@10": {"reg": bytes([0, 0, 0, 0x10, 0, 0, 0, 4])}}})

    def test_what_is_no_property_is_refused(self):
        for value in (1 << 32, -1, 1.5, ["a", 1], False):
            with self.assertRaises(AxError):
                devicetree.blob({"reg": value})


class Processor(unittest.TestCase):
    def test_what_riscv64_lacks_is_said_at_the_entry(self):
        build = Build(read_tree(ROOT), "helloworld", Options(platform="riscv64-qemu-virt"))
        with build.lock():
            build.run()
        words, _ = running.command(build, running.RunOptions([]), os.devnull)
        for lacking in ("zba", "zbb", "zbs"):
            done = subprocess.run([*words, "-cpu", f"rv64,{lacking}=off"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  text=True, check=False)
            self.assertIn("PANIC: the processor lacks Zba, Zbb or Zbs", done.stdout)
            self.assertNotIn("Hello", done.stdout)
