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

FUZZER = """#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	uint64_t hash = 0; /* no word that the fuzzer could read off a comparison */
	for (size_t i = 0; i < size; i++) {
		copy[i] = data[i];
		hash = hash * 31 + copy[i];
	}
	if (hash == 101987933495u)
		copy[size + 1] = 0;
	free(copy);
	return 0;
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

    def test_a_fuzzer_begins_with_its_seeds_and_leaves_them_as_they_are(self):
        self.unit('seeds = "seeds"\n')
        self.tree.write("elements/count/test.c", FUZZER)
        folder = self.tree.root / "elements" / "count" / "seeds"
        self.refusal(self.outcome, 'no seed lies in "seeds"', "elements/count/component.toml:", "put some there")
        folder.mkdir()
        (folder / "one").write_bytes(b"safe")
        status, text = self.outcome()
        self.assertEqual(status, 0, text)
        self.assertEqual([seed.name for seed in folder.iterdir()], ["one"])
        (folder / "one").write_bytes(b"overrun")
        status, text = self.outcome()
        self.assertEqual(status, 1, text)
        self.assertIn("(fuzzer)", text)
        self.assertIn("AddressSanitizer: heap-buffer-overflow", text)


if __name__ == "__main__":
    unittest.main()
