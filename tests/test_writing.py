"""Files are there whole, old or new; and one run at a time holds a folder."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.errors import CheckRunning, DiskFull, EnvironmentProblem, FolderUnusable
from scaffolder.writing import locked, write_all
from tests.support.runs import snapshot
from tests.support.templates import write


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "project"
    write(root / "a", "old a")
    write(root / "deep" / "b", "old b")
    return root


NEW = {"a": "new a", "deep/b": "new b", "deep/c": "new c"}


def texts(root):
    return {path: entry[2].decode() for path, entry in snapshot(root).items() if entry[0] == "file"}


def test_all_files_are_written_and_nothing_else_is_left(root):
    write_all(root, NEW)
    assert texts(root) == NEW


def test_nothing_to_write_writes_nothing(root):
    before = snapshot(root)
    write_all(root, {})
    assert snapshot(root) == before


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_it_is(tmp_path, text):
    write_all(tmp_path, {"a": text})
    assert (tmp_path / "a").read_bytes() == text.encode()


def test_modes_are_kept_and_new_files_follow_the_umask(root):
    (root / "a").chmod(0o640)
    (root / "deep/b").chmod(0o755)
    before = os.umask(0o027)
    try:
        write_all(root, NEW)
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE((root / path).stat().st_mode) for path in NEW}
    assert modes == {"a": 0o640, "deep/b": 0o755, "deep/c": 0o640}


def test_a_reader_of_the_old_file_keeps_it_whole(root):
    with (root / "a").open() as stream:
        write_all(root, NEW)
        assert stream.read() == "old a"


def refuse(root, files, error=EnvironmentProblem):
    before = snapshot(root)
    with pytest.raises(error):
        write_all(root, files)
    assert snapshot(root) == before


@pytest.mark.parametrize("last", [False, True])
def test_a_folder_that_is_not_there_changes_nothing(root, last):
    lost = {"gone/c": "c"}
    refuse(root, NEW | lost if last else lost | NEW)


@pytest.mark.parametrize("last", [False, True])
def test_a_file_in_place_of_a_folder_changes_nothing(root, last):
    lost = {"a/c": "c"}
    files = {"deep/b": "new b"}
    refuse(root, files | lost if last else lost | files)


@pytest.mark.parametrize("last", [False, True])
def test_a_folder_in_place_of_a_file_changes_nothing(root, last):
    (root / "folder").mkdir()
    lost = {"folder": "c"}
    refuse(root, NEW | lost if last else lost | NEW)


@pytest.mark.parametrize("last", [False, True])
def test_a_text_that_cannot_be_written_changes_nothing(root, last):
    lost = {"c": "\ud800"}
    refuse(root, NEW | lost if last else lost | NEW, UnicodeEncodeError)


@pytest.mark.parametrize("name", ["x" * 250, "x" * 300])
def test_a_name_that_is_too_long_changes_nothing(root, name):
    refuse(root, NEW | {name: "c"})


@pytest.mark.parametrize("fails_at", [1, 2, 3])
@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, FolderUnusable)],
)
def test_a_disk_that_gets_full_changes_nothing(root, monkeypatch, fails_at, number, error):
    calls = []

    def full(_descriptor):
        calls.append(1)
        if len(calls) == fails_at:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    refuse(root, NEW, error)
    assert len(calls) == fails_at


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_an_interruption_while_files_are_prepared_changes_nothing(root, monkeypatch, fails_at):
    calls = []

    def interrupt(_descriptor):
        calls.append(1)
        if len(calls) == fails_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    refuse(root, NEW, KeyboardInterrupt)


DISK = """
import os, subprocess, sys
from pathlib import Path
from scaffolder.errors import DiskFull
from scaffolder.writing import write_all
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=True)
write_all(disk, {"a": "old", "b": "old"})
try:
    write_all(disk, {"a": "new", "b": "n" * 200_000})
except DiskFull:
    print("full")
