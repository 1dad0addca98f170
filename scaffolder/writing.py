"""Files that are there whole, old or new, whenever the run ends."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scaffolder.errors import CheckRunning
from scaffolder.staging import as_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def write_all(root: Path, files: Mapping[str, str]) -> None:
    """Write `files`, path to text, below `root`: each by a rename, and none before all are ready.

    Raises:
        EnvironmentProblem: when the folder or the disk is in the way; then nothing has changed.
    """
    ready: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            ready[root / path] = _prepare(root / path, text)
        for file, temporary in ready.items():
            temporary.replace(file)
    except OSError as error:
        raise as_problem(error, root) from error
    finally:
        for temporary in ready.values():
            temporary.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for one run alone.

    Raises:
        CheckRunning: when another run holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CheckRunning(
                f"another check of {folder} is running", mend="wait until it has ended"
            ) from error
        yield
    finally:
        os.close(descriptor)


def _prepare(file: Path, text: str) -> Path:
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        mode = file.stat().st_mode if file.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode & 0o777)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _umask() -> int:
    # There is no other way to ask than to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
