# SPDX-License-Identifier: Apache-2.0
"""The image's symbol table: what gets into it, that it lies where the image looks, and that strip leaves it alone."""
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from scratch import ROOT  # noqa: F401  (puts the tool on the path)
from ax import ksyms

PROGRAM = """
	.text
	.globl _start, alpha, same
	.type _start, @function; .type alpha, @function; .type alpha.cold, @function
	.type beta.constprop.0, @function; .type same, @function; .type z_local, @function; .type data, @object
_start:           nop
alpha:            .fill 300, 1, 0x90
alpha.cold:       nop
beta.constprop.0: nop
z_local:
same:             nop
	.data
data: .long 0
	.section .ksyms, "a"
	.quad 0
	.section .note.GNU-stack, "", @progbits
"""

SCRIPT = """
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); ksyms PT_LOAD FLAGS(4); }
SECTIONS {
	. = 0x400000 + SIZEOF_HEADERS;
	ax_text_start = .; .text : { *(.text) } :text
	ax_text_end = .;
	. = ALIGN(4096) + (. & 4095);
	.data : { *(.data) } :data
	.bss : { *(.bss) . = . + 8192; } :data
	. = ALIGN(4096) + 24;
	.ksyms : { ax_ksyms = .; KEEP(*(.ksyms)) } :ksyms
	/DISCARD/ : { *(.note.*) }
}
"""


def decode(table, base):
    """The reader of elements/symbol_table, in Python."""
    magic, size = struct.unpack_from("<II", table)
    assert magic == ksyms.MAGIC and size == len(table)
    at, address, name, found = 8, base, b"", []
    while at < size:
        shift = 0
        while True:
            byte = table[at]
            at += 1
            address += (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        end = table.index(b"\0", at + 1)
        name = name[: table[at]] + table[at + 1 : end]
        at = end + 1
        found.append((address, name.decode()))
    return found


class Pack(unittest.TestCase):
    def test_what_is_packed_reads_back(self):
        entries = [(0x1000, "axtask_spawn"), (0x1001, "axtask_yield"), (0x9000, "b"), (0x209000, "bb")]
        self.assertEqual(decode(ksyms.pack(0x1000, entries), 0x1000), entries)

    def test_parts_of_one_function_are_one_entry(self):
        self.assertEqual(decode(ksyms.pack(0, [(1, "f"), (5, "f"), (9, "g")]), 0), [(1, "f"), (9, "g")])

    def test_long_names_are_cut_to_what_the_reader_takes(self):
        self.assertEqual(len(decode(ksyms.pack(0, [(1, "x" * 300)]), 0)[0][1]), ksyms.NAME_BYTES - 1)


class Embed(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        path = Path(self.folder.name)
        (path / "a.s").write_text(PROGRAM)
        (path / "a.ld").write_text(SCRIPT)
        self.elf = path / "a"
        subprocess.run(["as", "-o", path / "a.o", path / "a.s"], check=True)
        subprocess.run(["ld", "-z", "max-page-size=4096", "-T", path / "a.ld", "-o", self.elf, path / "a.o"], check=True)

    def table(self):
        """The loaded bytes at .ksyms, by the program header; its address."""
        elf = ksyms.Elf(self.elf.read_bytes())
        address = elf.section(elf.find_section(".ksyms"))[3]
        for i in range(elf.phnum):
            kind, _, offset, vaddr, _, filesz, memsz, _ = elf.segment(i)
            if kind == ksyms.PT_LOAD and vaddr == address:
                self.assertEqual(offset % 4096, vaddr % 4096)
                self.assertEqual(filesz, memsz)
                return elf.data[offset : offset + filesz], address
        self.fail("no segment for .ksyms")

    def names(self):
        return [name for _, name in decode(self.table()[0], 0)]

    def test_functions_are_in_the_table_without_their_clones_suffixes(self):
        ksyms.embed(self.elf)
        self.assertEqual(self.names(), ["_start", "alpha", "beta", "same"])

    def test_addresses_stay_as_they_were_linked(self):
        before = self.table()[1]
        ksyms.embed(self.elf)
        table, after = self.table()
        self.assertEqual(before, after)
        self.assertEqual(dict((n, a) for a, n in decode(table, 0))["beta"], 302)

    def test_strip_keeps_the_table(self):
        ksyms.embed(self.elf)
        before = self.table()
        subprocess.run(["strip", self.elf], check=True)
        self.assertEqual(self.table(), before)

    def test_an_image_without_the_section_is_left_alone(self):
        subprocess.run(["objcopy", "--remove-section=.ksyms", self.elf], check=True, stderr=subprocess.DEVNULL)
        before = self.elf.read_bytes()
        self.assertEqual(ksyms.embed(self.elf), 0)
        self.assertEqual(self.elf.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
