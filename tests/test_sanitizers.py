# SPDX-License-Identifier: Apache-2.0
"""A unit test says in its manifest which sanitizer watches it."""
import contextlib
import io
import shutil
import unittest

from scratch import ROOT, ScratchCase
from ax import testing

RACE = """#include <axtest.h>
#include <pthread.h>

static int s_count;

static void *add(void *argument)
{
	s_count++;
	return argument;
}

TEST(two_threads_add)
{
	pthread_t thread;
	CHECK_EQ(pthread_create(&thread, NULL, add, NULL), 0);
	s_count++;
	pthread_join(thread, NULL);
}
"""


class Sanitizers(ScratchCase):
    def unit(self, rest):
        self.tree.component("count", rest=f'[[test]]\nsources = ["test.c"]\n{rest}')
        self.tree.write("elements/count/test.c", RACE)
        shutil.copytree(ROOT / "tests" / "support", self.tree.root / "tests" / "support")

    def outcome(self):
        """(exit status, what `ax test count` prints)."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = testing.run(self.tree.read(), ["count"], "gcc", False, False)
        return status, out.getvalue()

    def test_the_thread_sanitizer_finds_a_race(self):
        self.unit('sanitizer = "thread"\n')
        status, text = self.outcome()
        self.assertEqual(status, 1, text)
        self.assertIn("unit count (thread sanitizer)", text)
        self.assertIn("WARNING: ThreadSanitizer: data race", text)

    def test_without_it_the_race_may_pass(self):
        self.unit("")
        status, text = self.outcome()
        self.assertEqual(status, 0, text)

    def test_an_unknown_sanitizer_is_named(self):
        self.unit('sanitizer = "threads"\n')
        self.refusal(self.outcome, 'no sanitizer is called "threads"', "elements/count/component.toml:",
                     "one of: address, thread")


if __name__ == "__main__":
    unittest.main()
