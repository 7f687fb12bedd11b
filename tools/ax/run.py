# SPDX-License-Identifier: Apache-2.0
"""Starts what was built: QEMU, or the image as a Linux process. The application's exit status is the result."""
import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from . import devicetree, net, p9server, rootfs
from .errors import AxError
from .files import write_if_changed
from .manifest import relative

GRACE_SECONDS = 5         # between being asked to end and being ended


@dataclass
class RunOptions:
    """What a user may say of a run."""
    args: list = field(default_factory=list)
    env: dict = field(default_factory=dict)
    mem: str | None = None
    accel: str = "auto"
    log: str | None = None
    verbose: bool = False
    rootfs: Path | None = None                     # the folder whose files take the place of those in the image
    disks: list = field(default_factory=list)      # Disk
    volumes: list = field(default_factory=list)    # Volume
    network: net.Wanted = field(default_factory=net.Wanted)


@dataclass
class Disk:
    """An image of a disk: a file of the host, whole blocks of 512 bytes."""
    file: str
    read_only: bool = False

    @staticmethod
    def parse(text):
        """`image[,ro]`, as users write it."""
        file, _, rest = text.partition(",")
        if rest not in ("", "ro"):
            raise AxError("not of the form image[,ro]", f"--disk {text}", "a path with a comma in it: link to it")
        if not os.path.isfile(file) and not Path(file).is_block_device():
            raise AxError("no such file", f"--disk {text}", f"`truncate -s 64M {file}` makes an empty one")
        if os.path.isfile(file) and os.path.getsize(file) % 512:
            raise AxError("its size is no multiple of 512 bytes, a block", f"--disk {text}")
        return Disk(os.path.abspath(file), rest == "ro")


@dataclass
class Volume:
    """A folder of the host, and the directory of the guest that shows it."""
    folder: str
    path: str
    read_only: bool = False

    @staticmethod
    def parse(text):
        """`folder:/path[,ro]`, as users write it."""
        rest, _, option = text.partition(",")
        folder, colon, path = rest.rpartition(":")
        if not colon or option not in ("", "ro") or not path.startswith("/") or path == "/":
            raise AxError("not of the form folder:/path[,ro]", f"--volume {text}", "the path is absolute, and not the root")
        if not os.path.isdir(folder):
            raise AxError("no such folder", f"--volume {text}")
        return Volume(os.path.abspath(folder), path, option == "ro")


def kvm_is_hardware():
    """KVM that runs supervisor code in hardware. A /dev/kvm that emulates it is slower than TCG by orders of magnitude."""
    modules = (Path("/sys/module/kvm_intel"), Path("/sys/module/kvm_amd"))
    return os.access("/dev/kvm", os.R_OK | os.W_OK) and any(m.is_dir() for m in modules)


def accelerator(wanted, arch=None):
    if arch not in (None, os.uname().machine):
        if wanted == "kvm":
            raise AxError(f"this machine's processor is no {arch}", "--accel kvm", "leave it out: another is emulated")
        return "tcg"
    if wanted == "auto":
        return "kvm" if kvm_is_hardware() else "tcg"
    if wanted == "kvm" and not os.access("/dev/kvm", os.R_OK | os.W_OK):
        raise AxError("/dev/kvm is missing or not yours", "--accel kvm", "join the group kvm, or use --accel tcg")
    return wanted


def quote(word):
    """A word of the image's command line: see axhal/boot.h for the other side."""
    if word and not any(c in word for c in ' \t\n"\\'):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


# What of the command line an image without this component would not see, and a C program's feature that brings it.
DRIVEN = {"disks": ("axblock", "--disk", "axlibc/fs_ext"), "volumes": ("axvolume", "--volume", "axlibc/volume")}


def check_driven(image, options):
    for field_, (component, option, feature) in DRIVEN.items():
        if getattr(options, field_) and component not in image.nodes:
            raise AxError("the image has no driver for it", option, f"a feature brings one: --features {feature}, for one")


