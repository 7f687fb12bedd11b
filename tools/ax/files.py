# SPDX-License-Identifier: Apache-2.0
"""Files below build/, which several runs of the tool may want at once."""
import contextlib
import fcntl
import os
import threading


@contextlib.contextmanager
def locked(path, shared=False):
    """Hold the lock of a folder of ours, as flock(1) would; `shared` with others who only look at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def write_if_changed(path, data):
    """A file is touched only when its text changes: what is made of it stays."""
    data = data.encode() if isinstance(data, str) else data
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(path.suffix + f".{os.getpid()}.{threading.get_ident()}")
    temporary.write_bytes(data)
    temporary.rename(path)
