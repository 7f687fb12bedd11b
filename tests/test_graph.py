# SPDX-License-Identifier: Apache-2.0
"""Manifests and the graph: the second law (downward), the third (acyclic), features, choices and glue."""
import unittest

from scratch import ScratchCase
from ax import resolve
from ax.build import Build, Options


class Manifest(ScratchCase):
    def test_an_unknown_key_names_its_line_and_the_nearest_known(self):
        self.tree.component("low", rest="[dependencies]\nbase = { optionall = true }\n")
        self.refusal(self.tree.read, "elements/low/component.toml:8: unknown key `optionall` in [dependencies.base]",
                     'did you mean "optional"?')

    def test_an_unknown_table_is_refused(self):
        self.tree.component("low", rest="[depends]\n")
        self.refusal(self.tree.read, "unknown key `depends`", 'did you mean "dependencies"?')

    def test_invalid_toml_names_the_line(self):
        self.tree.component("low", rest="[sources\n")
        self.refusal(self.tree.read, "elements/low/component.toml: not valid TOML", "line 7")

    def test_a_key_of_the_wrong_type_is_refused(self):
        self.tree.component("low", rest='[dependencies]\nbase = { features = "x" }\n')
        self.refusal(self.tree.read, "`features` in [dependencies.base] must be a list of strings")

    def test_a_component_lies_in_the_folder_of_its_layer(self):
        self.tree.component("low")
        self.tree.edit("elements/low/component.toml", '"element"', '"module"')
        self.refusal(self.tree.read, 'elements/low/component.toml:4: layer "module" belongs in modules/')

    def test_a_name_is_given_once(self):
        self.tree.component("low")
        self.tree.component("low", "module")
        self.refusal(self.tree.read, 'a second component named "low"')


class Edge(ScratchCase):
    def refused(self, *words):
        tree = self.tree.read()
        return self.refusal(lambda: resolve.check_tree(tree), *words)

    def test_an_upward_edge_is_refused(self):
        self.tree.component("low", rest="[dependencies]\nsys = {}\n")
        self.tree.component("sys", "module")
        self.refused("elements/low/component.toml:8: upward edge low -> sys", "mark the upcall as glue")

    def test_an_optional_upward_edge_is_refused(self):
        self.tree.component("low", rest="[dependencies]\nsys = { optional = true }\n")
        self.tree.component("sys", "module")
        self.refused("upward edge low -> sys")

    def test_an_application_uses_ulib_only(self):
        self.tree.component("low")
        self.tree.app("hello", "[dependencies]\nlow = {}\n")
        self.refused("apps/hello/app.toml:6: edge hello -> low skips ulib", "`kernel = true`")

    def test_a_kernel_application_uses_every_layer(self):
        self.tree.component("low")
        self.tree.app("hello", "kernel = true\n[dependencies]\nlow = {}\n")
        resolve.check_tree(self.tree.read())

    def test_nothing_depends_on_an_application(self):
        self.tree.component("lib", "ulib", "[dependencies]\nhello = {}\n")
        self.tree.app("hello", "")
        self.refused('"lib" depends on the application "hello"')

    def test_an_unknown_component_is_refused_with_the_nearest_name(self):
        self.tree.component("linked_list")
        self.tree.component("low", rest="[dependencies]\nlinked_lists = {}\n")
        self.refused('elements/low/component.toml:8: unknown component "linked_lists"', 'did you mean "linked_list"?')

    def test_a_cycle_is_refused_and_spelt_out(self):
        self.tree.component("a", rest="[dependencies]\nb = {}\n")
        self.tree.component("b", rest="[dependencies]\nc = {}\n")
        self.tree.component("c", rest="[dependencies]\na = {}\n")
        self.refused("elements/a/component.toml:8: cycle: a -> b -> c -> a")

    def test_a_cycle_through_an_optional_edge_is_refused(self):
        self.tree.component("a", rest="[dependencies]\nb = { optional = true }\n")
        self.tree.component("b", rest="[dependencies]\na = {}\n")
        self.refused("cycle: a -> b -> a")

    def test_a_prefix_has_one_owner(self):
        self.tree.component("a")
        self.tree.component("b")
        self.tree.edit("elements/b/component.toml", '["b_"]', '["b_", "a_"]')
        self.refused('elements/b/component.toml:6: prefix "a_" is claimed by "a" too (elements/a/component.toml)')

    def test_a_listed_source_exists(self):
        self.tree.component("a", rest='[sources]\ncommon = ["src/a.c"]\n')
        self.refused('elements/a/component.toml:8: no such file or folder "src/a.c"')

    def test_unknown_features_are_refused_wherever_they_are_named(self):
        self.tree.component("a", rest="[features]\nfast = []\n")
        for rest, words in (('[dependencies]\na = { features = ["fats"] }\n', 'component "a" has no feature "fats"'),
                            ('[features]\nx = ["a/fats"]\n[dependencies]\na = {}\n', 'did you mean "fast"?'),
                            ('[features]\nx = ["y"]\n', 'component "b" has no feature "y"'),
                            ('[sources]\nx = ["component.toml"]\n', 'component "b" has no feature "x"'),
                            ('[features]\nx = ["dep:a"]\n[dependencies]\na = {}\n', '"a" is no optional dependency'),
                            ('[features]\nx = ["c/y"]\n', '"c" is no dependency'),
                            ('[[test]]\nsources = []\nfeatures = ["x"]\n', 'component "b" has no feature "x"')):
            with self.subTest(rest):
                self.tree.component("b", rest=rest)
                self.refused(words, "elements/b/component.toml:")


