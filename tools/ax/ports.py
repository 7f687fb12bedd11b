# SPDX-License-Identifier: Apache-2.0
"""Third-party source: ports/<name>/port.toml pins a version and the SHA-256 of the upstream archive.

load() reads the pin, ensure() returns the unpacked source, fetching it when it is not there:

    archive cache ($ASHLAR_CACHE, else ~/.cache/ashlar)  ->  [[origin]] by [[origin]], first that has it
    ->  SHA-256 compared  ->  unpacked into build/ports/<name>-<version>/src

An origin is a Debian source package (through a private apt configuration under build/ports/apt: own sources list, own
lists and cache; the machine's apt is never touched) or the URL of the upstream release. What is unpacked is always the
upstream archive, never a distribution's patches; the hash decides, not the origin. Runs as any user. A lock file
makes two builds at once fetch only once.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import urllib.request

from .errors import AxError, nearest
from .files import locked

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Port:
    """One ports/<name>/port.toml: the [port] table's keys as attributes, how to build it in `build`, `generate`, `special`."""

    def __init__(self, root, name):
        self.root = pathlib.Path(root)
        self.dir = self.root / "ports" / name
        self.file = self.dir / "port.toml"
        try:
            table = tomllib.loads(self.file.read_text())
        except FileNotFoundError:
            known = sorted(p.parent.name for p in (self.root / "ports").glob("*/port.toml"))
            raise AxError(f'no port "{name}"', "ports/", nearest(name, known) or f"there are: {', '.join(known)}") from None
        except tomllib.TOMLDecodeError as error:
            raise AxError(f"not valid TOML: {error}", self.file) from None
        head = table.get("port", {})
        for key in ("name", "version", "licence", "sha256"):
            if not isinstance(head.get(key), str):
                raise AxError(f"[port] lacks `{key}`", self.file, f'add `{key} = "..."`')
        if head["name"] != name:
            raise AxError(f'the folder is "{name}" but the name is "{head["name"]}"', self.file)
        if not re.fullmatch(r"[0-9a-f]{64}", head["sha256"]):
            raise AxError("sha256 is not 64 lower-case hexadecimal digits", self.file)
        self.name, self.version = head["name"], head["version"]
        self.licence, self.sha256 = head["licence"], head["sha256"]
        self.brief = head.get("brief", "")
        self.origins = table.get("origin", [])
        self.build = table.get("build", {})
        self.generate = table.get("generate", [])
        self.special = table.get("special", [])
        for origin in self.origins:
            if not ("url" in origin or {"debian", "suite", "file"} <= origin.keys()):
                raise AxError("an [[origin]] needs `url`, or `debian`, `suite` and `file`", self.file)
        if not self.origins:
            raise AxError("no [[origin]]", self.file, "say where the archive comes from")
        self.archive = None       # set by portbuild: the library that users link
        self.include_dirs = []    # set by portbuild: for users, with -isystem

    @property
    def has_libc(self):
        """Whether who uses this port has the C library's headers: others are compiled as freestanding."""
        return "musl" in (self.name, *self.build.get("needs", []))

    @property
    def work_dir(self):
        return self.root / "build" / "ports" / f"{self.name}-{self.version}"


def load(root, name):
    """The port of this name; AxError when it is missing or malformed."""
    return Port(root, name)


def ensure(port, quiet=False):
    """The folder of the port's unpacked upstream source, fetched, verified and unpacked if need be."""
    source = port.work_dir / "src"
    stamp = port.work_dir / "sha256"
    if source.is_dir() and stamp.is_file() and stamp.read_text().strip() == port.sha256:
        return source
    port.work_dir.mkdir(parents=True, exist_ok=True)
    with locked(port.work_dir / "lock"):
        if source.is_dir() and stamp.is_file() and stamp.read_text().strip() == port.sha256:
            return source
        archive = _archive(port, quiet)
        _unpack(port, archive, source)
        stamp.write_text(port.sha256 + "\n")
    return source


def _cache_dir():
    return pathlib.Path(os.environ.get("ASHLAR_CACHE") or pathlib.Path.home() / ".cache" / "ashlar")


def _sha256(path):
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _archive(port, quiet):
    """The verified archive in the cache."""
    cached = _cache_dir() / f"{port.sha256[:16]}-{port.name}-{port.version}.tar"
    if cached.is_file() and _sha256(cached) == port.sha256:
        return cached
    if not quiet:
        print(f"fetch {port.name} {port.version}", file=sys.stderr)
    reasons = []
    for origin in port.origins:
        with tempfile.TemporaryDirectory(dir=port.work_dir) as folder:
            try:
                fetched = (_fetch_url if "url" in origin else _fetch_debian)(port, origin, pathlib.Path(folder))
                found = _sha256(fetched)
                if found != port.sha256:
                    raise AxError(f"{fetched.name} has SHA-256\n    {found}\n  but {port.file} pins\n    {port.sha256}")
            except AxError as error:
                reasons.append(f"  {origin.get('url') or 'Debian ' + origin['suite']}: {error}")
                continue
            cached.parent.mkdir(parents=True, exist_ok=True)
            partial = cached.with_suffix(f".{os.getpid()}")
            shutil.copyfile(fetched, partial)
            partial.rename(cached)
            return cached
    raise AxError(f"cannot fetch {port.name} {port.version}:\n" + "\n".join(reasons), port.file,
                  f"connect to the network, or put the archive at {cached}")


