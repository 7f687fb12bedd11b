# SPDX-License-Identifier: Apache-2.0
"""The host's NetPIPE measures against the image's. Both are told sizes and repetitions: they must agree on them."""
import os
import subprocess
import sys
import tempfile
import time

ARGUMENTS = ["-l", "1", "-u", "262144", "-n", "3", "-p", "0"]      # as in app.toml
SIZES = {"1", "1024", "65536", "262144"}
DEADLINE = time.monotonic() + 20

with tempfile.TemporaryDirectory() as folder:
    while True:     # the image may be still on its way to listening
        done = subprocess.run(["NPtcp", "-h", os.environ["AX_PEER"], *ARGUMENTS], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=40)
        if done.returncode == 0 or "onnect" not in done.stdout or time.monotonic() > DEADLINE:
            break
        time.sleep(0.1)
    with open(f"{folder}/np.out", encoding="ascii") as file:
        measured = {line.split()[0] for line in file if line.strip()}

print(done.stdout)
sys.exit(f"sizes measured: {sorted(measured, key=int)}" if done.returncode or not SIZES <= measured else 0)
