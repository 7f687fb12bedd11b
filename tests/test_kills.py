# SPDX-License-Identifier: Apache-2.0
"""A database on a disk survives its program's end at any moment.

SQLite's shell commits one transaction after the other to a file on ext4 and says so; then the process is killed. What e2fsck
leaves must be a sound database with every transaction that was reported. ASHLAR_KILLS says how often (3).
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

APP, FEATURES = "sqlite3", "disks"
TRANSACTIONS = 4000
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


def run(*words, **more):
    return subprocess.run(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)


class Kills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="ashlar-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        built = run(ROOT / "ax", "build", APP, "--features", FEATURES, "--platform", "x86_64-linux")
        assert built.returncode == 0, built.stdout
        cls.image = re.search(r"^(\S+\.elf):", built.stdout, re.M)[1]

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
        with open(source, encoding="utf-8") as stdin:
            return subprocess.Popen([self.image, "/vda/test.db"], cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE,
                                    env={**ENVIRONMENT, "AX_DISK0": disk, "AX_MEM": "128M"}, text=True)

    def killed(self, disk, journal_mode, after):
        """The last transaction that was reported before the kill, which comes after so many."""
        process, last = self.started(disk, journal_mode), 0
        for line in process.stdout:
            last = int(line.split("|")[1]) if line.startswith("done|") else last
            if last >= after:
                time.sleep(random.uniform(0, 0.01))
                process.kill()
                break
        rest = process.communicate()[0]
        return max([last, *map(int, re.findall(r"^done\|(\d+)$", rest, re.M))])

    def check(self, disk, last):
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
        answer = run("sqlite3", f"{self.folder}/test.db", "pragma integrity_check; select count(*) >= max(id), max(id) from t;")
        lines = answer.stdout.split()
        self.assertEqual(lines[0], "ok", answer.stdout)
        enough, found = lines[1].split("|")
        self.assertEqual(enough, "1")
        self.assertGreaterEqual(int(found), last)

    def test_every_reported_transaction_is_in_a_sound_database(self):
        random.seed(os.environ.get("ASHLAR_SEED", "1"))
        for number in range(int(os.environ.get("ASHLAR_KILLS", "3"))):
            disk = f"{self.folder}/disk{number}"
            last = self.killed(disk, ["delete", "wal", "truncate"][number % 3], random.randrange(1, 60))
            self.assertGreater(last, 0)
            self.check(disk, last)
            os.unlink(disk)


if __name__ == "__main__":
    unittest.main()
