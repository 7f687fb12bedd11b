# SPDX-License-Identifier: Apache-2.0
"""The first law: a component uses only what its manifest declares. Each test makes one mistake and reads the message."""
import os
import unittest

from scratch import FiveComponents
from ax import archcode


class Include(FiveComponents):
    def test_a_tree_without_a_mistake_passes(self):
        status, text = self.tree.check()
        self.assertEqual((status, text.rsplit(": ", 1)[1]), (0, "0 problems\n"), text)

    def test_an_undeclared_include_names_the_line_and_the_manifest(self):
        self.tree.edit("elements/low/src/part.c", '#include "part.h"', '#include "part.h"\n#include <sys/sys.h>')
        self.refused('elements/low/src/part.c:3: <sys/sys.h> belongs to "sys", which "low" does not declare',
                     "add `sys = {}` to [dependencies] of elements/low/component.toml")

    def test_a_private_dependency_of_a_dependency_is_out_of_sight(self):
        self.tree.edit("modules/sys/src/sys.c", "#include <sys/sys.h>", "#include <low/low.h>\n#include <sys/sys.h>")
        self.refused('<low/low.h> belongs to "low", a private dependency of "mid" that "sys" does not declare',
                     "add `low = {}` to [dependencies] of modules/sys/component.toml",
                     "or make it public at elements/mid/component.toml:8")

    def test_a_public_dependency_of_a_dependency_is_in_sight(self):
        self.make_low_public()
        self.tree.edit("modules/sys/src/sys.c", "#include <sys/sys.h>", "#include <low/low.h>\n#include <sys/sys.h>")
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)

    def make_low_public(self):
        self.tree.edit("elements/mid/component.toml", "low = {}", "low = { public = true }")
        self.tree.header("elements/mid/include/mid/mid.h", "low_number_t mid_one(void);\n", "#include <low/low.h>\n")

    def test_a_public_header_needs_its_dependency_public(self):
        self.make_low_public()
        self.tree.edit("elements/mid/component.toml", "low = { public = true }", "low = {}")
        self.refused('elements/mid/include/mid/mid.h:3: public header of "mid" includes <low/low.h>, but its dependency '
                     '"low" is not public', "write `low = { public = true }` at elements/mid/component.toml:8")

    def test_a_private_header_of_another_component_is_out_of_reach(self):
        self.tree.edit("elements/mid/src/mid.c", "#include <mid/mid.h>", '#include <mid/mid.h>\n#include "part.h"')
        self.refused('elements/mid/src/mid.c:4: "part.h" is private to "low"')

    def test_there_is_no_c_library_in_sight(self):
        self.tree.edit("elements/mid/src/mid.c", "#include <mid/mid.h>", "#include <mid/mid.h>\n#include <string.h>")
        self.refused("elements/mid/src/mid.c:4: no component offers <string.h>")

    def test_a_public_header_compiles_alone(self):
        self.tree.header("elements/low/include/low/more.h", "size_t low_one_more(void);\n")
        status, text = self.tree.check()
        self.assertEqual(status, 1)
        self.assertIn("elements/low/include/low/more.h:4: public header elements/low/include/low/more.h does not compile "
                      "alone (gcc): unknown type name", text)

    def test_an_unused_dependency_is_named(self):
        self.tree.component("idle")
        self.tree.edit("elements/mid/component.toml", "low = {}", "low = {}\nidle = {}")
        self.refused('elements/mid/component.toml:9: "mid" depends on "idle" but uses nothing of it', "remove the line")

    def test_an_unneeded_public_is_named(self):
        self.tree.edit("elements/mid/component.toml", "low = {}", "low = { public = true }")
        self.refused('elements/mid/component.toml:8: no public header of "mid" includes one of "low"',
                     "remove `public = true`")

    def test_a_source_that_no_feature_compiles_is_named(self):
        self.tree.write("elements/low/src/dead.c", "int low_dead;\n")
        self.refused('elements/low/src/dead.c: no feature of "low" compiles this file')

    def test_a_file_without_a_licence_is_named(self):
        (self.tree.root / "elements/low/src/part.h").write_text("#pragma once\nint low_hidden(void);\n")
        self.refused("elements/low/src/part.h: no SPDX line")


