# SPDX-License-Identifier: Apache-2.0
"""A source tree of five tiny components in a temporary folder, on which the tests make one mistake each.

    low <- mid <- sys (module) <- lib (ulib) <- hello (application)

Each exports a function that the next one calls; sys asks through glue for its application, which lib provides.
"""
import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from ax import audit, manifest, resolve  # noqa: E402
from ax.errors import AxError  # noqa: E402

SPDX_C = "/* SPDX-License-Identifier: Apache-2.0 */\n"
SPDX_TOML = "# SPDX-License-Identifier: Apache-2.0\n"
PUBLIC = "#pragma once\n{includes}#pragma GCC visibility push(default)\n{text}#pragma GCC visibility pop\n"


class Scratch:
    """The folder, and the ways to write into it."""

    def __init__(self, root):
        self.root = root

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        mark = SPDX_C if target.suffix in (".c", ".h") else SPDX_TOML
        target.write_text(mark + text)

    def edit(self, path, old, new):
        text = (self.root / path).read_text()
        if old not in text:
            raise AssertionError(f"{path} does not hold {old!r}")
        (self.root / path).write_text(text.replace(old, new, 1))

    def header(self, path, text, includes=""):
        self.write(path, PUBLIC.format(includes=includes, text=text))

    def component(self, name, layer="element", rest=""):
        """A manifest; returns the folder's path in the tree."""
        folder = f"{manifest.FOLDERS[layer]}/{name}"
        self.write(f"{folder}/component.toml", f'[component]\nname = "{name}"\nlayer = "{layer}"\nbrief = "For tests"\n'
                   f'prefix = ["{name}_"]\n{rest}')
        return folder

    def app(self, name, rest):
        self.write(f"apps/{name}/app.toml", f'[app]\nname = "{name}"\nbrief = "For tests"\n{rest}')

    def platform(self, name="board", rest=""):
        self.write(f"platforms/{name}.toml",
                   f'[platform]\nname = "{name}"\narch = "{os.uname().machine}"\nbrief = "For tests"\n{rest}')

    def read(self):
        return manifest.read_tree(self.root)

    def resolve(self, app="hello", features=(), platform="board", smp=1):
        tree = self.read()
        return resolve.resolve(tree, tree.app(app), tree.platform(platform), features, smp)

    def check(self):
        """(exit status, what `ax check` prints)."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = audit.check(self.read())
        return status, out.getvalue()


class ScratchCase(unittest.TestCase):
    """A test with an empty tree and a platform."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ashlar-test-")
        self.addCleanup(folder.cleanup)
        self.tree = Scratch(Path(folder.name).resolve())
        self.tree.platform()
        before = os.getcwd()
        os.chdir(self.tree.root)
        self.addCleanup(os.chdir, before)

    def refusal(self, action, *words):
        """`action` refuses, and the text holds all words. Returns the text."""
        with self.assertRaises(AxError) as caught:
            action()
        text = str(caught.exception)
        for word in words:
            self.assertIn(word, text)
        return text


class FiveComponents(ScratchCase):
    """A test that begins with the five components, which pass."""

    def setUp(self):
        super().setUp()
        t = self.tree
        t.component("low", rest='[sources]\ncommon = ["src/low.c", "src/part.c"]\n')
        t.header("elements/low/include/low/low.h", "typedef int low_number_t;\nlow_number_t low_one(void);\n")
        t.write("elements/low/src/part.h", "#pragma once\nint low_hidden(void);\n")
        t.write("elements/low/src/part.c", '#include "part.h"\nint low_hidden(void)\n{\n\treturn 1;\n}\n')
        t.write("elements/low/src/low.c", '#include <low/low.h>\n#include "part.h"\nint low_one(void)\n{\n'
                "\treturn low_hidden();\n}\n")
        self.chain("mid", "element", "low", "low_one")
        self.chain("sys", "module", "mid", "mid_one", '[requires.app]\nheader = "sys/app.h"\n')
        t.header("modules/sys/include/sys/app.h", "int sys_app_main(int argument);\n")
        t.edit("modules/sys/src/sys.c", "mid_one()", "sys_app_main(mid_one())")
        t.edit("modules/sys/src/sys.c", "#include <sys/sys.h>", "#include <sys/app.h>\n#include <sys/sys.h>")
        self.chain("lib", "ulib", "sys", "sys_one", '[provides]\n"sys/app" = {}\n')
        t.write("ulib/lib/src/start.c", "#include <sys/app.h>\nint main(int argc, char **argv);\n"
                "int sys_app_main(int argument)\n{\n\treturn main(argument, 0);\n}\n")
        t.edit("ulib/lib/component.toml", '"src/lib.c"', '"src/lib.c", "src/start.c"')
        t.app("hello", '[dependencies]\nlib = {}\n[sources]\ncommon = ["main.c"]\n')
        t.write("apps/hello/main.c", "#include <lib/lib.h>\nint main(int argc, char **argv)\n{\n"
                "\t(void)argc, (void)argv;\n\treturn lib_one();\n}\n")

    def chain(self, name, layer, below, call, rest=""):
        """A component whose one function calls one of the component below."""
        folder = self.tree.component(name, layer, f'[dependencies]\n{below} = {{}}\n[sources]\ncommon = ["src/{name}.c"]\n'
                                     + rest)
        self.tree.header(f"{folder}/include/{name}/{name}.h", f"int {name}_one(void);\n")
        self.tree.write(f"{folder}/src/{name}.c", f"#include <{below}/{below}.h>\n#include <{name}/{name}.h>\n"
                        f"int {name}_one(void)\n{{\n\treturn {call}();\n}}\n")

    def refused(self, *words):
        """`ax check` refuses with these words, and nothing else. Returns its output."""
        status, text = self.tree.check()
        for word in words:
            self.assertIn(word, text)
        self.assertEqual(status, 1, text)
        self.assertRegex(text, r": 1 problem\n$")
        return text
