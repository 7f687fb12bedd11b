# SPDX-License-Identifier: Apache-2.0
"""An object is made once for all images to which its source looks the same, and anew for one that differs in what it sees."""
import unittest

from scratch import FiveComponents

from ax import ninja, ports
from ax.build import Build, Options
from ax.objects import Compilation
from ax.toolchain import Toolchain


class Names(FiveComponents):
    """Two images of the tree, which differ in one thing: which components' objects are not the same."""

    def setUp(self):
        super().setUp()
        self.tree.edit("elements/mid/component.toml", "[dependencies]", "[features]\nfast = []\n[dependencies]")
        self.tree.edit("modules/sys/component.toml", "[dependencies]", "[config]\nsize = 1\n[dependencies]")
        self.tree.app("other", '[dependencies]\nlib = {}\n[sources]\ncommon = ["main.c"]\n')
        self.tree.write("apps/other/main.c", "int main(void)\n{\n\treturn 0;\n}\n")

    def images_differ_in(self, first=("hello", ()), second=("hello", ())):
        found = []
        for app, features in (first, second):
            build = Build(self.tree.read(), app, Options("board", tuple(features)))
            build.ports = {name: self.port(name) for name in build.used_ports()}
            found.append({(c.label, c.target) for c in build.compilations() if not c.label.startswith(("hello/", "other/"))})
        return sorted(label for label, _ in found[0] - found[1])

    def port(self, name):
        """As if it were built."""
        port = ports.load(self.tree.root, name)
        port.include_dirs = [port.work_dir / "src"]
        return port

    def test_the_same_twice(self):
        self.assertEqual(self.images_differ_in(), [])

    def test_an_application_is_nobody_elses_matter(self):
        self.assertEqual(self.images_differ_in(second=("other", ())), [])

    def test_a_feature_that_nobody_asks_for_by_name_changes_nothing(self):
        self.assertEqual(self.images_differ_in(second=("hello", ["mid/fast"])), [])

    def test_a_feature_that_a_public_header_asks_for_changes_who_includes_it(self):
        self.tree.header("elements/mid/include/mid/mid.h", "int mid_one(void);\n#if MID_FEATURE_FAST\n#define MID_TWO 2\n"
                         "#endif\n", "#include <mid/features.h>\n")
        self.assertEqual(self.images_differ_in(second=("hello", ["mid/fast"])), ["mid/mid.c", "sys/sys.c"])

    def test_a_constant_changes_who_names_it(self):
        self.tree.edit("modules/sys/src/sys.c", "mid_one()", "mid_one() + AX_CONFIG_SIZE")
        self.tree.edit("modules/sys/src/sys.c", "#include <sys/app.h>", "#include <sys/app.h>\n#include <sys/sys.h>")
        self.tree.edit("apps/other/app.toml", "[dependencies]", "[config]\nsize = 2\n[dependencies]")
        self.assertEqual(self.images_differ_in(second=("other", ())), ["sys/sys.c"])

    def test_a_source_with_a_header_of_unknown_origin_is_for_one_image(self):
        self.tree.edit("modules/sys/src/sys.c", "#include <sys/app.h>", "#include <sys/app.h>\n#include <strange/port.h>")
        self.assertEqual(self.images_differ_in(second=("hello", ["mid/fast"])), ["sys/sys.c"])

    def test_with_a_ports_header_it_is_for_one_image_unless_the_port_is_self_contained(self):
        self.tree.edit("modules/sys/src/sys.c", "#include <sys/app.h>", "#include <sys/app.h>\n#include <strange/port.h>")
        self.tree.edit("modules/sys/component.toml", "[dependencies]", "[ports]\nstrange = {}\n[dependencies]")
        port = (f'[port]\nname = "strange"\nversion = "1"\nlicence = "MIT"\nsha256 = "{"0" * 64}"\n'
                '[[origin]]\nurl = "file:///nowhere"\n[build]\nusers = ["{port}"]\n')
        self.tree.write("ports/strange/port.toml", port)
        self.assertEqual(self.images_differ_in(second=("hello", ["mid/fast"])), ["sys/sys.c"])
        self.tree.write("ports/strange/port.toml", port + "self_contained = true\n")
        self.assertEqual(self.images_differ_in(second=("hello", ["mid/fast"])), [])


class Making(FiveComponents):
    def make(self):
        """Make mid's object; returns it and the time of its making."""
        tree = self.tree.read()
        source, cc = self.tree.root / "elements/mid/src/mid.c", Toolchain(tree.platforms["board"].arch).cc
        flags = [f"-I{self.tree.root}/elements/{name}/include" for name in ("low", "mid")]
        target = tree.objects.name(tree.components["mid"], source, cc, flags, {})
        tree.objects.make([Compilation(target, "cc", source, cc, flags, "mid")], ninja.run)
        return target, target.stat().st_mtime_ns

    def test_once_until_a_source_or_a_header_changes(self):
        first = self.make()
        self.assertEqual(self.make(), first)
        self.tree.edit("elements/low/include/low/low.h", "typedef int", "typedef signed")
        second = self.make()
        self.assertEqual(second[0], first[0])
        self.assertGreater(second[1], first[1])
        self.assertEqual(self.make(), second)


if __name__ == "__main__":
    unittest.main()
