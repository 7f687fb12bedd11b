# SPDX-License-Identifier: Apache-2.0
"""The image's own symbol table: read from the linked ELF's symtab, packed, put back as the section .ksyms.

The linker script makes .ksyms the last loaded section, in a segment of its own, with a placeholder in it. embed()
appends the table to the file and points segment and section at it, so addresses do not move; strip may follow.
The format is told where it is read: elements/symbol_table/include/symbol_table/symbol_table.h.
"""

import re
import struct
import sys

MAGIC = 0x6D79736B
NAME_BYTES = 128
PAGE = 4096

# What compilers append to the names of clones and parts of functions.
SUFFIX = re.compile(r"\.(constprop|lto_priv|isra|part|cold|llvm|localalias|__uniq)\b.*$")

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")
SHDR = struct.Struct("<IIQQQQIIQQ")
SYM = struct.Struct("<IBBHQQ")

PT_LOAD, SHT_SYMTAB, STT_FUNC, STB_LOCAL = 1, 2, 2, 0


class Elf:
    """As much of a 64-bit little-endian ELF file as is needed here."""

    def __init__(self, data):
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("not a 64-bit little-endian ELF file")
        header = EHDR.unpack_from(data)
        self.data = data
        self.phoff, self.shoff = header[5], header[6]
        self.phnum, self.shnum, self.shstrndx = header[10], header[12], header[13]

    def segment(self, i):
        return list(PHDR.unpack_from(self.data, self.phoff + i * PHDR.size))

    def section(self, i):
        return list(SHDR.unpack_from(self.data, self.shoff + i * SHDR.size))

    def text(self, offset):
        return self.data[offset : self.data.index(b"\0", offset)].decode(errors="replace")

    def section_name(self, i):
        return self.text(self.section(self.shstrndx)[4] + self.section(i)[0])

    def find_section(self, name):
        for i in range(1, self.shnum):
            if self.section_name(i) == name:
                return i
        return None

    def symbols(self):
        """(value, is_function, is_local, name) of every defined symbol."""
        for i in range(1, self.shnum):
            section = self.section(i)
            if section[1] != SHT_SYMTAB:
                continue
            strings = self.section(section[6])[4]
            for at in range(section[4], section[4] + section[5], SYM.size):
                name, info, _, index, value, _ = SYM.unpack_from(self.data, at)
                if name and index:
                    yield value, info & 15 == STT_FUNC, info >> 4 == STB_LOCAL, self.text(strings + name)


def functions(elf, names=None):
    """The image's functions: sorted list of (address, name), one name an address, a global one if there is one.

    names: optional dictionary from symbol to the name to show.
    """
    best = {}
    bounds = {}
    for value, is_function, is_local, name in elf.symbols():
        if name in ("ax_text_start", "ax_text_end"):
            bounds[name] = value
        if is_function:
            shown = (names or {}).get(name) or SUFFIX.sub("", name)
            key = (is_local, len(shown), shown)
            if value not in best or key < best[value]:
                best[value] = key
    start, end = bounds.get("ax_text_start"), bounds.get("ax_text_end")
    if start is None or end is None:
        raise ValueError("the image has no ax_text_start or ax_text_end")
    return start, sorted((a, key[2]) for a, key in best.items() if start <= a < end)


def leb128(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def pack(text_start, entries):
    """The table's bytes, header included."""
    body = bytearray()
    previous_address, previous_name = text_start, b""
    for address, name in entries:
        raw = name.encode()[: NAME_BYTES - 1]
        if raw == previous_name:
            continue  # a part that follows its function
        shared = 0
        while shared < min(len(raw), len(previous_name)) and raw[shared] == previous_name[shared]:
            shared += 1
        body += leb128(address - previous_address) + bytes([shared]) + raw[shared:] + b"\0"
        previous_address, previous_name = address, raw
    return struct.pack("<II", MAGIC, 8 + len(body)) + bytes(body)


def embed(elf_path, names=None):
    """Put the table into the image at elf_path, in place; does nothing if the image reserves no .ksyms.

    Returns the table's size in bytes.
    """
    with open(elf_path, "rb") as file:
        data = bytearray(file.read())
    elf = Elf(data)
    index = elf.find_section(".ksyms")
    if index is None:
        return 0
    section = elf.section(index)
    address = section[3]
    table = pack(*functions(elf, names))
    for i in range(elf.phnum):
        segment = elf.segment(i)
        if segment[0] == PT_LOAD and segment[3] == address:
            break
    else:
        raise ValueError(f"{elf_path}: .ksyms has no segment of its own")
    # Where the file ends, but as far into a page as the address is.
    offset = len(data) + (address - len(data)) % PAGE
    segment[2], segment[5], segment[6] = offset, len(table), len(table)
    section[4], section[5] = offset, len(table)
    PHDR.pack_into(data, elf.phoff + i * PHDR.size, *segment)
    SHDR.pack_into(data, elf.shoff + index * SHDR.size, *section)
    data += bytes(offset - len(data)) + table
    with open(elf_path, "r+b") as file:
        file.write(data)
    return len(table)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        embed(path)