print(sorted(os.listdir(disk)), (disk / "a").read_text(), (disk / "b").read_text())
"""


def may_mount() -> bool:
    command = ["unshare", "--user", "--map-root-user", "--mount", "true"]
    return bool(shutil.which("unshare")) and (
        subprocess.run(command, check=False, capture_output=True).returncode == 0
    )


@pytest.mark.parametrize(
    "unshare", [["unshare", "--user", "--map-root-user", "--mount"]] * may_mount()
)
def test_a_disk_that_is_really_full_changes_nothing(tmp_path, unshare):
    """In a mount namespace of its own; where that is forbidden, the test above has the rest."""
    command = [*unshare, sys.executable, "-c", DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "full\n['a', 'b'] old old\n", done.stderr


AS_NOBODY = """
import os, sys
from pathlib import Path
from scaffolder.errors import EnvironmentProblem
from scaffolder.writing import write_all
if os.geteuid() == 0:
    os.setuid(65534)
try:
    write_all(Path(sys.argv[1]), {"open/a": "new", "closed/b": "new"})
except EnvironmentProblem as error:
    print(error.exit_code)
"""


def test_a_read_only_folder_changes_nothing(tmp_path):
    """As the user nobody, since root may write everywhere."""
    root = Path(subprocess.check_output(["mktemp", "-d", "/tmp/writing-XXXXXX"], text=True).strip())  # noqa: S108
    try:
        write(root / "open" / "a", "old")
        write(root / "closed" / "b", "old")
        root.chmod(0o755)
        (root / "open").chmod(0o777)
        (root / "closed").chmod(0o555)
        before = snapshot(root)
        command = [sys.executable, "-c", AS_NOBODY, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout == "4\n", done.stderr
        assert snapshot(root) == before
    finally:
        (root / "closed").chmod(0o755)
        shutil.rmtree(root)


def test_a_link_is_replaced_and_what_it_led_to_is_untouched(root, tmp_path):
    write(tmp_path / "outside", "precious")
    (root / "a").unlink()
    (root / "a").symlink_to(tmp_path / "outside")
    write_all(root, NEW)
    assert texts(root) == NEW
    assert (tmp_path / "outside").read_text() == "precious"


HOLDER = """
import sys
from pathlib import Path
from scaffolder.errors import CheckRunning
from scaffolder.writing import locked
try:
    with locked(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
except CheckRunning as error:
    print("refused", error.exit_code, error.mend, flush=True)
"""


def hold(folder):
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_folder_is_held_by_one_process_alone(tmp_path):
    with hold(tmp_path) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(CheckRunning) as caught, locked(tmp_path):
            pytest.fail("held by two")
        assert str(tmp_path) in caught.value.what
        with hold(tmp_path) as second:
            assert second.communicate()[0] == "refused 5 wait until it has ended\n"
        first.communicate()
    with locked(tmp_path):
        pass


def test_another_process_is_kept_out_by_this_one(tmp_path):
    with locked(tmp_path), hold(tmp_path) as other:
        assert other.communicate()[0].startswith("refused")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_whoever_is_killed_holds_nothing(tmp_path, number):
    with hold(tmp_path) as first:
        assert first.stdout.readline() == "held\n"
        first.send_signal(number)
        first.wait()
        with locked(tmp_path):
            pass


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whoever_fails_holds_nothing(tmp_path, error):
    with pytest.raises(error), locked(tmp_path):
        raise error
    with locked(tmp_path):
        pass


def test_a_program_that_is_left_behind_does_not_hold_the_folder(tmp_path):
    with locked(tmp_path):
        left = subprocess.Popen(["sleep", "60"])
    try:
        with locked(tmp_path):
            pass
    finally:
        left.kill()
        left.wait()


def test_two_folders_are_held_at_once_and_no_descriptor_is_left(tmp_path):
    (tmp_path / "other").mkdir()
    before = len(os.listdir("/proc/self/fd"))
    with locked(tmp_path), locked(tmp_path / "other"):
        pass
    with pytest.raises(CheckRunning), locked(tmp_path), locked(tmp_path):
        pass
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_folder_is_untouched_by_the_lock(tmp_path):
    with locked(tmp_path):
        assert snapshot(tmp_path) == {}
