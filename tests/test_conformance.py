# SPDX-License-Identifier: Apache-2.0
"""Ports whose files are programs: each keeps its names to itself. And the list of verdicts: what it lets through."""
import subprocess
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock

import scratch  # noqa: F401  (finds the tool)
from ax import conformance, portbuild, ports
from ax.conformance import Outcome
from ax.errors import AxError
from ax.toolchain import Toolchain

PORT = """\
[port]
name    = "suite"
version = "1"
licence = "none"
sha256  = "{0:064}"

[[origin]]
url = "none:"

[build]
library  = "libsuite.a"
include  = ["{{out}}"]
programs = ["conformance/**/*.c"]
exclude_programs = ["conformance/area/9-9.c"]
"""

# Both define `state` and helper(), and count on falling off the end of main() meaning success.
PROGRAM = """\
int state = {0};
int helper(void) {{ return state; }}
int main(int argc, char **argv) {{ if (argc > 1) return helper(); }}
"""

MAIN = """\
#include <stdio.h>
#define PROGRAM(path, name) int name(int argc, char **argv);
#include "programs.h"
#undef PROGRAM
int main(int argc, char **argv)
{
#define PROGRAM(path, name) printf("%s %d %d\\n", path, name(1, argv), name(2, argv));
#include "programs.h"
	return 0;
}
"""


class SuiteCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.source = self.root / "upstream"
        self.write("ports/suite/port.toml", PORT.format(0))
        self.write("ports/suite/src/main.c", MAIN)
        for number in (1, 2):
            self.write(f"upstream/conformance/area/{number}-1.c", PROGRAM.format(number))
        self.write("upstream/conformance/area/3-buildonly.c", "int main(int argc, char **argv) { return 0; }\n")
        self.write("upstream/conformance/area/3-1.sh", "#!/bin/sh\nconformance/area/3-buildonly.test 7\n")
        self.write("upstream/conformance/area/4-1.c", "int compiled_only;\n")
        self.write("upstream/conformance/area/9-9.c", "#error never\n")
        self.port = ports.load(self.root, "suite")
        patcher = mock.patch.object(ports, "ensure", lambda port, quiet=False: self.source)
        patcher.start()
        self.addCleanup(patcher.stop)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target


class Programs(SuiteCase):
    def test_programs_with_the_same_global_names_share_an_image(self):
        build = types.SimpleNamespace(root=self.root, platform=types.SimpleNamespace(arch="x86_64"), ports={}, lto=False)
        tools = types.SimpleNamespace(cc="gcc", target=[], ar="ar", objcopy="objcopy",
                                      builtin_include=["/usr/include", "/usr/include/x86_64-linux-gnu",
                                                       *Toolchain("x86_64").builtin_include])
        out = self.root / "out"
        portbuild.ninja(self.port, self.source, out, tools, [], build)
        subprocess.run(["ninja", "--quiet", "-f", out / "build.ninja"], check=True, stdout=subprocess.PIPE)
        subprocess.run(["gcc", "-o", out / "all", "-Wl,-u,main", self.port.archive], check=True)
        printed = subprocess.run([out / "all"], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual(printed, "conformance/area/1-1 0 1\nconformance/area/2-1 0 2\nconformance/area/3-buildonly 0 0\n")

    def test_a_script_that_runs_a_program_with_an_argument_is_a_test(self):
        self.assertEqual(conformance.commands(self.port), {"area/1-1": ["area/1-1"], "area/2-1": ["area/2-1"],
                                                           "area/3-1": ["area/3-buildonly", "7"]})

    def test_what_is_excluded_is_not_built_and_an_exclusion_of_nothing_is_refused(self):
        self.assertEqual(conformance.not_built(self.port), {"area/9-9"})
        self.port.build["exclude_programs"] = ["conformance/area/8-8.c"]
        with self.assertRaises(AxError):
            portbuild.program_files(self.port, self.source)


class Verdicts(SuiteCase):
    TESTS = {"a/1-1": [], "a/1-2": [], "b/1-1": []}

    def listed(self, text, excluded=(), others=(), platform="board", smp=1):
        return conformance.read_list(self.write("verdicts.toml", text), self.TESTS, set(excluded), set(others), platform, smp)

    def judged(self, text, **verdicts):
        listed = self.listed(text)
        outcomes = {name: Outcome("passed", "") for name in self.TESTS if name not in listed.left_out}
        outcomes |= {"a/1-1": Outcome(verdicts.get("first", "passed"), "why\n")}
        return conformance.judge(outcomes, listed)

    def test_a_test_that_is_not_listed_must_pass(self):
        self.assertEqual(self.judged(""), "")
        self.assertIn("a/1-1: failed, not listed", self.judged("", first="failed"))
        self.assertIn("a/1-1: hung, not listed", self.judged("", first="hung"))

    def test_a_listed_test_must_answer_what_the_list_says(self):
        text = '[[answer]]\nverdict = "failed"\nreason = "r"\ntests = ["a/1-1"]\n'
        self.assertEqual(self.judged(text, first="failed"), "")
        self.assertIn("a/1-1: passed, but listed as failed", self.judged(text))
        self.assertIn("a/1-1: crashed, but listed as failed", self.judged(text, first="crashed"))

    def test_an_answer_can_be_of_some_platforms_or_numbers_of_cpus(self):
        text = '[[answer]]\nverdict = "failed"\nreason = "r"\ntests = ["a/*"]\nplatforms = ["board"]\nsmp = [4]\n'
        self.assertEqual(self.listed(text, smp=4).answers, {"a/1-1": "failed", "a/1-2": "failed"})
        self.assertEqual(self.listed(text).answers, {})
        self.assertEqual(self.listed(text, smp=4, platform="other").answers, {})
        text = '[[left_out]]\nreason = "r"\ntests = ["a/1-1"]\nsmp = [4]\n'
        self.assertEqual(self.listed(text, smp=4).left_out, {"a/1-1"})
        self.assertEqual(self.listed(text).left_out, set())

    def test_the_list_names_what_there_is_and_once(self):
        left_out = '[[left_out]]\nreason = "r"\ntests = ["{}"]\n'
        self.assertEqual(self.listed(left_out.format("a/9-9")).problems, ["a/9-9: listed, but there is none"])
        self.assertEqual(self.listed(left_out.format("a/1-1") * 2).problems, ["a/1-1: listed twice"])
        self.assertEqual(self.listed("", excluded=["c/1-1"]).problems, ["c/1-1: neither built nor left out"])
        self.assertEqual(self.listed(left_out.format("c/1-1"), excluded=["c/1-1"]).problems, [])
        self.assertEqual(self.listed("", others=["d"]).problems, ["d: a folder that is neither built nor listed"])

    def test_every_entry_has_a_reason(self):
        with self.assertRaises(AxError):
            self.listed('[[left_out]]\ntests = ["a/1-1"]\n')
        with self.assertRaises(AxError):
            self.listed('[[answer]]\nverdict = "odd"\nreason = "r"\ntests = ["a/1-1"]\n')

    def test_what_tests_nothing_counts_neither_way(self):
        outcomes = {"a/1-1": Outcome("passed", ""), "a/1-2": Outcome("failed", ""), "b/1-1": Outcome("untested", "")}
        self.assertEqual(conformance.summary(outcomes, self.listed(""), 0),
                         "1 of 2 applicable tests pass (50.0 %); 1 failed, 1 untested")


if __name__ == "__main__":
    unittest.main()
