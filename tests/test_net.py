# SPDX-License-Identifier: Apache-2.0
"""TAP devices are gone when who has made them is: at the end, when it is asked to end, and, once another is made, when it was
killed. What cannot be is told before anything starts."""
import contextlib
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from scratch import ROOT
from ax import net
from ax.errors import AxError

MAKER = """
import signal, sys
from ax import net
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with net.made_tap() as tap:
    print(tap.name, flush=True)
    sys.stdin.read()
"""


class Wishes(unittest.TestCase):
    def refused(self, pattern, *words, kind="qemu", **wanted):
        with self.assertRaisesRegex(AxError, pattern), contextlib.ExitStack() as stack:
            stack.enter_context(net.prepare(net.Wanted(*words, **wanted), kind, "virtio-net-pci"))

    def test_a_device_that_is_missing_or_no_tap_is_not_made(self):
        for kind in ("qemu", "process"):
            for name in ("axmissing0", "lo"):
                self.refused("no such TAP device", "tap", tap=name, kind=kind)

    def test_a_port_that_somebody_has_is_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.refused("in use", "user", ports=[(taken.getsockname()[1], 80)])

    def test_a_file_that_cannot_be_written_is_refused(self):
        self.refused("No such file", "user", pcap="/nonexistent/packets.pcap")


def alias(name):
    path = Path("/sys/class/net", name, "ifalias")
    return path.read_text().strip() if path.exists() else ""


@unittest.skipUnless(net.can_make_tap(), "making a TAP device needs root")
class MadeTap(unittest.TestCase):
    def ended(self, number):
        """(what the device's alias was, what it is once its maker has ended)"""
        with subprocess.Popen([sys.executable, "-c", MAKER], env={"PYTHONPATH": str(ROOT / "tools")}, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as maker:
            name = maker.stdout.readline().strip()
            before = alias(name)
            maker.send_signal(number)
            maker.wait()
        self.assertEqual(before, f"{net.OF}{maker.pid}")
        return name, before

    def test_goes_when_its_maker_is_asked_to_end(self):
        name, before = self.ended(signal.SIGTERM)
        self.assertNotEqual(alias(name), before)

    def test_goes_with_the_next_one_that_is_made_when_its_maker_was_killed(self):
        name, before = self.ended(signal.SIGKILL)
        net.remove_orphans()     # as who makes one does
        self.assertNotEqual(alias(name), before)


if __name__ == "__main__":
    unittest.main()
