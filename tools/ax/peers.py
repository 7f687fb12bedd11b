# SPDX-License-Identifier: Apache-2.0
"""A program of the host's beside an image, its peer on the network.

The peer's environment has the image's address in AX_PEER. `{server}` in the image's arguments or environment is the address
and port of a socket of this machine's that listens already, `{host}` and `{port}` are its parts; the peer inherits it as
descriptor AX_LISTENER. So two tests at once do not want one port, and the image may connect before the peer runs.
"""
import contextlib
import dataclasses
import os
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import run

PLACES = ("{server}", "{host}", "{port}")
LOOPBACK = "127.0.0.1"


@dataclass
class Image:
    """A running one."""
    process: subprocess.Popen
    build: object
    status_file: Path
    environment: dict      # of its peer
    descriptors: tuple     # that the peer inherits

    def status(self):
        """What its application has ended with, by itself; None: there is no telling."""
        code = self.process.returncode
        if self.build.platform.run.get("kind") == "process" or self.build.platform.run.get("status") == "exit":
            return code
        data = self.status_file.read_bytes() if self.status_file.exists() else b""
        return data[-1] if data else None


@contextlib.contextmanager
def started(build, options, output):
    """The image, until the end of the block."""
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ashlar-")))
        network = stack.enter_context(run.network_of(build, options))
        environment, descriptors = {**os.environ, "AX_PEER": network.address or ""}, ()
        if any(place in text for place in PLACES for text in (*options.args, *options.env.values())):
            listener = stack.enter_context(listen(network))
            options = with_server(options, listener, network)
            environment["AX_LISTENER"], descriptors = str(listener.fileno()), (listener.fileno(),)
        words, own = run.command(build, options, str(scratch / "status"), network)
        process = stack.enter_context(subprocess.Popen(words, env=own, stdin=subprocess.DEVNULL, stdout=output,
                                                       stderr=subprocess.STDOUT, pass_fds=network.files))
        try:
            environment["AX_PROCESS"] = str(process.pid)
            yield Image(process, build, scratch / "status", environment, descriptors)
        finally:
            process.terminate()


def listen(network):
    """On this machine's end of the wire; of QEMU's user networking that is the loopback."""
    host = LOOPBACK if network.address == LOOPBACK else network.environment.get("AX_GATEWAY", "0.0.0.0")
    return socket.create_server((host, 0), backlog=128)


def with_server(options, listener, network):
    host, port = network.environment.get("AX_GATEWAY", LOOPBACK), listener.getsockname()[1]

    def fill(text):
        for place, value in zip(PLACES, (f"{host}:{port}", host, str(port))):
            text = text.replace(place, value)
        return text

    return dataclasses.replace(options, args=list(map(fill, options.args)),
                               env={key: fill(value) for key, value in options.env.items()})


def test(build, options, peer, folder, timeout, judge=None, status=0, number=1):
    """Both, until the peer ends. None, or what is wrong. With @judge the image ends too, and judge(its output) is a problem
    or "". @status: of the image, if it ends by itself. @number: which of several runs on the same disks, AX_RUN of the peer."""
    problem = ""
    with tempfile.TemporaryFile() as log, started(build, options, log) as image:
        try:
            done = subprocess.run(peer, cwd=folder, env={**image.environment, "AX_RUN": str(number)}, text=True, errors="replace",
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, pass_fds=image.descriptors)
            if done.returncode:
                problem = f"{peer[-1]} ended with status {done.returncode}:\n{done.stdout}"
            elif judge:
                image.process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            if error.cmd == peer:
                problem = f"{peer[-1]} did not end within {timeout} s:\n{(error.stdout or b'').decode(errors='replace')}"
            else:
                problem = f"the image did not end within {timeout} s\n"
        if image.process.poll() is not None and image.status() != status:
            problem += f"the image ended by itself, with status {image.status()}\n"
        image.process.terminate()
        image.process.wait()
        log.seek(0)
        output = run.without_preamble(log.read(), build.platform.run.get("preamble"))
        output = output.decode(errors="replace").replace("\r\n", "\n")
    if not problem and judge:
        problem = judge(output)
    return f"{problem}the image's output:\n{output}" if problem else None


def run_beside(build, options, peer):
    """Both on this terminal, until the peer ends: its status."""
    with started(build, options, None) as image:
        return subprocess.run(peer, env=image.environment, pass_fds=image.descriptors).returncode
