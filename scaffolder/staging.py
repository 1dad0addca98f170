"""All or nothing: a project grows in a staging folder and appears by one rename.

A staging folder stands beside the target, so that the rename stays on one file system. Whoever
works in it holds a lock on it; a killed run loses the lock, and the next run sweeps the folder.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shlex
import shutil
import stat
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffolder.errors import (
    DiskFull,
    EnvironmentProblem,
    FolderUnusable,
    InvalidName,
    LostRace,
    ParentUnusable,
    TargetExists,
)
from scaffolder.names import check_project_name

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = ".scaffolder-staging-"
_SHOWN_ENTRIES = 10
_FULL = (errno.ENOSPC, errno.EDQUOT)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A locked folder: the project grows in `project`, everything temporary in `scratch`."""

    root: Path

    @property
    def project(self) -> Path:
        """The folder that becomes the project."""
        return self.root / "project"

    @property
    def scratch(self) -> Path:
        """A folder for what nobody keeps."""
        return self.root / "scratch"


def check_target(target: Path) -> Path:
    """Return the absolute path at which a project can be created, and touch nothing.

    Raises:
        InvalidName: when the last part of the path cannot be a project's name.
        ParentUnusable: when the folder above is missing or cannot be written to.
        TargetExists: when anything is there, except an empty folder.
    """
    if "\0" in str(target):
        raise InvalidName("a path cannot hold a NUL character")
    path = Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow links
    check_project_name(path.name)
    try:
        _check_parent(path.parent)
        _check_absent(path)
    except OSError as error:
        raise as_problem(error, path) from error
    return path


@contextmanager
def staging_beside(target: Path) -> Iterator[Staging]:
    """Hold a staging folder beside `target`; whatever is left in it is deleted at the end.

    Raises:
        ParentUnusable: when no folder can be made there.
    """
    sweep(target.parent)
    with ExitStack() as stack:
        try:
            staging = _create(target.parent, stack)
        except OSError as error:
            raise as_problem(error, target.parent) from error
        yield staging


def publish(staging: Staging, target: Path) -> None:
    """Let the finished project appear at `target`, whole, in one step.

    Raises:
        LostRace: when something else appeared there in the meantime.
        FolderUnusable: when the target is a mount point or the rename is refused.
    """
    try:
        _inherit_mode(staging.project, target)
        staging.project.rename(target)
    except OSError as error:
        if error.errno in (*_NOT_EMPTY, errno.ENOTDIR):
            raise LostRace(
                f"{target} was created by someone else in the meantime",
                why="nothing of it was touched, and nothing of this run is left",
                mend="choose another folder",
            ) from error
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise FolderUnusable(
                f"{target} is a mount point", mend="choose a folder inside it"
            ) from error
        raise as_problem(error, target) from error


def sweep(parent: Path) -> None:
    """Delete the staging folders below `parent` that no living run holds."""
    try:
        leftovers = [entry for entry in parent.iterdir() if entry.name.startswith(PREFIX)]
    except OSError:
        return
    for leftover in leftovers:
        with suppress(OSError):
            lock = _lock(leftover)
            _delete(leftover)
            os.close(lock)


def as_problem(error: OSError, path: Path) -> EnvironmentProblem:
    """Translate what the operating system raised while working at `path`."""
    reason = error.strerror or str(error)
    if error.errno in _FULL:
        return DiskFull(
            f"no space is left for {path}",
            why=reason,
            mend=f"df -h {shlex.quote(str(path if path.is_dir() else path.parent))}",
        )
    if error.errno in _DENIED:
        return ParentUnusable(
            f"{path} cannot be written to", why=reason, mend="choose a folder of your own"
        )
    return FolderUnusable(f"{path} cannot be used", why=reason)


def _check_parent(parent: Path) -> None:
    if not parent.exists():
        raise ParentUnusable(
            f"{parent} does not exist", mend=f"mkdir -p {shlex.quote(str(parent))}"
        )
    if not parent.is_dir():
        raise ParentUnusable(f"{parent} is not a folder", mend="choose another place")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ParentUnusable(f"{parent} cannot be written to", mend="choose a folder of your own")


def _check_absent(path: Path) -> None:
    mend = "choose another folder, or move that away"
    if path.is_symlink() and not path.exists():
        raise TargetExists(f"{path} is a link to nowhere", mend=mend)
    if path.is_symlink():
        raise TargetExists(f"{path} is a link", mend=f"name the folder itself: {path.resolve()}")
    if not path.exists():
        return
    if not path.is_dir():
        raise TargetExists(f"{path} is a file", mend=mend)
    names = sorted(entry.name for entry in path.iterdir())
    if names:
        shown = ", ".join(names[:_SHOWN_ENTRIES]) + (", ..." if len(names) > _SHOWN_ENTRIES else "")
        raise TargetExists(f"{path} is not empty", why=f"it holds {shown}", mend=mend)


def _create(parent: Path, stack: ExitStack) -> Staging:
    """Make a staging folder and lock it; `stack` deletes it, however this ends."""
    while True:
        staging = Staging(root=parent / f"{PREFIX}{secrets.token_hex(8)}")
        stack.callback(_delete, staging.root)
        staging.root.mkdir(mode=0o700)
        # A sweeper may take the folder between its birth and the lock, and then deletes it.
        with suppress(BlockingIOError, FileNotFoundError):
            stack.callback(os.close, _lock(staging.root))
            break
    staging.project.mkdir()
    staging.scratch.mkdir()
    return staging


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        # Again: a child that was cut off may have written, or a second signal cut this off.
        shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> int:
    """Return a descriptor that holds the lock on `folder`.

    Raises:
        BlockingIOError: when another run holds it.
        FileNotFoundError: when the folder went away.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _check_still_there(descriptor, folder)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_still_there(descriptor: int, folder: Path) -> None:
    if not os.path.samestat(os.fstat(descriptor), folder.stat()):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _inherit_mode(project: Path, target: Path) -> None:
    if target.is_dir():
        project.chmod(stat.S_IMODE(target.stat().st_mode))
