# SPDX-License-Identifier: Apache-2.0
"""Bar charts as SVG 1.1, by hand: horizontal bars in groups, with reference marks, and stacked bars. A reader needs no
fonts but the usual ones and no script; every colour stands beside its name in the legend.

Both functions take the lines above the chart (title first) and below it, and return the file's text.
"""
import math
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
WIDTH, MARGIN = 1000, 24
TITLE, TEXT, SMALL = 20, 14, 12
BAR, BETWEEN_BARS, BETWEEN_GROUPS = 14, 3, 16
VALUE_ROOM = 70                    # right of the longest bar, for its number
INK, FAINT, GRID = "#222222", "#666666", "#dddddd"


@dataclass
class Series:
    """One colour: `values` has a number for each group that it stands in."""
    label: str
    colour: str
    values: dict


class Svg:
    """Elements in the order of drawing; y grows downwards."""

    def __init__(self):
        self.elements = []

    def element(self, name, body="", **attributes):
        given = "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items())
        self.elements.append(f"<{name}{given}>{body}</{name}>" if body else f"<{name}{given}/>")

    def text(self, x, y, text, size=TEXT, anchor="start", fill=INK, weight="normal", **more):
        self.element("text", escape(text), x=place(x), y=place(y), font_size=size, text_anchor=anchor, fill=fill,
                     font_weight=weight, **more)

    def rect(self, x, y, width, height, fill, title=""):
        self.element("rect", f"<title>{escape(title)}</title>" if title else "", x=place(x), y=place(y),
                     width=place(max(width, 0.5)), height=place(height), fill=fill)

    def line(self, x1, y1, x2, y2, stroke, width=1, dash=""):
        more = {"stroke_dasharray": dash} if dash else {}
        self.element("line", x1=place(x1), y1=place(y1), x2=place(x2), y2=place(y2), stroke=stroke, stroke_width=width,
                     **more)

    def render(self, height):
        return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{place(height)}" '
                          f'viewBox="0 0 {WIDTH} {place(height)}" font-family="{FONT}">',
                          f'<rect width="{WIDTH}" height="{place(height)}" fill="#ffffff"/>', *self.elements, "</svg>", ""])


def place(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


def width_of(text, size):
    """About how wide a text is: fonts differ, so with some room to spare."""
    return len(text) * size * 0.6


def wrapped(text, size, width):
    """The text's lines, none wider than `width`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def head(svg, lines):
    """Title and what stands below it. Returns y under them."""
    y = MARGIN + TITLE
    svg.text(MARGIN, y, lines[0], TITLE, weight="bold")
    for line in lines[1:]:
        for part in wrapped(line, SMALL, WIDTH - 2 * MARGIN):
            y += SMALL * 1.5
            svg.text(MARGIN, y, part, SMALL, fill=FAINT)
    return y + SMALL


def legend(svg, y, entries):
    """[(label, colour, is_mark)] in lines. Returns y under them."""
    x = MARGIN
    y += TEXT
    for label, colour, is_mark in entries:
        wide = 24 + width_of(label, SMALL) + 18
        if x + wide > WIDTH - MARGIN and x > MARGIN:
            x, y = MARGIN, y + TEXT * 1.5
        if is_mark:
            mark(svg, x + 6, y - 10, 12, colour)
        else:
            svg.rect(x, y - 10, 12, 12, colour)
        svg.text(x + 18, y, label, SMALL)
        x += wide
    return y + TEXT


def mark(svg, x, y, height, colour):
    """A reference: a line with a triangle on top."""
    svg.line(x, y, x, y + height, colour, 2)
    svg.element("path", d=f"M{place(x - 4)} {place(y - 3)}h8l-4 6z", fill=colour)


def foot(svg, y, lines):
    for line in lines:
        for part in wrapped(line, SMALL, WIDTH - 2 * MARGIN):
            svg.text(MARGIN, y + SMALL, part, SMALL, fill=FAINT)
            y += SMALL * 1.5
    return y + MARGIN


def number(value):
    """For a bar's end: three digits say enough."""
    if value >= 1e6:
        return f"{value / 1e6:.3g} M"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


class Scale:
    """Values to x, linear from 0 or logarithmic over whole decades from 1 or below; with its grid."""

    def __init__(self, values, left, right, log):
        self.left, self.right, self.log = left, right, log
        if log:
            self.low = min(math.floor(math.log10(min(values))), 0)
            self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
            self.ticks = [10.0 ** exponent for exponent in range(self.low, self.high + 1)]
        else:
            step = round_step(max(values))
            count = math.ceil(max(values) / step)
            self.low, self.high = 0, count * step
            self.ticks = [step * i for i in range(count + 1)]

    def x(self, value):
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        part = (value - self.low) / (self.high - self.low)
        return self.left + max(part, 0) * (self.right - self.left)

    def grid(self, svg, top, bottom, unit):
        for tick in self.ticks:
            svg.line(self.x(tick), top, self.x(tick), bottom, GRID)
            svg.text(self.x(tick), bottom + SMALL + 2, number(tick), SMALL, "middle", FAINT)
        svg.text((self.left + self.right) / 2, bottom + 2.5 * SMALL + 4, unit, SMALL, "middle", FAINT)
        return bottom + 3.5 * SMALL + 4


def round_step(greatest):
    """1, 2 or 5 times a power of ten, so that at most eight steps reach the greatest."""
    power = 10.0 ** math.floor(math.log10(greatest / 8))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * 8 >= greatest)


