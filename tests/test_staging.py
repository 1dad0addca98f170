"""All or nothing: which targets are refused, what appears, what is swept and what is never."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scaffolder import staging as module
from scaffolder.errors import (
    DiskFull,
    FolderUnusable,
    InvalidName,
    LostRace,
    ParentUnusable,
    TargetExists,
)
from scaffolder.staging import PREFIX, as_problem, check_target, publish, staging_beside, sweep
from tests.support.runs import snapshot


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.startswith(PREFIX)]


def make(folder: Path, mark: str = "") -> Path:
    """Leave a staging folder behind, as a killed run does; in one step, since others sweep."""
    hidden = folder / "being-made"
    (hidden / "project" / "src").mkdir(parents=True)
    (hidden / "project" / "src" / "half").write_text("half")
    return hidden.rename(folder / f"{PREFIX}{mark or 'dead'}")


def test_a_free_path_and_an_empty_folder_are_good_targets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert check_target(Path("free")) == tmp_path / "free"
    assert check_target(Path("x/../empty/")) == tmp_path / "empty"
    monkeypatch.chdir(tmp_path / "empty")
    assert check_target(Path()) == tmp_path / "empty"


def test_a_target_that_exists_is_refused_by_what_it_is(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    for name in "abcdefghijkl":
        (tmp_path / "full" / f".{name}").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "lost").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = snapshot(tmp_path)
    for name, words in {
        "file": "is a file",
        "full": "is not empty",
        "link": "is a link",
        "lost": "is a link to nowhere",
        "loop": "is a link to nowhere",
        "pipe": "is a file",
    }.items():
        with pytest.raises(TargetExists, match=words):
            check_target(tmp_path / name)
    with pytest.raises(TargetExists) as caught:
        check_target(tmp_path / "full")
    assert caught.value.why == "it holds .a, .b, .c, .d, .e, .f, .g, .h, .i, .j, ..."
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["a b", "Task", "nul", "x" * 300, "a\nb", "-x", "a\\b", "...", ".x"]
)
def test_the_last_part_of_a_target_is_a_projects_name(tmp_path, name):
    with pytest.raises(InvalidName):
        check_target(tmp_path / name)


@pytest.mark.parametrize("path", ["/", "x\0y", "a\0/x"])
def test_paths_that_cannot_be(path):
    with pytest.raises(InvalidName):
        check_target(Path(path))


def test_a_parent_must_be_a_folder_that_is_there(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "lost").symlink_to("nowhere")
    for parent, words in {
        "no": "does not exist",
        "lost": "does not exist",
        "file": "no folder|not a folder",
    }.items():
        with pytest.raises(ParentUnusable, match=words):
            check_target(tmp_path / parent / "task")


def test_the_advice_for_a_missing_parent_works_in_a_shell(tmp_path):
    parent = tmp_path / "it's $HOME" / "b"
    with pytest.raises(ParentUnusable) as caught:
        check_target(parent / "task")
    subprocess.run(["sh", "-c", caught.value.mend], check=True)
    assert check_target(parent / "task") == parent / "task"


def test_a_parent_that_is_too_long_is_an_error_of_the_environment(tmp_path):
    with pytest.raises((ParentUnusable, FolderUnusable)):
        check_target(tmp_path / ("x" * 300) / "task")


def test_a_parent_that_only_others_may_write_is_refused(tmp_path):
    """As the user nobody, since root may write everywhere."""
    code = (
        "import os, sys; from pathlib import Path; from scaffolder.errors import ParentUnusable\n"
        "from scaffolder.staging import check_target\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: check_target(Path(sys.argv[1]))\n"
        "except ParentUnusable as error: print(error)\n"
    )
    command = [sys.executable, "-c", code, "/usr/task"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "/usr cannot be written to\n"


def test_a_project_appears_whole_and_nothing_else_is_left(tmp_path):
    target = tmp_path / "task"
    with staging_beside(target) as staging:
        assert staging.root.parent == tmp_path
        assert stat.S_IMODE(staging.root.stat().st_mode) == 0o700
        (staging.project / "a").write_text("a")
        (staging.scratch / "b").write_text("b")
        assert not target.exists()
        publish(staging, target)
    assert sorted(snapshot(tmp_path)) == ["task", "task/a"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, OSError])
def test_nothing_is_left_of_a_project_that_failed(tmp_path, error):
    with pytest.raises(error), staging_beside(tmp_path / "task") as staging:
        (staging.project / "a").write_text("a")
        raise error
    assert snapshot(tmp_path) == {}


def test_the_mode_follows_the_umask_or_the_empty_folder_that_was_there(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept").chmod(0o2750)
    before = os.umask(0o027)
    try:
        for name in ("new", "kept"):
            with staging_beside(tmp_path / name) as staging:
                publish(staging, tmp_path / name)
    finally:
        os.umask(before)
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "kept")}
    assert modes == {"new": 0o750, "kept": 0o2750}


def appear_as_file(target):
    target.write_text("other")


def appear_as_folder(target):
    target.mkdir()
    (target / "other").write_text("other")


def appear_as_link(target):
    target.symlink_to("/nowhere")


def appear_as_link_to_empty_folder(target):
    (target.parent / "empty").mkdir()
    target.symlink_to("empty")


@pytest.mark.parametrize(
    "appear", [appear_as_file, appear_as_folder, appear_as_link, appear_as_link_to_empty_folder]
)
def test_whatever_appeared_at_the_target_in_the_meantime_is_untouched(tmp_path, appear):
    target = tmp_path / "task"
    with pytest.raises(LostRace), staging_beside(target) as staging:
        (staging.project / "a").write_text("a")
        appear(target)
        before = {path: entry for path, entry in snapshot(tmp_path).items() if PREFIX not in path}
        publish(staging, target)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EBUSY, FolderUnusable),
        (errno.EXDEV, FolderUnusable),
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, ParentUnusable),
        (errno.EROFS, ParentUnusable),
        (errno.EIO, FolderUnusable),
    ],
)
def test_a_rename_that_fails_leaves_nothing(tmp_path, monkeypatch, number, kind):
    def fail(_self, _target):
        raise OSError(number, os.strerror(number))

    with pytest.raises(kind), staging_beside(tmp_path / "task") as staging:
        (staging.project / "a").write_text("a")
        monkeypatch.setattr(Path, "rename", fail)
        publish(staging, tmp_path / "task")
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_disk_that_is_full_at_once_leaves_nothing(tmp_path, monkeypatch, fails_at):
    calls = []
    mkdir = Path.mkdir

    def full(self, *arguments, **options):
        calls.append(self)
        if len(calls) == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        mkdir(self, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(DiskFull), staging_beside(tmp_path / "task"):
        pytest.fail("the folder could not be made")
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_an_error_and_no_endless_loop(tmp_path, monkeypatch, number):
    def refuse(_descriptor, _operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(FolderUnusable), staging_beside(tmp_path / "task"):
        pytest.fail("there was no lock")
    assert snapshot(tmp_path) == {}


def test_too_many_open_files_are_an_error_and_no_endless_loop(tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(module.os, "open", refuse)
    with pytest.raises(FolderUnusable), staging_beside(tmp_path / "task"):
        pytest.fail("there was no lock")


def test_no_descriptor_is_left_open(tmp_path):
    def count():
        return len(os.listdir("/proc/self/fd"))

    before = count()
    for _ in range(3):
        with staging_beside(tmp_path / "task"):
            make(tmp_path, "x")
            sweep(tmp_path)
    assert count() == before


def test_what_a_killed_run_left_is_swept(tmp_path):
    make(tmp_path, "one")
    make(tmp_path, "two")
    (tmp_path / ".scaffolder-other").mkdir()
    (tmp_path / "task").mkdir()
    sweep(tmp_path)
    assert sorted(snapshot(tmp_path)) == [".scaffolder-other", "task"]


def test_the_next_run_sweeps(tmp_path):
    make(tmp_path)
    with staging_beside(tmp_path / "task") as staging:
        assert leftovers(tmp_path) == [staging.root.name]


def test_a_living_run_is_never_swept(tmp_path):
    with staging_beside(tmp_path / "task") as staging:
        (staging.project / "a").write_text("a")
        sweep(tmp_path)
        with staging_beside(tmp_path / "other"):
            assert (staging.project / "a").read_text() == "a"
        assert (staging.project / "a").exists()


def test_a_link_or_a_file_with_the_name_of_a_leftover_is_no_leftover(tmp_path):
    outside = tmp_path / "precious"
    (outside / "a").mkdir(parents=True)
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / f"{PREFIX}link").symlink_to(outside)
    (folder / f"{PREFIX}file").write_text("a")
    before = snapshot(tmp_path)
    sweep(folder)
    assert snapshot(tmp_path) == before


def test_sweeping_where_nobody_may_look_says_nothing(tmp_path):
    sweep(tmp_path / "missing")


def test_a_second_interruption_while_cleaning_up_leaves_nothing_too(tmp_path, monkeypatch):
    rmtree, calls = module.shutil.rmtree, []

    def interrupted(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        rmtree(*arguments, **options)

    monkeypatch.setattr(module.shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), staging_beside(tmp_path / "task"):
        raise KeyboardInterrupt
    assert snapshot(tmp_path) == {}


def test_what_the_system_says_becomes_an_error_with_a_reason(tmp_path):
    found = as_problem(OSError(errno.ENOSPC, "No space left on device"), tmp_path / "task")
    assert found.why == "No space left on device"
    assert found.mend == f"df -h {tmp_path}"


SWEEPER = """
import sys
from pathlib import Path
from scaffolder.staging import sweep
print("ready", flush=True)
while Path(sys.argv[1]).exists():
    sweep(Path(sys.argv[2]))
"""


def test_sweepers_never_take_the_folder_of_a_living_run(tmp_path):
    """Two sweeping processes and a sweeping thread work against runs that come and go."""
    work, flag = tmp_path / "work", tmp_path / "flag"
    work.mkdir()
    flag.touch()
    command = [sys.executable, "-c", SWEEPER, str(flag), str(work)]
    sweepers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    done = threading.Event()

    def sweep_on():
        while not done.is_set():
            sweep(work)

    thread = threading.Thread(target=sweep_on)
    thread.start()
    damaged = []
    try:
        for sweeper in sweepers:
            sweeper.stdout.readline()
        for i in range(150):
            make(work, f"dead{i}")
            target = work / f"task{i}"
            with staging_beside(target) as staging:
                (staging.project / "a").write_text("a")
                (staging.scratch / "b").write_text("b")
                (staging.project / "c").write_text("c")
                publish(staging, target)
            if sorted(path.name for path in target.iterdir()) != ["a", "c"]:
                damaged.append(target)
    finally:
        done.set()
        flag.unlink()
        thread.join()
        for sweeper in sweepers:
            sweeper.communicate()
    assert damaged == []
    sweep(work)
    assert leftovers(work) == []
