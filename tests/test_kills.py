# SPDX-License-Identifier: Apache-2.0
"""A database on a disk survives its program's end at any moment.

SQLite's shell commits one transaction after the other to a file on ext4 and says so; then the process, or QEMU, is killed. What
the host's e2fsck leaves, and what the image itself finds when it is started again, must be a sound database with every
transaction that was reported. ASHLAR_KILLS says how often (3, and 2 of QEMU), ASHLAR_SEED when.
"""
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from scratch import ROOT
from ax import run as running
from ax.build import Build, Options
from ax.manifest import read_tree

TRANSACTIONS = 4000
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
JOURNAL_MODES = ("delete", "wal", "truncate")
QUESTION = "pragma integrity_check; select count(*) >= max(id), max(id) from t;"


def run(*words, **more):
    return subprocess.run(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)


class Kills:
    platform, kills = "", 0

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="ashlar-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.build = Build(read_tree(ROOT), "sqlite3", Options(platform=cls.platform, features=("disks",)))
        with cls.build.lock():
            cls.build.run()

    def command(self, disk, *arguments):
        """(words, environment) of the shell with this disk."""
        options = running.RunOptions(["/vda/test.db", *arguments], mem="128M", disks=[running.Disk(disk)])
        return running.command(self.build, options, os.devnull)

    def started(self, disk, journal_mode):
        """The shell at work on a new volume."""
        with open(disk, "wb") as file:
            file.truncate(32 << 20)
        self.assertEqual(run("mke2fs", "-q", "-t", "ext4", disk).returncode, 0)
        script = [f"pragma journal_mode={journal_mode};", "pragma synchronous=extra;", "create table t(id integer primary key, rest blob);"]
        script += [f"insert into t values({i}, randomblob({i * 37 % 3000})); select 'done', {i};" for i in range(1, TRANSACTIONS)]
        source = f"{self.folder}/script.sql"
        with open(source, "w", encoding="utf-8") as file:
            file.write("\n".join(script) + "\n")
        words, environment = self.command(disk)
        with open(source, encoding="utf-8") as stdin:
            return subprocess.Popen(words, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, env=environment, text=True, errors="replace")

    def killed(self, disk, journal_mode, after):
        """The last transaction that was reported before the kill, which comes after so many."""
        process, last = self.started(disk, journal_mode), 0
        for line in process.stdout:
            said = re.match(r"done\|(\d+)\s*$", line)
            last = int(said[1]) if said else last
            if last >= after:
                time.sleep(random.uniform(0, 0.01))
                process.kill()
                break
        rest = process.communicate()[0]
        return max([last, *map(int, re.findall(r"^done\|(\d+)\r?$", rest, re.M))])

    def judge(self, answer, last):
        """What the shell says to QUESTION."""
        self.assertRegex(answer, r"(?m)^ok\r?$")
        found = re.search(r"(?m)^(\d)\|(\d+)\r?$", answer)
        self.assertTrue(found, answer)
        self.assertEqual(found[1], "1", answer)
        self.assertGreaterEqual(int(found[2]), last)

    def test_every_reported_transaction_is_in_a_sound_database(self):
        random.seed(os.environ.get("ASHLAR_SEED", "1"))
        for number in range(int(os.environ.get("ASHLAR_KILLS", self.kills))):
            disk = f"{self.folder}/disk{number}"
            last = self.killed(disk, JOURNAL_MODES[number % len(JOURNAL_MODES)], random.randrange(1, 60))
            self.assertGreater(last, 0)
            self.check(disk, last)
            os.unlink(disk)


class OfProcesses(Kills, unittest.TestCase):
    platform, kills = "x86_64-linux", 3

    def check(self, disk, last):
        """The host's tools repair the volume, take the database off it and look."""
        repaired = run("e2fsck", "-p", disk)
        self.assertLessEqual(repaired.returncode, 1, repaired.stdout)
        sound = run("e2fsck", "-fn", disk)
        self.assertEqual(sound.returncode, 0, sound.stdout)
        for name in ("test.db", "test.db-journal", "test.db-wal"):
            path = f"{self.folder}/{name}"
            if os.path.exists(path):
                os.unlink(path)
            run("debugfs", "-R", f"dump /{name} {path}", disk)
            if os.path.exists(path) and not os.path.getsize(path):
                os.unlink(path)
        self.judge(run("sqlite3", f"{self.folder}/test.db", QUESTION).stdout, last)


class OfMachines(Kills, unittest.TestCase):
    platform, kills = "x86_64-qemu-q35", 2

    def check(self, disk, last):
        """The same image, started again, recovers the volume and then the database."""
        words, environment = self.command(disk, QUESTION)
        done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, text=True, check=False)
        self.judge(done.stdout, last)
        sound = run("e2fsck", "-fn", disk)
        self.assertEqual(sound.returncode, 0, sound.stdout)


if __name__ == "__main__":
    unittest.main()