class Feature(ScratchCase):
    """Cargo's rules, over the whole graph."""

    def test_features_unite_over_all_who_ask(self):
        self.tree.component("low", rest="[features]\na = []\nb = []\nc = []\n")
        self.tree.component("x", "module", '[dependencies]\nlow = { features = ["a"] }\n')
        self.tree.component("lib", "ulib", '[dependencies]\nx = {}\nlow = { features = ["b"] }\n')
        self.tree.app("hello", "[dependencies]\nlib = {}\n")
        self.assertEqual(set(self.tree.resolve().nodes["low"].features), {"a", "b"})

    def graph(self, value):
        self.tree.component("low", rest="[features]\nfast = []\n")
        self.tree.component("lib", "ulib", f'[features]\nf = ["{value}"]\nbring = ["dep:low"]\n'
                            "[dependencies]\nlow = { optional = true }\n")
        self.tree.app("hello", '[features]\nf = ["lib/f"]\nbring = ["lib/bring"]\n[dependencies]\nlib = {}\n')

    def test_dep_slash_feature_brings_the_dependency_in(self):
        self.graph("low/fast")
        self.assertFalse(self.tree.resolve().has("low"))
        self.assertTrue(self.tree.resolve(features=["f"]).has("low", "fast"))

    def test_dep_query_slash_feature_waits_for_the_dependency(self):
        self.graph("low?/fast")
        self.assertFalse(self.tree.resolve(features=["f"]).has("low"))
        self.assertTrue(self.tree.resolve(features=["f", "bring"]).has("low", "fast"))
        self.assertTrue(self.tree.resolve(features=["bring", "f"]).has("low", "fast"))
        self.assertFalse(self.tree.resolve(features=["bring"]).has("low", "fast"))

    def test_dep_colon_brings_the_dependency_in_without_features(self):
        self.graph("dep:low")
        image = self.tree.resolve(features=["f"])
        self.assertTrue(image.has("low"))
        self.assertFalse(image.has("low", "fast"))

    def test_default_features_are_on_unless_all_refuse_them(self):
        self.tree.component("low", rest='[features]\ndefault = ["a"]\na = []\n')
        self.tree.component("lib", "ulib", "[dependencies]\nlow = { default_features = false }\n")
        self.tree.app("hello", "[dependencies]\nlib = {}\n")
        self.assertFalse(self.tree.resolve().has("low", "a"))
        self.tree.component("other", "ulib", "[dependencies]\nlow = {}\n")
        self.tree.app("hello", "[dependencies]\nlib = {}\nother = {}\n")
        self.assertTrue(self.tree.resolve().has("low", "a"))

    def test_the_command_line_may_name_a_component_of_the_image(self):
        self.graph("dep:low")
        self.assertTrue(self.tree.resolve(features=["f", "low/fast"]).has("low", "fast"))
        self.refusal(lambda: self.tree.resolve(features=["low/fast"]), '"low" is not in this image')
        self.refusal(lambda: self.tree.resolve(features=["g"]), "--features g", 'component "hello" has no feature "g"')

    def test_a_platform_turns_on_features_of_what_is_there(self):
        self.graph("dep:low")
        self.tree.platform(rest='[features]\nlow = ["fast"]\n')
        self.assertFalse(self.tree.resolve().has("low"))
        self.assertTrue(self.tree.resolve(features=["f"]).has("low", "fast"))

    def test_sources_follow_features_and_architecture(self):
        rest = ('[features]\nf = []\ng = []\n[sources]\ncommon = ["c.c"]\n'
                'f = { common = ["f.c"], x86_64 = ["fx.c"], g = ["fg.c"] }\n'
                '[sources.arch]\nx86_64 = ["x.c"]\nriscv64 = ["r.c"]\n')
        self.tree.component("low", rest=rest)
        low = self.tree.read().components["low"]

        def names(features, arch):
            return {path.name for path in low.selected(low.sources, features, arch)}

        self.assertEqual(names([], "x86_64"), {"c.c", "x.c"})
        self.assertEqual(names(["f"], "x86_64"), {"c.c", "x.c", "f.c", "fx.c"})
        self.assertEqual(names(["f"], "riscv64"), {"c.c", "r.c", "f.c"})
        self.assertEqual(names([], "aarch64"), {"c.c"})
        self.assertEqual(names(["g"], "aarch64"), {"c.c"})
        self.assertEqual(names(["f", "g"], "aarch64"), {"c.c", "f.c", "fg.c"})

    def test_sight_is_the_dependencies_and_their_public_closure(self):
        self.tree.component("a")
        self.tree.component("b", rest="[dependencies]\na = { public = true }\n")
        self.tree.component("c", rest="[dependencies]\nb = { public = true }\n")
        self.tree.component("d", rest="[dependencies]\nb = {}\n")
        self.tree.component("lib", "ulib", "[dependencies]\nc = {}\nd = {}\n")
        self.tree.app("hello", "[dependencies]\nlib = {}\n")
        image = self.tree.resolve()
        self.assertEqual(set(image.visible("lib")), {"lib", "c", "d", "b", "a"})
        self.assertEqual(set(image.visible("hello")), {"hello", "lib"})
        self.tree.component("c", rest="[dependencies]\nb = {}\n")
        self.assertEqual(set(self.tree.resolve().visible("lib")), {"lib", "c", "d"})


