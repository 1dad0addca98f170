"""A kill at any instant leaves a whole project or none; of several runs at once one wins.

20 of each by default; ``--effort=torture`` makes it 200 kills of each signal and 50 races.
SCAFFOLDER_SEED repeats the instants of a run.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from scaffolder.staging import PREFIX, sweep
from tests.support.effort import Effort
from tests.support.gits import configure
from tests.support.kills import kill, measure
from tests.support.processes import interrupted_before_us
from tests.support.runs import contents, git
from tests.support.templates import FILES, write_plugin, write_template

SEED = int(os.environ.get("SCAFFOLDER_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
# More files of both sorts widen the window in which a kill hits the writing.
MORE = {f"files/more/{i}.txt": f"{i}\n" for i in range(30)}
MORE |= {f"files/words/{i}.txt.jinja": "{{ port }}\n" for i in range(4)}


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    """The plugin with the wider template, measured; with a home and an identity of its own."""
    with pytest.MonkeyPatch.context() as patched:
        home = tmp_path_factory.mktemp("home")
        configure(home, "none")
        patched.setenv("HOME", str(home))
        patched.setenv("GIT_CONFIG_NOSYSTEM", "1")
        root = write_template(tmp_path_factory.mktemp("plugin") / "greeter", MORE)
        plugin = write_plugin(root.parent)
        yield measure(plugin, tmp_path_factory.mktemp("measured"))


@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_kill_leaves_a_whole_project_or_none(generator, identity, tmp_path, effort, name):
    print(f"SCAFFOLDER_SEED={SEED}")  # noqa: T201 - pytest shows it when the test fails
    kills = effort.of(8, 20, 200)
    states, left = set(), 0
    for each in kill(generator, name, tmp_path, kills, SEED):
        assert each.state in ("whole", "none"), each
        # An interpreter that is not yet up, or not anymore, is ended by the signal itself; and one
        # whose imports were interrupted ends itself by SIGINT, whatever we say.
        good = each.code in (0, 130, -name, -signal.SIGINT) or (
            each.fresh and interrupted_before_us(each.said)
        )
        assert good, f"{each.code} after {each.after} s: {each.said}"
        if each.code == 0:
            assert each.state == "whole", each
        if each.code == 130:
            assert each.said.strip() in ("", "interrupted"), each
            left += each.left
        sweep(each.folder)
        assert os.listdir(each.folder) == ([] if each.state == "none" else ["greeter"])
        states.add(each.state)
    # Of a few, all may come late.
    assert "none" in states or effort is Effort.QUICK, "no kill came early enough"
    # Cleaned up at once, but for an instant between two steps of the cleaning itself.
    assert left <= max(kills // 20, 1)


def test_the_next_run_sweeps_what_a_kill_left_and_generates(generator, identity, tmp_path):
    """Killed while it surely writes: as soon as its staging folder is there."""
    run = generator.start(tmp_path)
    end = time.monotonic() + 60
    while not os.listdir(tmp_path):
        assert time.monotonic() < end
    os.kill(run.pid, signal.SIGKILL)
    assert run.finish()[0] == -signal.SIGKILL
    assert generator.state(tmp_path) == "none"
    assert [name[: len(PREFIX)] for name in os.listdir(tmp_path)] == [PREFIX]
    assert generator.start(tmp_path).finish()[0] == 0
    assert os.listdir(tmp_path) == ["greeter"]
    assert generator.state(tmp_path) == "whole"


def test_of_several_runs_at_once_one_wins(generator, identity, tmp_path, effort):
    print(f"SCAFFOLDER_SEED={SEED}")  # noqa: T201 - pytest shows it when the test fails
    dice = random.Random(f"{SEED} races")
    endings = set()
    for i in range(effort.of(6, 20, 50)):
        folder = tmp_path / str(i)
        folder.mkdir()
        runs = [
            generator.start(folder, fresh=i % 10 == 0) for _ in range(dice.choice([2, 2, 3, 4]))
        ]
        ends = [run.finish() for run in runs]
        assert sorted(code for code, _ in ends) == [0] + [5] * (len(runs) - 1), ends
        assert os.listdir(folder) == ["greeter"]
        assert generator.state(folder) == "whole"
        for code, said in ends:
            assert (code == 0) == (said == "")
            endings |= set(re.findall(r"\[[a-z-]+\]$", said, re.MULTILINE))
    assert "[lost-race]" in endings
    assert endings <= {"[lost-race]", "[target-exists]"}


RACER = """
import os, sys
from pathlib import Path
from scaffolder.errors import Refused
from scaffolder.staging import check_target, publish, staging_beside
target, me = Path(sys.argv[1]), sys.argv[2]
wins = 0
for i in range(int(sys.argv[3])):
    here = target / str(i) / "task"
    try:
        check_target(here)
        with staging_beside(here) as staging:
            for name in "abc":
                (staging.project / name).write_text(me)
            publish(staging, here)
        wins += 1
    except Refused:
        pass
