# SPDX-License-Identifier: Apache-2.0
"""`ax new`: what it writes is what the manifests' readers, the audit and the tests accept; and what it refuses."""
import contextlib
import io
import shutil
import unittest

from scratch import ROOT, ScratchCase
from ax import scaffold


class New(ScratchCase):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "elements" / "axerrno", self.tree.root / "elements" / "axerrno")

    def new(self, kind, name):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            scaffold.new(self.tree.read(), kind, name)
        return out.getvalue()

    def test_an_element_and_a_module_pass_the_audit_at_once(self):
        self.assertIn("elements/gadget: `./ax test gadget` tests it", self.new("element", "gadget"))
        self.new("module", "widget")
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)
        self.assertEqual(len(self.tree.read().components["gadget"].tests), 1)

    def test_an_application_says_what_its_test_expects(self):
        self.tree.component("axstd", "ulib", '[sources]\ncommon = ["src/print.c"]\n')
        self.tree.edit("ulib/axstd/component.toml", '"axstd_"', '"ax_print"')
        self.tree.header("ulib/axstd/include/axstd/axstd.h", "__attribute__((format(printf, 1, 2)))\n"
                         "void ax_print(const char *format, ...);\n")
        self.tree.write("ulib/axstd/src/print.c", "#include <axstd/axstd.h>\nvoid ax_print(const char *format, ...)\n{\n"
                        "\t(void)format;\n}\n")
        self.assertIn("`./ax run hi` runs it", self.new("app", "hi"))
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)
        app = self.tree.read().apps["hi"]
        self.assertTrue((app.dir / app.tests[0]["expect"]).is_file())

    def test_a_bad_name_is_refused(self):
        for name in ("Gadget", "9lives", "a-b", "a/b", "", "tool"):
            with self.subTest(name):
                self.refusal(lambda: self.new("element", name), f'"{name}" cannot be a name')

    def test_what_exists_is_never_overwritten(self):
        self.refusal(lambda: self.new("module", "axerrno"), 'there is a component named "axerrno" already')
        (self.tree.root / "elements" / "notes").mkdir()
        self.refusal(lambda: self.new("element", "notes"), "elements/notes: the folder exists already")

    def test_a_prefix_of_another_component_is_refused(self):
        self.tree.component("linked_list")
        self.tree.edit("elements/linked_list/component.toml", '"linked_list_"', '"list_"')
        self.refusal(lambda: self.new("element", "list"), 'the prefix "list_" belongs to "linked_list"')


if __name__ == "__main__":
    unittest.main()