class OneArchitecture(FiveComponents):
    """Code of one architecture has rooms of its own. See tools/ax/archcode.py."""

    def put(self, code, path="elements/low/src/low.c"):
        self.tree.edit(path, '#include "part.h"', '#include "part.h"\n' + code)

    def test_the_name_of_an_architecture_is_refused(self):
        self.put("#if defined(__x86_64__)\n#endif")
        self.refused("elements/low/src/low.c:4: __x86_64__ names an architecture", "an element's folder arch/")

    def test_an_instruction_is_refused(self):
        self.put('static inline void low_pause(void)\n{\n\t__asm__ volatile("nop");\n}')
        self.refused("elements/low/src/low.c:6: inline assembly")

    def test_an_instruction_without_volatile_is_refused(self):
        self.put('static inline void low_pause(int really)\n{\n\tif (really)\n\t\tasm("nop");\n\tif (!really) asm("nop");\n}')
        status, text = self.tree.check()
        self.assertEqual(status, 1)
        self.assertIn("elements/low/src/low.c:7: inline assembly", text)
        self.assertIn("elements/low/src/low.c:8: inline assembly", text)

    def test_a_function_for_one_architecture_is_refused(self):
        self.put("static inline unsigned long long low_time(void)\n{\n\treturn __builtin_ia32_rdtsc();\n}")
        self.refused("elements/low/src/low.c:6: __builtin_ia32_rdtsc is a function for one architecture")

    def test_an_assembly_file_is_refused(self):
        self.tree.write("elements/low/src/more.S", "")
        path = self.tree.root / "elements/low/src/more.S"
        path.write_text("/* SPDX-License-Identifier: Apache-2.0 */\n\t.section .note.GNU-stack, \"\", @progbits\n")
        self.tree.edit("elements/low/component.toml", '"src/part.c"', '"src/part.c", "src/more.S"')
        self.refused("elements/low/src/more.S:1: an assembly file")

    def test_an_elements_folder_for_an_architecture_has_room(self):
        self.tree.write("elements/low/arch/more.c", 'void low_pause(void);\nvoid low_pause(void)\n{\n\t__asm__ volatile("nop");\n}\n')
        self.tree.edit("elements/low/component.toml", '"src/part.c"', '"src/part.c", "arch/more.c"')
        self.assertEqual(self.tree.check()[0], 0)

    def test_a_module_has_no_such_folder(self):
        self.tree.write("modules/sys/arch/more.c", "#ifdef __aarch64__\n#endif\n")
        self.tree.edit("modules/sys/component.toml", '"src/sys.c"', '"src/sys.c", "arch/more.c"')
        self.refused("modules/sys/arch/more.c:2: __aarch64__ names an architecture")

    def test_a_comment_may_name_one_and_an_empty_template_and_a_symbols_name_are_no_code(self):
        self.put('/* not on __riscv */\nextern int low_other(void) __asm__("low_one");\n'
                 'static inline void low_barrier(void)\n{\n\t__asm__ volatile("" : : : "memory");\n}')
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)


class Symbol(FiveComponents):
    def declare(self, path, prototype, old, new):
        """The mistake C allows: declare what is not ours, and call it."""
        self.tree.edit(path, "_one(void)\n{", f"_one(void)\n{{\n\textern {prototype};")
        self.tree.edit(path, old, new)

    def test_an_undeclared_extern_names_the_owner(self):
        self.declare("modules/sys/src/sys.c", "int low_one(void)", "mid_one()", "mid_one() + low_one()")
        self.refused('modules/sys/src/sys.c:7: `low_one` belongs to "low", which "sys" does not declare',
                     "add `low = {}` to [dependencies] of modules/sys/component.toml")

    def test_a_private_symbol_of_a_declared_dependency_is_out_of_reach(self):
        self.declare("elements/mid/src/mid.c", "int low_hidden(void)", "return low_one()", "return low_one() + low_hidden()")
        self.refused('elements/mid/src/mid.c:6: `low_hidden` is private to "low" (elements/low/src/part.c)',
                     "use what low offers in its public headers")

    def test_a_symbol_that_nobody_defines_is_named(self):
        self.declare("elements/mid/src/mid.c", "int mid_none(void)", "return low_one()", "return low_one() + mid_none()")
        self.refused('elements/mid/src/mid.c:6: nobody defines `mid_none`, which "mid" uses')

    def test_a_linker_symbol_is_declared(self):
        self.declare("elements/mid/src/mid.c", "char ax_image_end[]", "return low_one()", "return low_one() + *ax_image_end")
        self.refused("nobody defines `ax_image_end`", "[linker] symbols")
        self.tree.edit("elements/mid/component.toml", "[sources]", '[linker]\nsymbols = ["ax_image_*"]\n[sources]')
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)

    def test_an_export_has_a_prefix_of_its_component(self):
        self.tree.edit("elements/mid/include/mid/mid.h", "int mid_one(void);", "int mid_one(void);\nint other_one(void);")
        self.tree.edit("elements/mid/src/mid.c", "int mid_one", "int other_one(void)\n{\n\treturn 2;\n}\n\nint mid_one")
        self.refused('elements/mid/src/mid.c:4: "mid" exports `other_one`: not one of its prefixes (mid_)')

    def test_an_export_with_the_prefix_of_another_component_is_refused(self):
        self.tree.edit("elements/mid/component.toml", '["mid_"]', '["mid_", "lo"]')
        self.tree.edit("elements/mid/include/mid/mid.h", "int mid_one(void);", "int mid_one(void);\nint low_two(void);")
        self.tree.edit("elements/mid/src/mid.c", "int mid_one", "int low_two(void)\n{\n\treturn 2;\n}\n\nint mid_one")
        self.refused('"mid" exports `low_two`, which starts with a prefix of "low"')

    def test_two_components_do_not_share_a_private_name(self):
        self.tree.write("elements/mid/src/more.c", "int low_hidden(void);\nint low_hidden(void)\n{\n\treturn 3;\n}\n")
        self.tree.edit("elements/mid/component.toml", '"src/mid.c"', '"src/mid.c", "src/more.c"')
        self.refused("`low_hidden` is defined by low and mid", "make it static")

    def test_a_provider_defines_what_it_provides(self):
        self.tree.edit("ulib/lib/src/start.c", "sys_app_main", "lib_app_main")
        self.tree.edit("ulib/lib/src/start.c", "int lib_app_main", "int lib_app_main(int argument);\nint lib_app_main")
        self.refused('"lib" provides "sys/app" but does not define `sys_app_main`')

    @unittest.skipUnless(os.uname().machine == "x86_64", "the instruction is x86_64's")
    def test_a_raw_system_call_is_refused(self):
        self.tree.edit("elements/mid/component.toml", '"src/mid.c"', '"src/mid.c", "arch/call.c"')
        self.tree.write("elements/mid/arch/call.c", "int mid_call(void);\nint mid_call(void)\n{\n"
                        '\t__asm__ volatile("syscall");\n\treturn 0;\n}\n')
        self.refused("elements/mid/arch/call.c:5: `syscall` in mid_call()", "only axhal_linux_*")