class Choice(ScratchCase):
    def setUp(self):
        super().setUp()
        self.heap('default = "tlsf"\n')
        self.tree.component("x", "module", '[features]\nslab = ["heap/slab"]\n[dependencies]\nheap = {}\n')
        self.tree.component("lib", "ulib", '[features]\nbuddy = ["heap/buddy"]\nslab = ["x/slab"]\n'
                            "[dependencies]\nheap = {}\nx = {}\n")
        self.tree.app("hello", '[features]\nslab = ["lib/slab"]\nbuddy = ["lib/buddy"]\n[dependencies]\nlib = {}\n')

    def heap(self, default):
        self.tree.component("tree")
        self.tree.component("heap", rest='[features]\ntlsf = ["dep:tree"]\nslab = []\nbuddy = []\n[choice.kind]\n'
                            f'of = ["tlsf", "slab", "buddy"]\n{default}[dependencies]\ntree = {{ optional = true }}\n')

    def test_the_default_is_taken_when_nobody_picks(self):
        self.assertEqual(set(self.tree.resolve().nodes["heap"].features), {"tlsf"})

    def test_a_pick_replaces_the_default_and_what_that_would_bring(self):
        image = self.tree.resolve(features=["slab"])
        self.assertEqual(set(image.nodes["heap"].features), {"slab"})
        self.assertFalse(image.has("tree"))

    def test_two_picks_name_both_askers(self):
        self.refusal(lambda: self.tree.resolve(features=["slab", "buddy"]),
                     'elements/heap/component.toml:11: choice "kind" of "heap" is picked twice', '"slab" by x\'s feature',
                     '"buddy" by lib\'s feature')

    def test_the_same_pick_twice_is_one(self):
        image = self.tree.resolve(features=["slab", "heap/slab"])
        self.assertEqual(set(image.nodes["heap"].features), {"slab"})

    def test_without_a_default_somebody_must_pick(self):
        self.heap("")
        self.refusal(self.tree.resolve, 'choice "kind" of "heap" has no default and nothing picks one',
                     "turn one on: tlsf, slab, buddy")

    def test_a_default_that_leads_to_another_pick_is_refused(self):
        self.tree.edit("elements/heap/component.toml", 'tlsf = ["dep:tree"]', 'tlsf = ["slab"]')
        self.refusal(self.tree.resolve, 'choice "kind" of "heap" is picked twice: "tlsf" by default of choice "kind", "slab" '
                     'by heap\'s feature "tlsf"')


