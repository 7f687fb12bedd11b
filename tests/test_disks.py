# SPDX-License-Identifier: Apache-2.0
"""Disks and volumes: what a user may write, what QEMU and a process are told, and the images of tests."""
import os
import tempfile
import types
import unittest
from pathlib import Path

from scratch import ROOT  # noqa: F401: puts the tool in reach
from ax import disks, resolve, run
from ax.errors import AxError


class Attached(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.image = f"{self.folder.name}/image"
        Path(self.image).write_bytes(bytes(1024))

    def refused(self, parse, text, message):
        with self.assertRaises(AxError) as caught:
            parse(text)
        self.assertIn(message, str(caught.exception))

    def test_a_disk_is_an_image_of_whole_blocks(self):
        self.assertEqual(run.Disk.parse(self.image), run.Disk(self.image, False))
        self.assertEqual(run.Disk.parse(self.image + ",ro"), run.Disk(self.image, True))
        self.refused(run.Disk.parse, self.image + ",rw", "not of the form")
        self.refused(run.Disk.parse, self.image + "2", "no such file")
        Path(self.image).write_bytes(bytes(1000))
        self.refused(run.Disk.parse, self.image, "no multiple of 512")

    def test_a_volume_is_a_folder_and_a_path(self):
        folder = self.folder.name
        self.assertEqual(run.Volume.parse(f"{folder}:/a/b,ro"), run.Volume(folder, "/a/b", True))
        for text in (folder, f"{folder}:a", f"{folder}:/", f"{folder}:/a,rw"):
            self.refused(run.Volume.parse, text, "not of the form")
        self.refused(run.Volume.parse, f"{folder}/none:/a", "no such folder")

    @staticmethod
    def image_of(**features):
        return resolve.Image(None, None, {name: resolve.Node(None, dict.fromkeys(of)) for name, of in features.items()}, {})

    def command(self, platform_run, **options):
        platform = types.SimpleNamespace(name="board", arch="x86_64", run={"kind": "qemu", "command": ["qemu"], **platform_run})
        build = types.SimpleNamespace(platform=platform, app=types.SimpleNamespace(run={}), elf="image", kernel="image",
                                      image=self.image_of(axentropy=["smp"], axblock=[], axvolume=[]),
                                      options=types.SimpleNamespace(smp=1))
        return run.command(build, run.RunOptions(accel="tcg", **options), "status")

    def test_qemu_is_told_of_each_device_by_its_number(self):
        words, _ = self.command({"disk": ["{file}:{index}:{device}:{readonly}"], "volume": ["{tag}:{index}:{device}"]},
                                disks=[run.Disk("/a"), run.Disk("/b,c", True)], volumes=[run.Volume("/d", "/e")])
        self.assertEqual(words, ["qemu", "/a:0:0:off", "/b,,c:1:1:on", "/e:0:2"])

    def test_what_a_component_needs_is_attached_with_it(self):
        words, _ = self.command({"with": {"axentropy": ["rng"], "axentropy/smp": ["more"], "axentropy/net": ["no"], "axnet": ["never"]}})
        self.assertEqual(words, ["qemu", "rng", "more"])

    def test_a_machine_without_the_place_says_so(self):
        with self.assertRaises(AxError) as caught:
            self.command({}, disks=[run.Disk("/a")])
        self.assertIn("board has no place for it", str(caught.exception))

    def test_an_image_that_would_not_see_it_is_not_started(self):
        for options, component in ((run.RunOptions(disks=[run.Disk(self.image)]), "axblock"),
                                   (run.RunOptions(volumes=[run.Volume("/a", "/b")]), "axvolume")):
            with self.assertRaises(AxError) as caught:
                run.check_driven(types.SimpleNamespace(nodes={"axlog": None}), options)
            self.assertIn("has no driver", str(caught.exception))
            run.check_driven(types.SimpleNamespace(nodes={component: None}), options)

    def test_a_process_finds_its_disks_in_the_environment(self):
        _, environment = self.command({"kind": "process"}, disks=[run.Disk("/a"), run.Disk("/b", True)])
        self.assertEqual((environment["AX_DISK0"], environment["AX_DISK1"]), ("/a", "/b,ro"))


class OfTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.app = types.SimpleNamespace(dir=Path(self.folder.name), line=lambda key: f"app.toml:{key}")

    def make(self, disk):
        return disks.make(self.app, {"disk": disk}, self.folder.name)

    def test_an_image_is_of_zeroes_or_a_copy_and_then_what_a_command_makes_of_it(self):
        (self.app.dir / "contents").write_bytes(b"x" * 512)
        zeroes, copy = self.make([{"size": "4K"}, {"contents": "contents", "read_only": True}])
        self.assertEqual(Path(zeroes.file).read_bytes(), bytes(4096))
        self.assertEqual((Path(copy.file).read_bytes(), copy.read_only), (b"x" * 512, True))
        made = self.make({"size": "512", "make": ["cp", "contents", "{disk}"]})
        self.assertEqual(Path(made[0].file).read_bytes(), b"x" * 512)

    def test_a_check_that_fails_is_told_with_its_output(self):
        disk = {"size": "512", "check": ["ls", "{disk}", "nothing"]}
        problem = disks.check(self.app, {"disk": disk}, self.make(disk))
        self.assertIn("ends with status", problem)
        self.assertIn("nothing", problem)
        disk["check"] = ["ls", "{disk}"]
        self.assertEqual(disks.check(self.app, {"disk": disk}, self.make(disk)), "")

    def test_what_is_no_disk_is_refused(self):
        for disk, message in (({}, "either `size` or `contents`"), ({"size": "12Q"}, "no size of a disk"),
                              ({"size": "100"}, "no size of a disk"), ({"sizes": "1M"}, "unknown key `sizes`"),
                              ({"size": "1K", "make": ["false"]}, "ends with status 1"),
                              ({"size": "1K", "make": ["no-such-program"]}, "is not installed")):
            with self.assertRaises(AxError) as caught:
                self.make(disk)
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