def grouped_bars(above, unit, groups, series, marks=(), log=True, below=()):
    """A bar for each of `series` in each of `groups`; `marks` are Series too, drawn over their groups."""
    svg = Svg()
    y = legend(svg, head(svg, above), [*((s.label, s.colour, False) for s in series),
                                       *((s.label, s.colour, True) for s in marks)])
    values = [value for s in (*series, *marks) for value in s.values.values()]
    label_width = max(width_of(name, TEXT) for name in groups)
    scale = Scale(values, MARGIN + label_width + 10, WIDTH - MARGIN - VALUE_ROOM, log)
    top = y = y + 6
    background = len(svg.elements)
    for name in groups:
        bars = [s for s in series if name in s.values]
        height = max(len(bars), 1) * (BAR + BETWEEN_BARS)
        svg.text(scale.left - 10, y + height / 2 + TEXT * 0.3, name, TEXT, "end")
        for s in bars:
            value = s.values[name]
            svg.rect(scale.left, y, scale.x(value) - scale.left, BAR, s.colour, f"{name}, {s.label}: {number(value)}")
            y += BAR + BETWEEN_BARS
        y -= height
        for s in marks:
            if name in s.values:
                mark(svg, scale.x(s.values[name]), y - 2, height, s.colour)
        for s in bars:      # over the marks, and with a rim that parts them
            svg.text(scale.x(s.values[name]) + 5, y + BAR - 3, number(s.values[name]), SMALL, stroke="#ffffff",
                     stroke_width=4, paint_order="stroke")
            y += BAR + BETWEEN_BARS
        y += BETWEEN_GROUPS
    grid, svg.elements = svg.elements[background:], svg.elements[:background]
    bottom = scale.grid(svg, top - 6, y - BETWEEN_GROUPS / 2, unit)
    svg.elements += grid
    return svg.render(foot(svg, bottom + 6, below))