def _fetch_url(port, origin, folder):
    target = folder / origin["url"].rsplit("/", 1)[-1]
    try:
        with urllib.request.urlopen(origin["url"], timeout=60) as answer, open(target, "wb") as out:
            shutil.copyfileobj(answer, out)
    except (OSError, ValueError) as error:
        raise AxError(f"{error} (offline?)") from None
    return target


def _fetch_debian(port, origin, folder):
    """apt-get source of the upstream archive alone; apt verifies the index's signature and the archive's hash."""
    options = apt_options(port.root, origin["suite"])
    version = _debian_version(options, origin)
    apt(["apt-get", *options, "source", "--quiet", "--download-only", "--tar-only",
          f"{origin['debian']}={version}"], folder)
    fetched = folder / origin["file"]
    if not fetched.is_file():
        raise AxError(f"apt-get brought no {origin['file']} but {sorted(p.name for p in folder.iterdir())}")
    return fetched


def _debian_version(options, origin):
    """The pinned package version, or one whose upstream archive is the same file (a later security revision)."""
    listing = apt(["apt-cache", *options, "showsrc", origin["debian"]])
    versions = [re.search(r"^Version: (.*)$", stanza, re.M)[1]
                for stanza in re.split(r"\n\n+", listing)
                if re.search(r"^Version: ", stanza, re.M) and f" {origin['file']}\n" in stanza + "\n"]
    if not versions:
        raise AxError(f"suite {origin['suite']} has no {origin['debian']} with {origin['file']}")
    return origin["version"] if origin.get("version") in versions else versions[-1]


def apt_options(root, suite, kind="deb-src"):
    """Options that make apt use only our own configuration for this suite; its index ("deb-src": of sources, "deb": of
    packages) is fetched once."""
    base = root / "build" / "ports" / "apt" / (suite if kind == "deb-src" else f"{suite}-{kind}")
    for sub in ("state", "lists/partial", "cache/archives/partial", "etc"):
        (base / sub).mkdir(parents=True, exist_ok=True)
    signed = f" [signed-by={KEYRING}]" if os.path.exists(KEYRING) else ""
    (base / "etc/sources.list").write_text(f"{kind}{signed} {_mirror(suite)} {suite} main\n")
    settings = {
        "Dir::State": base / "state", "Dir::State::lists": base / "lists", "Dir::State::status": "/dev/null",
        "Dir::Cache": base / "cache", "Dir::Etc::sourcelist": base / "etc/sources.list",
        "Dir::Etc::sourceparts": "/dev/null", "APT::Sandbox::User": "", "Acquire::Languages": "none",
    }
    options = [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]
    with locked(base / "lock"):
        if not any((base / "lists").glob("*_Sources*" if kind == "deb-src" else "*_Packages*")):
            apt(["apt-get", *options, "--quiet", "--error-on=any", "update"])
    return options


def _mirror(suite, etc="/etc/apt"):
    """The Debian mirror that the machine's own apt is set to. A machine without one fetches from upstream."""
    want = "debian-security" if suite.endswith("-security") else "debian"
    for file in sorted([*pathlib.Path(etc).glob("sources.list"), *pathlib.Path(etc).glob("sources.list.d/*")]):
        try:
            text = file.read_text()
        except OSError:
            continue
        uris = re.findall(r"^(?:URIs:|deb(?:-src)?(?:\s+\[[^]]*\])?)\s+(\S+)", text, re.M)
        for uri in uris:
            if uri.rstrip("/").rsplit("/", 1)[-1] == want:
                return uri
    raise AxError(f'no source in {etc} is a mirror of "{want}"')


def apt(command, folder=None):
    """Run an apt command; returns its output, or says what it said."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
    except FileNotFoundError:
        raise AxError(f"{command[0]} not found (a Debian-family machine is needed for this origin)") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith(("E:", "Err:"))] or [done.stderr.strip()]
        raise AxError(f"{command[0]}: {lines[0]} (offline?)")
    return done.stdout


def _unpack(port, archive, target):
    """Into a temporary folder, then renamed: `target` is whole or absent. The archive's own top folder is dropped."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="unpack-", dir=port.work_dir))
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if not (member.isfile() or member.isdir() or member.issym()):
                    raise AxError(f"{archive}: refuses to unpack {member.name}: not a file, folder or link")
                if member.issym():
                    continue
                path = (folder / member.name).resolve()
                if not path.is_relative_to(folder.resolve()):
                    raise AxError(f"{archive}: refuses to unpack {member.name}: outside the folder")
                member.mode = (member.mode | 0o600) & 0o755
                tar.extract(member, folder, set_attrs=False)
        tops = list(folder.iterdir())
        if target.exists():
            shutil.rmtree(target)
        (tops[0] if len(tops) == 1 and tops[0].is_dir() else folder).rename(target)
    except tarfile.TarError as error:
        raise AxError(f"{archive}: {error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
