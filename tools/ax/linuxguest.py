# SPDX-License-Identifier: Apache-2.0
"""The Linux that Ashlar is measured beside: static musl programs for the host, and a guest of the distribution's cloud
kernel with an initramfs of our making.

The kernel comes from the distribution's package (through the private apt configuration of ports.py; signed lists verify
it), whatever version the suite has now: kernels move with security updates, so the version is printed with the figures
instead of being pinned. All of it is kept under build/bench/.
"""
import ipaddress
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import net, ports, rootfs
from . import run as running
from .errors import AxError
from .toolchain import need

SUITES = ("bookworm-security", "bookworm")
META_PACKAGE = "linux-image-cloud-amd64"
KEPT = ("boot/vmlinuz-*", *(f"lib/modules/*/kernel/{where}/*.ko" for where in ("drivers/virtio", "drivers/block", "drivers/net", "net/core")))

# What a guest's devices need beside the kernel; what these depend on comes by itself.
DISKS = ("virtio_pci", "virtio_blk")
NETWORK = ("virtio_pci", "virtio_net")


def folder(root):
    path = root / "build" / "bench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def compile_static(root, name, sources, flags=(), libraries=()):
    """A static program on musl for the host. Returns its path."""
    need("musl-gcc", "musl-tools")
    target = folder(root) / "linux" / name
    target.parent.mkdir(exist_ok=True)
    words = ["musl-gcc", "-static", "-O2", "-std=gnu2x", *flags, *map(str, sources), "-o", str(target), *libraries]
    call(words, f"the Linux side of {name} does not compile")
    call(["strip", str(target)], "strip")
    return target


def call(words, what):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode:
        raise AxError(f"{what}:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


# ----------------------------------------------------------------------------------------------------- the kernel

def kernel(root):
    """(bzImage, version) of the distribution's cloud kernel, fetched once."""
    base = folder(root) / "kernel"
    if not (base / "version").exists() or not (base / "lib").exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        fetch_kernel(root, base)
    return next(base.glob("boot/vmlinuz-*")), (base / "version").read_text().strip()


def fetch_kernel(root, base):
    """boot/, lib/ and the file `version` in `base`."""
    reasons = []
    for suite in SUITES:
        try:
            options = ports.apt_options(root, suite, "deb")
            listing = ports.apt(["apt-cache", *options, "show", META_PACKAGE])
            needed = re.search(r"^Depends: (linux-image-\S+)", listing, re.M)
            if not needed:
                raise AxError(f"suite {suite} has no {META_PACKAGE}")
            with tempfile.TemporaryDirectory(dir=base) as scratch:
                scratch = Path(scratch)
                ports.apt(["apt-get", *options, "--quiet", "download", needed[1]], scratch)
                package = next(scratch.glob("*.deb"))
                version = call(["dpkg-deb", "-f", package, "Package", "Version"], "dpkg-deb")
                kept = " ".join(f"'./{pattern}'" for pattern in KEPT)
                unpack = f"dpkg-deb --fsys-tarfile '{package}' | tar -x -C '{scratch}' --wildcards {kept}"
                call(["sh", "-c", unpack], "unpacking the kernel's package")
                shutil.move(scratch / "boot", base)
                shutil.move(scratch / "lib", base)
                (base / "version").write_text(" ".join(re.findall(r": (.*)", version)) + "\n")
                return
        except AxError as error:
            reasons.append(f"  {suite}: {error}")
    raise AxError("cannot fetch a Linux kernel:\n" + "\n".join(reasons), mend="connect to the network")


def modules(folder_, wanted):
    """The files of these modules in the order of loading: each behind what it depends on, as its own text says."""
    files = {path.stem.replace("-", "_"): path for path in Path(folder_).rglob("*.ko")}
    found = {}

    def take(name, who):
        if name not in files:
            raise AxError(f"the kernel has no module {name}", who)
        if name not in found:
            depends = re.search(rb"\0depends=([^\0]*)\0", files[name].read_bytes())
            for other in depends[1].decode().split(",") if depends and depends[1] else []:
                take(other.replace("-", "_"), name)
            found[name] = files[name]

    for name in wanted:
        take(name, "a bench's guest")
    return list(found.values())


# ------------------------------------------------------------------------------------------------------ the guest

@dataclass
class Guest:
    """A kernel and an initramfs (a tmpfs, with our /init) of these files."""
    bzimage: Path
    version: str
    initrd: Path

    def command(self, platform, mem, words, accel="tcg", mounts=(), disks=(), smp=1, network=net.NONE):
        """QEMU's words. The guest mounts disks, `mounts` being (device, folder, kind), has the address of `network`, and runs
        `words`."""
        extra = [f"mount{i}={','.join(mount)}" for i, mount in enumerate(mounts)]
        if "AX_IP" in network.environment:
            address = ipaddress.IPv4Interface(network.environment["AX_IP"])
            extra.append(f"net0=eth0,{address.ip},{address.netmask}")
        return [*guest_command(platform, self.bzimage, self.initrd, mem, words, accel, " ".join(extra), smp),
                *running.disk_words(platform, disks), *network.words]


def guest(root, name, files, wanted=()):
    """The guest that has {path: bytes or a host path} and these modules of the kernel, loaded."""
    bzimage, version = kernel(root)
    init = compile_static(root, "init", [root / "tools" / "bench" / "init.c"])
    loaded = modules(folder(root) / "kernel" / "lib", wanted)
    more = {f"modules/{i:02}-{path.name}": path for i, path in enumerate(loaded)}
    return Guest(bzimage, version, initramfs(folder(root) / f"{name}.cpio", {"init": init, "tmp/.keep": b"", **more, **files}))


def initramfs(path, files):
    """A cpio archive of {name: bytes or a host path}; folders are made as needed, everything may be executed."""
    out, inode, made = bytearray(), 0, set()
    for name, content in files.items():
        for parent in reversed(Path(name).parents[:-1]):
            if parent not in made:
                made.add(parent)
                inode += 1
                rootfs.append(out, inode, stat.S_IFDIR | 0o755, str(parent).encode(), b"")
        inode += 1
        data = content if isinstance(content, bytes) else Path(content).read_bytes()
        rootfs.append(out, inode, stat.S_IFREG | 0o755, name.encode(), data)
    rootfs.append(out, 0, 0, b"TRAILER!!!", b"")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out)
    return path


def guest_command(platform, bzimage, initrd, mem, words=(), accel="tcg", extra="", smp=1):
    """QEMU's command line for the Linux guest: the platform's own, with another kernel. `words` reach /init."""
    fill = {"kernel": str(bzimage), "mem": mem, "smp": str(smp), "status": "/dev/null",
            "cmdline": " ".join(["console=ttyS0 quiet panic=-1", *([extra] if extra else []), "--", *words])}
    line = [*platform.run["command"], *platform.run.get("accel", {}).get(accel, [])]
    line = [word.replace("pic=off", "pic=on,pit=on") for word in line]      # a microvm's Linux finds no clock without
    return [*(running.expand(word, fill) for word in line), "-initrd", str(initrd)]