def curves(above, x_unit, y_unit, series, height=420, below=()):
    """A line for each of `series`, whose values are {x: y}; both axes logarithmic, x in powers of two."""
    svg = Svg()
    top = legend(svg, head(svg, above), [(s.label, s.colour, False) for s in series]) + 2 * TEXT
    xs = [x for s in series for x in s.values]
    ys = [y for s in series for y in s.values.values()]
    first, last = math.floor(math.log2(min(xs))), max(math.ceil(math.log2(max(xs))), math.floor(math.log2(min(xs))) + 1)
    low, high = math.floor(math.log10(min(ys))), max(math.ceil(math.log10(max(ys))), math.floor(math.log10(min(ys))) + 1)
    left, right, bottom = MARGIN + VALUE_ROOM, WIDTH - MARGIN, top + height

    def x_of(value):
        return left + (math.log2(value) - first) / (last - first) * (right - left)

    def y_of(value):
        return bottom - (math.log10(value) - low) / (high - low) * height

    for power in range(first, last + 1):
        svg.line(x_of(2 ** power), top, x_of(2 ** power), bottom, GRID)
        if power % 2 == 0:
            svg.text(x_of(2 ** power), bottom + SMALL + 4, binary(2 ** power), SMALL, "middle", FAINT)
    for power in range(low, high + 1):
        svg.line(left, y_of(10.0 ** power), right, y_of(10.0 ** power), GRID)
        svg.text(left - 8, y_of(10.0 ** power) + SMALL / 3, number(10.0 ** power), SMALL, "end", FAINT)
    svg.text(left, top - SMALL, y_unit, SMALL, "end", FAINT)
    svg.text((left + right) / 2, bottom + 2.5 * SMALL + 4, x_unit, SMALL, "middle", FAINT)
    for s in series:
        points = sorted(s.values.items())
        path = " ".join(f"{place(x_of(x))},{place(y_of(y))}" for x, y in points)
        svg.element("polyline", points=path, fill="none", stroke=s.colour, stroke_width=2)
        for x, y in points:
            svg.element("circle", f"<title>{escape(f'{s.label}, {x}: {number(y)}')}</title>", cx=place(x_of(x)), cy=place(y_of(y)),
                        r=2.5, fill=s.colour)
    return svg.render(foot(svg, bottom + 3.5 * SMALL + 10, below))


def binary(value):
    """A power of two as people write it."""
    for bound, unit in ((1 << 20, "Mi"), (1 << 10, "Ki")):
        if value >= bound:
            return f"{value >> (bound.bit_length() - 1)} {unit}"
    return str(value)


def stacked_bars(above, unit, bars, colours, below=()):
    """`bars`: [(label, {part: value})]; `colours`: {part: colour}, in the order of stacking."""
    svg = Svg()
    present = [part for part in colours if any(parts.get(part) for _, parts in bars)]
    y = legend(svg, head(svg, above), [(part, colours[part], False) for part in present]) + 6
    label_width = max(width_of(label, TEXT) for label, _ in bars)
    scale = Scale([sum(parts.values()) for _, parts in bars], MARGIN + label_width + 10, WIDTH - MARGIN - VALUE_ROOM,
                  False)
    top, height = y, 2 * BAR
    background = len(svg.elements)
    for label, parts in bars:
        svg.text(scale.left - 10, y + height / 2 + TEXT * 0.3, label, TEXT, "end")
        at = 0
        for part in present:
            value = parts.get(part, 0)
            if not value:
                continue
            x = scale.x(at)
            wide = scale.x(at + value) - x
            svg.rect(x, y, wide - 0.5, height, colours[part], f"{label}, {part}: {number(value)}")
            if wide > width_of(number(value), SMALL) + 4:
                svg.text(x + wide / 2, y + height / 2 + SMALL * 0.35, number(value), SMALL, "middle", ink_on(colours[part]))
            at += value
        svg.text(scale.x(at) + 6, y + height / 2 + SMALL * 0.35, number(at), SMALL, weight="bold")
        y += height + BETWEEN_GROUPS / 2
    grid, svg.elements = svg.elements[background:], svg.elements[:background]
    bottom = scale.grid(svg, top - 6, y, unit)
    svg.elements += grid
    return svg.render(foot(svg, bottom + 6, below))


def ink_on(colour):
    """Black or white, whichever reads better on `#rrggbb`."""
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return INK if 0.3 * red + 0.59 * green + 0.11 * blue > 140 else "#ffffff"