def command(build, options, status_file, network=net.NONE):
    """The command line that runs the image, and the environment for it."""
    check_driven(build.image, options)
    run = build.platform.run
    environment = {**network.environment, **options.env}
    if options.log:
        environment["AX_LOG"] = options.log
    mem = options.mem or build.app.run.get("mem") or run.get("mem", "128M")
    if run.get("kind") == "process":
        disks = {f"AX_DISK{i}": disk.file + ",ro" * disk.read_only for i, disk in enumerate(options.disks)}
        own = {**os.environ, **environment, **disks, "AX_MEM": mem}
        if options.rootfs:
            own["AX_ROOTFS"] = str(packed(build, options.rootfs))
        return [str(build.elf), *options.args], own
    accel = accelerator(options.accel, build.platform.arch)
    words = [f"{key}={value}" for key, value in environment.items()]
    cmdline = " ".join(quote(w) for w in [*words, "--", *options.args])
    fill = {"kernel": str(build.kernel), "mem": mem, "smp": str(build.options.smp), "status": status_file,
            "cmdline": cmdline, "machine": run.get("machine", ""), "tree": tree_file(build)}
    line = [*run["command"], *run.get("accel", {}).get(accel, [])]
    return [*(expand(word, fill) for word in line), *devices(build, options), *network.words], dict(os.environ)


def tree_file(build):
    """The platform file's device tree, if it has one."""
    tree = build.platform.run.get("tree")
    if not tree:
        return ""
    file = build.dir / "board.dtb"
    write_if_changed(file, devicetree.blob(tree))
    return str(file)


def packed(build, folder):
    """The archive of the folder's files. Its name is its contents', so that runs beside each other do not meet in it."""
    data = rootfs.pack(folder)
    file = build.root / "build" / "rootfs" / f"{hashlib.sha256(data).hexdigest()[:16]}.cpio"
    write_if_changed(file, data)
    return file


def devices(build, options):
    """QEMU's words for what the user attaches; {device} counts all of them."""
    words = attached(build.platform, "rootfs", {"file": str(packed(build, options.rootfs))}) if options.rootfs else []
    for condition, more in build.platform.run.get("with", {}).items():
        if build.image.has(*condition.split("/", 1)):
            words += more
    words += disk_words(build.platform, options.disks)
    for index, volume in enumerate(options.volumes):
        fill = {"file": volume.folder.replace(",", ",,"), "readonly": "on" if volume.read_only else "off", "tag": volume.path,
                "index": str(index), "device": str(len(options.disks) + index)}
        words += attached(build.platform, "volume", fill)
    return words


def disk_words(platform, disks):
    words = []
    for index, disk in enumerate(disks):
        fill = {"file": disk.file.replace(",", ",,"), "readonly": "on" if disk.read_only else "off"}
        words += attached(platform, "disk", {**fill, "index": str(index), "device": str(index)})
    return words


def attached(platform, kind, fill):
    if kind not in platform.run:
        raise AxError(f"{platform.name} has no place for it", f"--{kind}", "another --platform")
    return [expand(word, fill) for word in platform.run[kind]]


def expand(word, fill):
    for key, value in fill.items():
        word = word.replace("{" + key + "}", value)
    return word


@contextlib.contextmanager
def signals_held_back():
    """Of the main thread: what asks us to end comes when the function that is handed out is called, or at the end."""
    came, before = [], {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, lambda number, _: came.append(number))
                  for number in (signal.SIGINT, signal.SIGTERM)}

    def let_come():
        while before:
            signal.signal(*before.popitem())
        while came:
            signal.raise_signal(came.pop())

    try:
        yield let_come
    finally:
        let_come()


@contextlib.contextmanager
def process_of(words, **popen):
    """The process, which ends with us even if we are asked to end while it is being started; it may put the terminal back
    as it was."""
    with signals_held_back() as let_come, subprocess.Popen(words, **popen) as process:
        try:
            let_come()
            yield process
        except BaseException:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def communicate(words, input=None, timeout=None, **popen):
    """As subprocess.run(), but gentle: process_of()."""
    if input is not None:
        popen["stdin"] = subprocess.PIPE
    with process_of(words, **popen) as process:
        stdout, _ = process.communicate(input, timeout)
        return subprocess.CompletedProcess(words, process.returncode, stdout)