print(wins)
"""


def test_the_staging_alone_has_one_winner_in_many_races(tmp_path):
    """Three processes race for the same 300 targets, and each is one winner's alone."""
    rounds = 300
    for i in range(rounds):
        (tmp_path / str(i)).mkdir()
    command = [sys.executable, "-c", RACER, str(tmp_path)]
    racers = [
        subprocess.Popen([*command, name, str(rounds)], stdout=subprocess.PIPE, text=True)
        for name in "xyz"
    ]
    wins = [int(racer.communicate()[0]) for racer in racers]
    assert sum(wins) == rounds
    for i in range(rounds):
        assert os.listdir(tmp_path / str(i)) == ["task"]
        found = {path.read_text() for path in (tmp_path / str(i) / "task").iterdir()}
        assert len(found) == 1
        assert len(os.listdir(tmp_path / str(i) / "task")) == 3


# In one process, on a disk of its own, of many sizes: whatever fits, fits whole.
DISK = """
import os, subprocess, sys
from pathlib import Path
from scaffolder.cli import run
disk = Path(sys.argv[1])
for options in sys.argv[2:]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
    os.chdir(disk)
    sys.stdout = open(os.devnull, "w")
    code = run(["new", "greeter", "--defaults", "--git", "none"])
    sys.stdout = sys.__stdout__
    left = sorted(os.listdir(disk))
    files = sum(len(names) for _, _, names in os.walk(disk))
    print(options, code, ",".join(left), files, flush=True)
    os.chdir("/")
    subprocess.run(["umount", str(disk)], check=True)
"""


def may_mount() -> bool:
    unshare = shutil.which("unshare")
    command = ["unshare", "--user", "--map-root-user", "--mount", "true"]
    return (
        bool(unshare) and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )


SIZES = [f"size={pages * 4}k" for pages in (1, 2, 3, 5, 8, 12, 16, 20, 24, 28, 200)]
INODES = [f"nr_inodes={count}" for count in (2, 3, 4, 5, 7, 10, 14, 18, 22, 26, 30, 200)]
DISKS = [pytest.param(SIZES, id="size"), pytest.param(INODES, id="files")]


@pytest.mark.parametrize("options", DISKS if may_mount() else [])
def test_on_a_full_disk_nothing_is_left(plugin, tmp_path, options):
    """A tmpfs in a mount namespace of its own; where that is forbidden, test_new has the rest."""
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            sys.executable,
            "-c",
            DISK,
            str(tmp_path / "disk"),
            *options,
        ],
        env={**os.environ, "PYTHONPATH": str(plugin)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == options
    for _, code, left, files in lines:
        assert (code, left, files) in (("4", "", "0"), ("0", "greeter", "12")), done.stderr
    assert lines[0][1] == "4"
    assert lines[-1][1] == "0"
    assert done.stderr.count("[disk-full]") == sum(line[1] == "4" for line in lines)
    assert "Traceback" not in done.stderr


def test_a_limit_on_file_sizes_leaves_nothing(scaffolder, plugin, work, identity):
    """A real process that the system stops from writing more than a kilobyte to a file."""
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    write_template(plugin / "greeter", {"files/large.txt": "x" * 4096})
    done = scaffolder("new", "greeter", "--defaults", preexec_fn=limit)
    assert (done.returncode, done.stdout) == (4, "")
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert os.listdir(work) == []


def test_the_wider_template_is_wider(generator):
    assert len(generator.whole) > len(FILES) + 30
    assert max(generator.durations.values()) < 60


def test_the_check_of_a_project_sees_what_is_missing(generator, identity, tmp_path):
    assert generator.start(tmp_path).finish()[0] == 0
    assert generator.state(tmp_path) == "whole"
    assert contents(tmp_path / "greeter") == generator.whole
    (tmp_path / "greeter/more/7.txt").unlink()
    assert generator.state(tmp_path) == "other files"
    git(tmp_path / "greeter", "checkout", "--quiet", "more/7.txt")
    assert generator.state(tmp_path) == "whole"