class Configuration(FiveComponents):
    """Every feature is compiled, whether an application asks for it or not."""

    def add_feature(self, text):
        self.tree.edit("elements/mid/component.toml", '["src/mid.c"]', '["src/mid.c"]\nextra = ["src/extra.c"]')
        self.tree.edit("elements/mid/component.toml", "[dependencies]", "[features]\nextra = []\n[dependencies]")
        self.tree.write("elements/mid/src/extra.c", text)

    def test_a_feature_that_no_application_asks_for_is_compiled(self):
        self.add_feature("int broken(void) { return }\n")
        self.refused('elements/mid/src/extra.c:2: "mid" [extra] on board does not compile')

    def test_a_feature_of_another_architecture_alone_is_not_compiled(self):
        other = next(arch for arch in archcode.ARCHES if arch != os.uname().machine)
        self.tree.edit("elements/mid/component.toml", "[dependencies]", "[features]\nextra = []\n[dependencies]")
        self.tree.edit("elements/mid/component.toml", "[sources]", f'[sources.extra]\n{other} = ["src/extra.c"]\n[sources]')
        self.tree.write("elements/mid/src/extra.c", "int mid_extra(void);\nint mid_extra(void)\n{\n\treturn 1;\n}\n")
        self.tree.edit("elements/mid/src/mid.c", "int mid_one", "#include <mid/features.h>\n#if MID_FEATURE_EXTRA\n#error\n#endif\nint mid_one")
        status, text = self.tree.check()
        self.assertEqual(status, 0, text)

    def test_a_feature_that_an_application_test_asks_for_is_compiled_once(self):
        self.add_feature("static int unused;\n")
        self.tree.edit("apps/hello/app.toml", "lib = {}", 'lib = {}\n[features]\nextra = ["lib/extra"]')
        self.tree.edit("ulib/lib/component.toml", "[dependencies]", '[features]\nextra = ["sys/extra"]\n[dependencies]')
        self.tree.edit("modules/sys/component.toml", "[dependencies]", '[features]\nextra = ["mid/extra"]\n[dependencies]')
        self.tree.edit("apps/hello/app.toml", "[sources]", "[[test]]\nname = 't'\nfeatures = ['extra']\n[sources]")
        self.refused('elements/mid/src/extra.c:2: "mid" [extra] on board does not compile')

    def test_every_mistake_of_a_run_is_told(self):
        self.tree.edit("elements/low/src/part.c", '#include "part.h"', '#include "part.h"\n#include <sys/sys.h>')
        self.tree.component("idle")
        self.tree.edit("elements/mid/component.toml", "low = {}", "low = {}\nidle = {}")
        status, text = self.tree.check()
        self.assertEqual(status, 1)
        self.assertIn("<sys/sys.h> belongs to", text)
        self.assertIn('depends on "idle"', text)
        self.assertRegex(text, ": 2 problems\n$")


if __name__ == "__main__":
    unittest.main()
