# SPDX-License-Identifier: Apache-2.0
"""Upstream's own test suite against the image, in its mode for a server that somebody else has started. By hand, some minutes:

    ./ax run redis --net tap --mem 512M --peer "python3 apps/redis/tests/upstream.py" -- \\
        --save "" --appendonly yes --auto-aof-rewrite-percentage 0 --protected-mode no --enable-debug-command yes

AOF is on from the start, as turning it on later forks. Arguments name units; without one all that are for such a server run, one
after the other. It needs tclsh (package tcl), and the source of the port, which the build has fetched. What is left out stands
below with its reason; upstream itself leaves out what wants to start the server (tag external:skip). Status 0: no test failed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HOST, PORT = os.environ["AX_PEER"], "6379"
UNIT_SECONDS = 300

UNITS = """
unit/dump unit/auth unit/protocol unit/keyspace unit/scan unit/info unit/info-command unit/type/string unit/type/incr
unit/type/list unit/type/list-2 unit/type/list-3 unit/type/set unit/type/zset unit/type/hash unit/type/stream
unit/type/stream-cgroups unit/sort unit/expire unit/other unit/multi unit/quit unit/acl unit/latency-monitor unit/pubsub
unit/slowlog unit/scripting unit/functions unit/introspection unit/introspection-2 unit/limits unit/obuf-limits unit/bitops
unit/bitfield unit/geo unit/memefficiency unit/hyperloglog unit/lazyfree unit/pause unit/querybuf unit/tracking unit/networking
unit/client-eviction unit/replybufsize
""".split()

# Whole units: aofrw, shutdown, oom-score-adj, integration/* fork or begin a server of their own in every test; wait, cluster*,
# pubsubshard, violations want replicas, a cluster, or gigabytes.
FORKS = """
MULTI with BGREWRITEAOF
MULTI with config set appendonly
SAVE - make sure there are all the types as values
BGSAVE
Same dataset digest if saving/reloading as AOF?
EXPIRES after a reload (snapshot + append only file rewrite)
EXPIRES after AOF reload (without rewrite)
Perform a final SAVE to leave a clean DB on disk
Don't rehash if redis has child process
SRANDMEMBER with a dict containing long chain
Consumer without PEL is present in AOF after AOFRW
Empty stream with no lastid can be rewrite into AOF correctly
Empty stream can be rewrite into AOF correctly
Stream can be rewrite into AOF correctly after XDEL lastid
FUNCTION can processes create, delete and flush commands in AOF when doing "debug loadaof" in read-only slaves
""".strip().splitlines()

# These listen to what is sent to replicas, which begins with a snapshot by a fork; upstream marks only some of them so.
REPLICATES = """
SCAN: Lazy-expire should not be wrapped in MULTI/EXEC
RANDOMKEY: Lazy-expire should not be wrapped in MULTI/EXEC
SWAPDB wants to wake blocked client, but the key already expired
MULTI + LPUSH + EXPIRE + DEBUG SLEEP on blocked client, key already expired
""".strip().splitlines()

# Takes a port of the machine that the tests run on, and expects that the server cannot have it.
ONE_MACHINE = """
CONFIG SET rollback on apply error
""".strip().splitlines()

# Give a time by this machine's clock, and look at what is left of it by the server's: that comes of a real-time clock, which tells
# whole seconds, and is up to one behind.
ONE_CLOCK = """
RESTORE can set an absolute expire
GETEX PXAT option
Extended SET PXAT option
""".strip().splitlines()

COLOURS = re.compile("\x1b\\[[0-9;]*m")
TAGS = ["-needs:repl",     # a second server
        "-cluster:skip", "-large-memory"]


def find_source():
    root = pathlib.Path(__file__).resolve().parents[3]
    found = sorted(root.glob("build/ports/redis-*/src/tests/test_helper.tcl"))
    if not found or not shutil.which("tclsh"):
        sys.exit("upstream.py: needs tclsh, and the port's source: ./ax build redis")
    return found[-1].parents[1]


def run_unit(folder, unit, skipped):
    """(passed, left out, failed, whether it came to its end, the output's last lines)."""
    command = ["tclsh", "tests/test_helper.tcl", "--host", HOST, "--port", PORT, "--single", unit, "--durable",
               "--tags", " ".join(TAGS), "--skipfile", str(skipped)]
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=UNIT_SECONDS)
        output, ended = done.stdout, done.returncode == 0
    except subprocess.TimeoutExpired as error:
        output, ended = (error.stdout or b"").decode(errors="replace"), False
    output = COLOURS.sub("", output)
    failed = re.findall(r"^\[(?:err|exception)\]:? ?.*", output, re.M)
    passed, left_out = (len(re.findall(rf"^\[{word}\]", output, re.M)) for word in ("ok", "(?:skip|ignore)"))
    return passed, left_out, failed, ended, output.splitlines()[-15:]


def main():
    units = sys.argv[1:] or UNITS
    passed, left_out, failed = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(find_source() / "tests", f"{folder}/tests")
        skipped = pathlib.Path(folder, "skipped")
        skipped.write_text("\n".join(FORKS + REPLICATES + ONE_MACHINE + ONE_CLOCK) + "\n")
        for unit in units:
            good, without, bad, ended, tail = run_unit(folder, unit, skipped)
            passed, left_out, failed = passed + good, left_out + without, failed + max(len(bad), not ended)
            print(f"{unit}: {good} passed, {without} left out, {len(bad)} failed{'' if ended or bad else ', did not end'}", flush=True)
            for line in bad if ended or bad else tail:
                print(f"    {line}", flush=True)
    print(f"{passed} passed, {left_out} left out, {failed} failed")
    sys.exit(1 if failed else 0)


main()
