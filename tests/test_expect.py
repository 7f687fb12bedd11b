# SPDX-License-Identifier: Apache-2.0
"""Expected output: literal lines, `~ ` patterns, `...` for any lines, `= ` to quote."""
import unittest

import scratch  # noqa: F401  (finds the tool)
from ax.testing import compare, match_lines


class Expect(unittest.TestCase):
    def test_lines_match_themselves_in_order(self):
        self.assertTrue(match_lines(["a", "b"], ["a", "b"]))
        self.assertFalse(match_lines(["a", "b"], ["b", "a"]))
        self.assertFalse(match_lines(["a"], ["a", "b"]))
        self.assertFalse(match_lines(["a", "b"], ["a"]))

    def test_a_pattern_matches_the_whole_line(self):
        self.assertTrue(match_lines(["~ took \\d+ ns"], ["took 15 ns"]))
        self.assertFalse(match_lines(["~ took \\d+"], ["took 15 ns"]))

    def test_dots_take_any_number_of_lines(self):
        for found in (["a", "z"], ["a", "b", "z"], ["a", "z", "b", "z"]):
            self.assertTrue(match_lines(["a", "...", "z"], found))
        self.assertFalse(match_lines(["a", "...", "z"], ["a", "z", "b"]))
        self.assertTrue(match_lines(["..."], []))

    def test_a_quoted_line_is_literal(self):
        self.assertTrue(match_lines(["= ...", "= ~ x"], ["...", "~ x"]))

    def test_long_outputs_are_matched_in_reasonable_time(self):
        lines = [str(n) for n in range(5000)]
        self.assertTrue(match_lines([*lines, "..."], lines))
        self.assertFalse(match_lines(["...", "0", "...", "x"], lines))

    def test_without_patterns_every_byte_counts(self):
        self.assertEqual(compare("a\n", "a\n", False), "")
        self.assertIn("the last line's end differs", compare("a\n", "a", False))
        self.assertIn("+b", compare("a\n", "b\n", False))


if __name__ == "__main__":
    unittest.main()