def without_preamble(output, last):
    """Output behind the line that begins with `last`: what the firmware says before. All of it if there is none."""
    match = last and re.search(rb"^" + re.escape(last.encode()) + rb".*\n", output, re.M)
    return output[match.end():] if match else output


def behind_preamble(words, last, environment):
    """Run with this process's own input and output, but the firmware's preamble left out."""
    with process_of(words, env=environment, stdout=subprocess.PIPE) as process:
        held, passed = b"", False
        while data := os.read(process.stdout.fileno(), 65536):
            if not passed:
                held += data
                data = without_preamble(held, last)
                passed = data is not held
            if passed:
                os.write(sys.stdout.fileno(), data)
        if not passed:
            os.write(sys.stdout.fileno(), held)
    return subprocess.CompletedProcess(words, process.returncode, None)


def start(build, options, **popen):
    """Run to the end. Returns (exit status, CompletedProcess)."""
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder, network_of(build, options) as network:
        status_file = Path(folder) / "status"
        words, environment = command(build, options, str(status_file), network)
        if not shutil.which(words[0]):
            raise AxError(f"`{words[0]}` is not installed", mend="`make setup` installs what is missing")
        if options.verbose:
            import shlex
            print(shlex.join(words))
        if network.notice and "stdout" not in popen:
            print(network.notice, file=sys.stderr)
        try:
            last = build.platform.run.get("preamble")
            if last and "stdout" not in popen and "input" not in popen:
                done = behind_preamble(words, last, environment)
            else:
                done = communicate(words, env=environment, pass_fds=network.files, **popen)
            if done.stdout:
                done.stdout = without_preamble(done.stdout, last)
        except KeyboardInterrupt:
            return 128 + signal.SIGINT, None
        if build.platform.run.get("kind") == "process":
            return done.returncode if done.returncode >= 0 else 128 - done.returncode, done
        if build.platform.run.get("status") == "exit":
            return done.returncode if done.returncode >= 0 else 128 - done.returncode, done
        data = status_file.read_bytes() if status_file.exists() else b""
        if data:
            return data[-1], done
        if done.returncode == 0:
            raise AxError("the image ended without an exit status (a triple fault, or power lost)",
                          relative(build.elf), f"`ax debug {build.app.name}` stops where it goes wrong")
        raise AxError(f"{words[0]} ended with status {done.returncode}", mend="`-v` shows its command line")


@contextlib.contextmanager
def network_of(build, options):
    """What the run needs of the network, and of the folders that an image that is a process shows, for as long as it lasts."""
    run = build.platform.run
    folders = options.volumes if run.get("kind") == "process" else []
    device = options.network.nic or run.get("net_device")
    with net.prepare(options.network, run.get("kind"), device) as network, p9server.served(folders) as volumes:
        network.environment.update(volumes.environment)
        network.files = volumes.files
        yield network


def gdb(build, options):
    """The same run under gdb with symbols."""
    with network_of(build, options) as network:
        return gdb_with(build, options, network)


def gdb_with(build, options, network):
    debug = str(build.debug_elf)
    program = "gdb" if build.platform.arch == os.uname().machine else "gdb-multiarch"
    if not shutil.which(program):
        raise AxError(f"`{program}` is not installed", mend=f"apt install {program}")
    if build.platform.run.get("kind") == "process":
        _, environment = command(build, options, "", network)
        return subprocess.run(["gdb", "-q", "-ex", "handle SIGALRM nostop noprint pass", "--args", debug,
                               *options.args], env=environment, pass_fds=network.files).returncode
    with tempfile.TemporaryDirectory(prefix="ashlar-") as folder:
        options.accel = "tcg" if options.accel == "auto" else options.accel
        words, environment = command(build, options, f"{folder}/status", network)
        socket = f"{folder}/gdb"
        words += ["-chardev", f"socket,path={socket},server=on,wait=off,id=gdb0", "-gdb", "chardev:gdb0", "-S"]
        machine = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL)
        try:
            while not os.path.exists(socket) and machine.poll() is None:
                pass
            return subprocess.run([program, "-q", debug, "-ex", f"target remote {socket}", "-ex", "hbreak main",
                                   "-ex", "continue"]).returncode
        finally:
            machine.kill()
            machine.wait()
