# SPDX-License-Identifier: Apache-2.0
"""TAP devices are gone when who has made them is: at the end, when it is asked to end, and, once another is made, when it was
killed."""
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from scratch import ROOT
from ax import net

MAKER = """
import signal, sys
from ax import net
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with net.made_tap() as tap:
    print(tap.name, flush=True)
    sys.stdin.read()
"""


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
