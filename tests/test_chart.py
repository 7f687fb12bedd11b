# SPDX-License-Identifier: Apache-2.0
"""The charts: well-formed SVG, bars as long as their values say, nothing outside the picture."""
import unittest
import xml.etree.ElementTree as xml

import scratch  # noqa: F401  (finds the tool)
from ax import chart
from ax.chart import Series, grouped_bars, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"


def bars(text):
    """{title: width} of the bars in a picture."""
    found = {}
    for rect in xml.fromstring(text).iter(SVG + "rect"):
        title = rect.find(SVG + "title")
        if title is not None:
            found[title.text] = float(rect.get("width"))
    return found


class Grouped(unittest.TestCase):
    def draw(self, **more):
        series = [Series("ours <1 & 2>", "#1b6e2c", {"yield": 10, "mutex": 1}),
                  Series("theirs", "#8c8c8c", {"yield": 1000})]
        return grouped_bars(["title & <text>", "below"], "cycles", ["yield", "mutex"], series, **more)

    def test_what_needs_escaping_leaves_the_picture_well_formed(self):
        texts = [element.text for element in xml.fromstring(self.draw()).iter(SVG + "text")]
        self.assertIn("title & <text>", texts)
        self.assertIn("ours <1 & 2>", texts)

    def test_a_decade_is_as_wide_as_the_next_on_a_logarithmic_scale(self):
        widths = bars(self.draw())
        self.assertAlmostEqual(widths["yield, theirs: 1,000"], 3 * widths["yield, ours <1 & 2>: 10"], delta=1)

    def test_widths_are_proportional_on_a_linear_scale(self):
        series = [Series("a", "#000000", {"x": 2}), Series("b", "#ffffff", {"x": 1})]
        widths = bars(grouped_bars(["t"], "times", ["x"], series, log=False))
        self.assertAlmostEqual(widths["x, a: 2"], 2 * widths["x, b: 1"], delta=1)

    def test_a_group_has_no_bar_for_what_was_not_measured(self):
        self.assertNotIn("mutex, theirs", " ".join(bars(self.draw())))

    def test_everything_is_inside_the_picture(self):
        marks = [Series("published", "#d95f02", {"yield": 400000})]
        picture = xml.fromstring(self.draw(marks=marks, below=["a note " * 60]))
        height = float(picture.get("height"))
        for element in picture.iter():
            for key, limit in (("x", chart.WIDTH), ("x2", chart.WIDTH), ("y", height), ("y2", height)):
                if element.get(key):
                    self.assertTrue(0 <= float(element.get(key)) <= limit, element.attrib)


class Stacked(unittest.TestCase):
    def test_parts_stand_end_to_end_and_add_up(self):
        text = stacked_bars(["t"], "instructions", [("one", {"a": 10, "b": 30}), ("two", {"b": 20})],
                            {"a": "#000000", "b": "#ffffff", "c": "#123456"})
        widths = bars(text)
        self.assertAlmostEqual(widths["one, b: 30"], 3 * widths["one, a: 10"], delta=2)
        self.assertAlmostEqual(widths["two, b: 20"], 2 * widths["one, a: 10"], delta=2)
        self.assertNotIn("c", [element.text for element in xml.fromstring(text).iter(SVG + "text")])

    def test_text_on_a_part_is_dark_on_light_and_light_on_dark(self):
        self.assertEqual((chart.ink_on("#ffffff"), chart.ink_on("#000000")), (chart.INK, "#ffffff"))


if __name__ == "__main__":
    unittest.main()
