# SPDX-License-Identifier: Apache-2.0
"""Which functions a benchmark's instructions belong to: a hosted image is stepped singly (tools/bench/step.c), and each
instruction gets its whole stack of functions.

The stack has two sources. Calls that were made are followed as they happen: a `call` puts its site on the thread's
stack of calls, and whatever raises the stack pointer past a return address takes it off; where the stack pointer jumps
far, another thread goes on. Calls that were inlined are in the image's DWARF information (`addr2line -i`), for every
address, so that link-time optimization hides nothing. No image is changed for it.
"""
import bisect
import subprocess
from collections import Counter

from . import linuxguest
from .errors import AxError
from .ksyms import PT_LOAD, SUFFIX, Elf
from .toolchain import need

FAR_BYTES = 4096               # no function here has so large a frame; two threads' stacks are farther apart
MARKS = ("axbench_begin", "axbench_stop", "axbench_report")


class Image:
    """What is asked of an ELF file: where its functions are, and its code."""

    def __init__(self, path):
        self.elf = Elf(path.read_bytes())
        self.functions = sorted((value, name) for value, is_function, _, name in self.elf.symbols() if is_function)
        self.loaded = [segment for segment in map(self.elf.segment, range(self.elf.phnum)) if segment[0] == PT_LOAD]

    def bytes_at(self, address, count):
        """b"" outside the file, as in the host's vDSO."""
        for _, _, offset, start, _, in_file, _, _ in self.loaded:
            if start <= address < start + in_file:
                return self.elf.data[offset + address - start:][:count]
        return b""

    def function_at(self, address):
        at = bisect.bisect(self.functions, (address, "\x7f")) - 1
        inside = any(start <= address < start + size for _, _, _, start, _, _, size, _ in self.loaded)
        return plain(self.functions[at][1]) if at >= 0 and inside else "(outside)"


def trace(root, build, environment, arguments, timeout=300):
    """{operation: (operations in its last batch, [(address, stack pointer)])}."""
    need("gcc", "gcc")
    folder = linuxguest.folder(root)
    stepper, output = folder / "step", folder / "steps.txt"
    linuxguest.call(["gcc", "-O2", root / "tools" / "bench" / "step.c", "-o", stepper], "step.c does not compile")
    places = {name: address for address, name in Image(build.debug_elf).functions}
    missing = [name for name in MARKS if name not in places]
    if missing:
        raise AxError(f"the image has no {', '.join(missing)}()", build.debug_elf.name)
    words = [stepper, output, *(f"{places[name]:x}" for name in MARKS), build.elf, *arguments]
    try:
        done = subprocess.run(list(map(str, words)), env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=timeout)
    except subprocess.TimeoutExpired:
        raise AxError(f"no end after {timeout} s", "step") from None
    if done.returncode:
        raise AxError(f"stepping ended with status {done.returncode}; it said: {done.stderr.strip()[-300:]}", "step")
    return read_steps(output.read_text().splitlines())


def read_steps(lines):
    """What step.c wrote. A batch may have several reports, all for the same instructions."""
    batches, steps = {}, []
    for line in lines:
        words = line.split()
        if words[0] == "begin":
            steps = []
        elif words[0] == "report":
            batches[words[1]] = (int(words[2]), steps)
        else:
            steps.append((int(words[0], 16), int(words[1], 16)))
    return batches


def without_repeats(steps):
    """A `rep` instruction stops once an element; it is one instruction."""
    before = None
    for step in steps:
        if step != before:
            yield step
        before = step


def stacks(steps, is_call):
    """Counter of (sites of the calls under way, address of the instruction)."""
    found, calls, sleeping = Counter(), [], {}
    before_address, before_sp = None, None
    for address, sp in without_repeats(steps):
        if before_sp is not None:
            if abs(sp - before_sp) >= FAR_BYTES:
                sleeping[before_sp] = calls
                calls = sleeping.pop(sp, [])
            elif sp < before_sp and is_call(before_address):
                calls = [*calls, (before_address, sp)]
            else:
                while calls and sp > calls[-1][1]:
                    calls = calls[:-1]
        found[tuple(site for site, _ in calls), address] += 1
        before_address, before_sp = address, sp
    return found


def is_call(image):
    """Whether the instruction at an address is a call: E8, or FF /2 (Intel SDM vol. 2, CALL), behind prefixes."""
    known = {}

    def at(address):
        if address not in known:
            code = image.bytes_at(address, 8).lstrip(bytes((*range(0x40, 0x50), 0x66, 0xf2, 0xf3, 0x3e)))
            known[address] = code[:1] == b"\xe8" or (code[:1] == b"\xff" and len(code) > 1 and code[1] >> 3 & 7 == 2)
        return known[address]

    return at


def functions_of(path, addresses):
    """{address: functions, outermost first} by the DWARF information; () where there is none, as in ports."""
    need("addr2line", "binutils")
    done = subprocess.run(["addr2line", "-a", "-f", "-i", "-e", path], capture_output=True, text=True,
                          input="\n".join(f"{address:x}" for address in sorted(addresses)))
    return read_inlines(done.stdout)


def read_inlines(text):
    """{address: functions, outermost first; () where there is no information} of what `addr2line -afi` prints."""
    found, names = {}, []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if lines[at].startswith("0x"):
            names = found.setdefault(int(lines[at], 16), [])
            at += 1
            continue
        if lines[at] != "??":
            names.insert(0, plain(lines[at]))
        at += 2
    return {address: tuple(names) for address, names in found.items()}


def plain(name):
    """Without what the compiler appends to a function that it has changed: `.constprop.0`, `.part.1`."""
    return SUFFIX.sub("", name)


def attribute(steps, path):
    """Counter of {stack of functions, outermost first: instructions}."""
    image = Image(path)
    counted = stacks(steps, is_call(image))
    known = functions_of(path, {address for sites, address in counted for address in (*sites, address)})
    found = Counter()
    for (sites, address), count in counted.items():
        places = (*sites, address)
        found[sum((known.get(place) or (image.function_at(place),) for place in places), ())] += count
    return found
