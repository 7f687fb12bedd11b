# SPDX-License-Identifier: Apache-2.0
"""A flattened device tree from tables (Devicetree Specification 0.4, chapter 5): for boards whose emulator has none of its own.

A table is a node, by its name with unit address; a string or a list of strings is text, a number or a list of numbers is
cells of 32 bits, `true` a property without a value.
"""
import struct

from .errors import AxError

MAGIC, VERSION, COMPATIBLE_VERSION, HEADER_BYTES = 0xd00dfeed, 17, 16, 40
BEGIN_NODE, END_NODE, PROPERTY, END = 1, 2, 3, 9


def cells(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def padded(data):
    return data + bytes(-len(data) % 4)


def value_of(name, value):
    values = value if isinstance(value, list) else [value]
    if value is True:
        return b""
    if all(isinstance(v, str) for v in values):
        return b"".join(v.encode() + b"\0" for v in values)
    if all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 1 << 32 for v in values):
        return cells(*values)
    raise AxError(f"`{name}` is no property: text, 32-bit numbers or true", "the device tree of the platform file")


class Strings:
    """The block of names, each once."""

    def __init__(self):
        self.data, self.offsets = b"", {}

    def offset(self, name):
        if name not in self.offsets:
            self.offsets[name] = len(self.data)
            self.data += name.encode() + b"\0"
        return self.offsets[name]


def node(name, table, strings):
    """Properties come before the nodes below."""
    data = cells(BEGIN_NODE) + padded(name.encode() + b"\0")
    for key, value in table.items():
        if not isinstance(value, dict):
            content = value_of(key, value)
            data += cells(PROPERTY, len(content), strings.offset(key)) + padded(content)
    for key, value in table.items():
        if isinstance(value, dict):
            data += node(key, value, strings)
    return data + cells(END_NODE)


def blob(root):
    strings = Strings()
    structure = node("", root, strings) + cells(END)
    reservations = bytes(16)
    at = HEADER_BYTES + len(reservations)
    total = at + len(structure) + len(strings.data)
    header = cells(MAGIC, total, at, at + len(structure), HEADER_BYTES, VERSION, COMPATIBLE_VERSION, 0,
                   len(strings.data), len(structure))
    return header + reservations + structure + strings.data