class Smp(ScratchCase):
    """More than one CPU: feature "smp" of whatever is in layer ulib, and of the application."""

    def setUp(self):
        super().setUp()
        self.tree.component("hal", "module", "[features]\nsmp = []\n")
        self.tree.component("lib", "ulib", '[features]\nsmp = ["hal/smp"]\n[dependencies]\nhal = {}\n')
        self.tree.component("other", "ulib", '[features]\nsmp = []\n')
        self.tree.component("plain", "ulib", "[dependencies]\nhal = {}\n")
        self.tree.app("hello", "[dependencies]\nlib = {}\nother = {}\nplain = {}\n")

    def test_several_cpus_turn_the_feature_on_in_every_library_that_has_it(self):
        image = self.tree.resolve(smp=2)
        self.assertEqual([name for name in ("hal", "lib", "other", "plain", "hello") if image.has(name, "smp")],
                         ["hal", "lib", "other"])

    def test_one_cpu_does_not(self):
        self.assertFalse(any("smp" in node.features for node in self.tree.resolve(smp=1).nodes.values()))

    def test_a_module_gets_it_from_a_library_only(self):
        self.tree.app("hello", "[dependencies]\nother = {}\nplain = {}\n")
        self.assertFalse(self.tree.resolve(smp=2).has("hal", "smp"))

    def test_a_library_that_the_feature_brings_in_gets_it_too(self):
        self.tree.component("lib", "ulib", '[features]\nsmp = ["dep:other"]\n[dependencies]\nother = { optional = true }\n')
        self.tree.app("hello", "[dependencies]\nlib = {}\n")
        self.assertTrue(self.tree.resolve(smp=2).has("other", "smp"))

    def test_the_application_gets_its_own(self):
        self.tree.app("hello", "[features]\nsmp = []\n[dependencies]\nlib = {}\n")
        self.assertTrue(self.tree.resolve(smp=2).has("hello", "smp"))
        self.assertFalse(self.tree.resolve().has("hello", "smp"))

    def test_without_a_library_that_has_it_several_cpus_are_refused(self):
        self.tree.app("hello", "[dependencies]\nplain = {}\n")
        self.refusal(lambda: self.tree.resolve(smp=2), '--smp 2: "hello" uses one CPU', "depend on one of: lib, other")
        self.tree.resolve()

    def test_an_image_has_1_to_64_cpus(self):
        for smp in (0, -1, 65):
            self.refusal(lambda: Build(self.tree.read(), "hello", Options(platform="board", smp=smp)),
                         f"--smp {smp}: an image has 1 to 64 CPUs")


class Glue(ScratchCase):
    def setUp(self):
        super().setUp()
        self.tree.component("low", rest='[requires.end]\nheader = "low/end.h"\n')
        self.tree.header("elements/low/include/low/end.h", "void low_end(void);\n")
        self.tree.component("x", "module", '[dependencies]\nlow = {}\n[provides]\n"low/end" = {}\n')
        self.tree.component("y", "module", '[features]\nend = []\n[dependencies]\nlow = {}\n'
                            '[provides]\n"low/end" = { feature = "end" }\n')
        self.lib("x = {}\ny = {}")
        self.tree.app("hello", "[dependencies]\nlib = {}\n")

    def lib(self, dependencies):
        self.tree.component("lib", "ulib", f"[dependencies]\nlow = {{}}\n{dependencies}\n")

    def test_one_provider_answers(self):
        asker, provider = self.tree.resolve().glue["low/end"]
        self.assertEqual((asker.name, provider.name), ("low", "x"))

    def test_a_provider_by_feature_counts_when_the_feature_is_on(self):
        self.lib('y = { features = ["end"] }')
        self.assertEqual(self.tree.resolve().glue["low/end"][1].name, "y")

    def test_a_missing_provider_names_who_could(self):
        self.lib("")
        self.refusal(self.tree.resolve, 'elements/low/component.toml:8: interface "low/end" has no provider',
                     "add one of: x, y")

    def test_a_second_provider_is_refused(self):
        self.lib('x = {}\ny = { features = ["end"] }')
        self.refusal(self.tree.resolve, 'interface "low/end" has 2 providers: ', "x (modules/x/component.toml:10)",
                     "y (modules/y/component.toml:12)")

    def test_an_unknown_interface_is_refused(self):
        self.tree.edit("modules/x/component.toml", "low/end", "low/ends")
        self.refusal(self.tree.resolve, 'provides unknown interface "low/ends"', 'did you mean "low/end"?')

    def test_a_provider_depends_on_who_declares_the_interface(self):
        self.tree.edit("modules/x/component.toml", "low = {}\n", "")
        self.refusal(self.tree.resolve, 'provides "low/end" without depending on "low"', "add `low = {}`")

    def test_an_interface_has_its_header(self):
        self.tree.edit("elements/low/component.toml", "low/end.h", "low/start.h")
        self.refusal(self.tree.resolve, 'interface "low/end": no header low/start.h')


if __name__ == "__main__":
    unittest.main()
