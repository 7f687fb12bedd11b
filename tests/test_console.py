# SPDX-License-Identifier: Apache-2.0
"""The console as a person and as a script meet it: Lua's prompt on a terminal and on a pipe, hosted on two CPUs and in a machine
of one.

Each step waits for the text that it expects; DEADLINE_SECONDS only bounds how long a failure takes.
"""
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import unittest
from pathlib import Path

from scratch import ROOT
from ax import manifest
from ax.build import Build, Options

DEADLINE_SECONDS = 60
ROOTFS = ROOT / "apps/lua/tests"
HOSTED = Options(platform="x86_64-linux", features=("axlibc/multitask",), smp=2)
MACHINE = Options(platform="x86_64-qemu-q35")
PROMPT = "> "


class Session:
    """`ax run lua -- -i` with both ends of its console held here."""

    def __init__(self, image, terminal):
        command = [sys.executable, str(ROOT / "ax"), "run", "lua", "--platform", image.platform,
                   "--features", ",".join(image.features), "--smp", str(image.smp), "--rootfs", str(ROOTFS), "--", "-i"]
        self.text = ""
        self.seen = 0  # of the text, by expect()
        if terminal:
            self.output, self.slave = pty.openpty()
            self.input = self.output
            self.open = {self.output, self.slave}
            self.modes = termios.tcgetattr(self.slave)
            self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                            start_new_session=True, preexec_fn=take_terminal)
        else:
            (stdin, self.input), (self.output, stdout) = os.pipe(), os.pipe()
            self.process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stdout)
            os.close(stdin)
            os.close(stdout)
            self.open = {self.input, self.output}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        for descriptor in self.open:
            os.close(descriptor)

    def expect(self, wanted):
        """Read on until `wanted` has come behind what was expected before."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while wanted not in self.text[self.seen:]:
            if not select.select([self.output], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"{wanted!r} did not come; all that did: {self.text!r}")
            data = os.read(self.output, 4096)
            if not data:
                raise AssertionError(f"{wanted!r} did not come before the end: {self.text!r}")
            self.text += data.decode(errors="replace").replace("\r\n", "\n")
        self.seen = self.text.index(wanted, self.seen) + len(wanted)

    def type(self, keys):
        os.write(self.input, keys.encode())

    def end(self):
        """The exit status of the command."""
        return self.process.wait(DEADLINE_SECONDS)

    def wait_until_it_sleeps(self):
        """All threads of what `ax` runs use less than a twentieth of a processor: a program that looks for input without end
        does not come to that, one that looks a hundred times a second does, however busy the machine is."""
        deadline, pid = time.monotonic() + DEADLINE_SECONDS, child(self.process.pid)
        while True:
            start, used = time.monotonic(), processor_seconds(pid)
            time.sleep(0.3)
            if processor_seconds(pid) - used < 0.05 * (time.monotonic() - start):
                return
            if time.monotonic() > deadline:
                raise AssertionError("who waits for input uses the processor")


def take_terminal():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell that runs the suite in the background has it ignored
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def child(pid):
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def processor_seconds(pid):
    """What the process has used: Linux, Documentation/scheduler/sched-stats.rst."""
    return sum(int(stat.read_text().split()[0]) for stat in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


class ConsoleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tree = manifest.read_tree(ROOT)
        for image in (HOSTED, MACHINE):
            build = Build(tree, "lua", image)
            with build.lock():
                build.run()

    def edit_lines(self, session):
        session.expect(PROMPT)
        session.type("print(6*7)\r")
        session.expect("print(6*7)\n42\n" + PROMPT)
        session.type("print(1\x7f2)\r")
        session.expect("print(1\b \b2)\n2\n" + PROMPT)
        session.type("nonsense\x15print(3)\r")
        session.expect("\n3\n" + PROMPT)

    def test_a_terminal_echoes_and_edits_who_waits_sleeps_and_control_d_ends_the_program(self):
        for image in (HOSTED, MACHINE):
            with self.subTest(image=image), Session(image, terminal=True) as session:
                self.edit_lines(session)
                session.wait_until_it_sleeps()
                session.type("\x04")
                self.assertEqual(session.end(), 0)
                self.assertEqual(termios.tcgetattr(session.slave), session.modes)

    def test_control_c_ends_the_program_and_the_terminal_is_as_before(self):
        for image in (HOSTED, MACHINE):
            with self.subTest(image=image), Session(image, terminal=True) as session:
                session.expect(PROMPT)
                session.type("\x03")
                self.assertEqual(session.end(), 130)
                self.assertEqual(termios.tcgetattr(session.slave), session.modes)

    def test_control_c_on_a_serial_line_is_sigint(self):
        with Session(MACHINE, terminal=False) as session:
            session.expect(PROMPT)
            session.type("\x03")
            self.assertEqual(session.end(), 130)

    def test_an_ended_ax_leaves_the_terminal_as_before(self):
        for image in (HOSTED, MACHINE):
            with self.subTest(image=image), Session(image, terminal=True) as session:
                session.expect(PROMPT)
                session.process.send_signal(signal.SIGTERM)
                self.assertEqual(session.end(), 143)
                self.assertEqual(termios.tcgetattr(session.slave), session.modes)

    def test_a_pipe_is_not_echoed_and_its_end_ends_the_program(self):
        with Session(HOSTED, terminal=False) as session:
            session.type("print(6*7)\n")
            session.expect(PROMPT + "42\n" + PROMPT)
            session.open.remove(session.input)
            os.close(session.input)
            self.assertEqual(session.end(), 0)
            self.assertNotIn("print", session.text)

    def test_what_is_typed_before_the_machine_is_up_is_not_lost(self):
        with Session(MACHINE, terminal=False) as session:
            session.type("print(6*7)\n\x04")
            session.expect(PROMPT + "print(6*7)\n42\n" + PROMPT)
            self.assertEqual(session.end(), 0)


class StartTest(unittest.TestCase):
    ENDED_WHILE_IT_STARTS_A_PROCESS = """
import os, signal, sys, time
from ax import run
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
run.communicate(["cat"], stdin=int(sys.argv[1]), preexec_fn=lambda: (os.kill(os.getppid(), signal.SIGTERM), time.sleep(0.1)))
"""

    def test_a_process_that_is_being_started_ends_with_ax(self):
        ours, its = os.pipe()          # has another end as long as the process lives
        ax = subprocess.Popen([sys.executable, "-c", self.ENDED_WHILE_IT_STARTS_A_PROCESS, str(ours)], pass_fds=[ours],
                              env={**os.environ, "PYTHONPATH": str(ROOT / "tools")})
        os.close(ours)
        self.assertEqual(ax.wait(DEADLINE_SECONDS), 143)
        with self.assertRaises(BrokenPipeError):
            os.write(its, b"x")
        os.close(its)


if __name__ == "__main__":
    unittest.main()
