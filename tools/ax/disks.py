# SPDX-License-Identifier: Apache-2.0
"""Disks of an application's test: images made anew for each run, and looked at afterwards.

`disk` of a [[test]] is a table, or a list of them for several: `size` ("16M": zeroes) or `contents` (a file of the
application's folder, copied), then `make` (a command of the host, such as mkfs, with {disk} for the image), `read_only`, and
`check`: a command that must end with status 0 after the run.
"""
import shutil
import subprocess

from .errors import AxError, nearest
from .run import Disk, Volume

KEYS = ("size", "contents", "make", "check", "read_only")
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def of(table):
    disks = table.get("disk", [])
    return disks if isinstance(disks, list) else [disks]


def bytes_of(text, place):
    unit = UNITS.get(text[-1:], 1)
    digits = text[:-1] if unit > 1 else text
    if not digits.isdigit() or int(digits) * unit % 512 or not int(digits):
        raise AxError(f'no size of a disk: "{text}"', place, 'a number of bytes, or of K, M or G: "16M"')
    return int(digits) * unit


def make(app, table, folder):
    """The images of a test in `folder`, as Disk."""
    made = []
    for index, disk in enumerate(of(table)):
        path, place = f"{folder}/disk{index}", app.line("disk")
        for key in disk:
            if key not in KEYS:
                raise AxError(f"unknown key `{key}` of a disk", place, nearest(key, KEYS))
        if ("size" in disk) == ("contents" in disk):
            raise AxError("a disk has either `size` or `contents`", place)
        if "size" in disk:
            with open(path, "wb") as image:
                image.truncate(bytes_of(disk["size"], place))
        else:
            shutil.copyfile(app.dir / disk["contents"], path)
        if "make" in disk:
            problem = command(app, disk["make"], path)
            if problem:
                raise AxError(problem, place)
        made.append(Disk(path, disk.get("read_only", False)))
    return made


def make_volumes(app, table, folder):
    """`volume = { "/path" = "folder" }`: copies of folders of the application, in `folder`."""
    made = []
    for path, contents in table.get("volume", {}).items():
        target = f"{folder}/volume{len(made)}"
        shutil.copytree(app.dir / contents, target)
        made.append(Volume.parse(f"{target}:{path}"))
    return made


def check(app, table, made):
    """What the disks' `check` commands complain of, as text."""
    problems = [command(app, disk["check"], image.file) for disk, image in zip(of(table), made) if "check" in disk]
    return "".join(filter(None, problems))


def command(app, words, path):
    """Run it on an image; "" if it ends well."""
    words = [word.replace("{disk}", path) for word in words]
    try:
        done = subprocess.run(words, cwd=app.dir, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    except FileNotFoundError:
        raise AxError(f"`{words[0]}` is not installed", app.line("disk"), "`make setup` installs what is missing") from None
    return f"`{' '.join(words)}` ends with status {done.returncode}:\n{done.stdout}" if done.returncode else ""
