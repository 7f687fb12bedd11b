# SPDX-License-Identifier: Apache-2.0
"""Ninja files: their words, and the call of ninja."""
import os
import shlex
import subprocess
import sys

from .errors import AxError
from .manifest import relative
from .toolchain import need


def run(path, verbose=False, targets=()):
    """Run ninja; quiet but for a progress line on a terminal, and for what failed."""
    need("ninja", "ninja-build")
    command = ["ninja", "-f", str(path), *map(str, targets)]
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] "}
    if verbose:
        if subprocess.run([*command, "-v"], env=environment).returncode:
            raise AxError("the build failed", relative(path))
        return
    if sys.stdout.isatty():
        done = subprocess.run(command, env=environment)
        if done.returncode:
            raise AxError("the build failed (above)", relative(path), "`-v` shows the commands")
        print("\033[F\033[K", end="", flush=True)  # ninja's last status line: what follows is the application's
        return
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise AxError("the build failed:\n" + "\n".join(messages(done.stdout)), relative(path), "`-v` shows the commands")


def messages(text):
    """What ninja printed less its progress and the commands: after each FAILED line comes one."""
    lines = [line for line in text.splitlines() if not line.startswith("[")]
    return [line for before, line in zip(["", *lines], lines) if not before.startswith("FAILED: ")]


def escape(path):
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")


def shell(words):
    """One line of a command."""
    return " ".join(shlex.quote(str(word)) for word in words).replace("$", "$$")
