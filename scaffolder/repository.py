"""Git, by way of GitPython's command interface; the only module that imports it.

Only ``Repo.git.<command>`` is used: the Python-side index of GitPython ignores ``.gitignore``,
attributes and a missing identity. Commits are made by plumbing, which needs no hook, no signer
and no personal setting, so that nothing on the machine can change what the birth commit holds.
"""

from __future__ import annotations

import functools
import io
import os
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffolder.errors import GitUnusable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

BRANCH = "main"
# Personal settings that would change which bytes are committed.
_NEUTRAL = (
    "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.fileMode=true",
    "i18n.commitEncoding=utf-8",
    # Plumbing runs few hooks, but update-ref runs one that can refuse.
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "user.useConfigOnly=true",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What became of the first commit.

    Attributes:
        tree: The id of the tree that holds exactly the composed files.
        commit: The id of the commit; None without an identity.
        unsigned: Whether signing was asked for in the git settings.
    """

    tree: str
    commit: str | None
    unsigned: bool


def enclosing_repository(folder: Path) -> Path | None:
    """Return the nearest folder at or above `folder` that is a git repository's work tree."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def author_name() -> str | None:
    """Return the name in the user's git settings, or None."""
    try:
        with _git() as git:
            return git.config("--get", "user.name").strip() or None
    except GitUnusable:
        return None


def give_birth(folder: Path, files: Sequence[str], message: str, trailers: Sequence[str]) -> Birth:
    """Make `folder` a repository whose first commit holds exactly `files`.

    Without an identity everything is staged and nothing is committed; none is ever invented.

    Raises:
        GitUnusable: when git is missing or fails.
    """
    with _git(folder) as git:
        git.init("--quiet", f"--initial-branch={BRANCH}", "--template=")
        with tempfile.TemporaryFile() as listing:
            listing.write("\0".join(files).encode("utf-8", "surrogateescape"))
            listing.seek(0)
            git.update_index("--add", "-z", "--stdin", istream=listing)
        tree = git.write_tree()
        text = "\n".join([message, "", *trailers, f"Scaffold-Tree: {tree}"])
        commit = _commit(git, tree, text)
        if commit:
            git.update_ref("-m", "commit (initial): " + message, f"refs/heads/{BRANCH}", commit)
        return Birth(tree=tree, commit=commit, unsigned=_asked(git, "commit.gpgSign"))


def checked_out(folder: Path, own: Collection[str]) -> tuple[str, bool]:
    """Return the commit that is checked out in `folder`, and whether its files differ from it.

    Paths in `own`, relative to `folder`, may differ. Without git or a commit, ("", False).
    """
    try:
        with _git(folder) as git:
            commit = git.rev_parse("--verify", "--quiet", "HEAD").strip()
            options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all")
            changes = git.status(*options, "--", ".")
    except GitUnusable:
        return "", False
    paths = (entry[3:] for entry in changes.split("\0") if entry)
    return commit, any(not path.endswith(tuple(own)) for path in paths)


def pristine_files(folder: Path) -> dict[str, bytes] | None:
    """Return the files of the last pristine commit of `folder`, path to content.

    A commit is pristine if its trailer ``Scaffold-Tree`` names its own tree: squashes and amends
    copy trailers, but change trees. None without git or without such a commit.
    """
    try:
        with _git(folder) as git:
            form = "--format=%H %T %(trailers:key=Scaffold-Tree,valueonly,separator=%x20)"
            for line in git.log("--grep=^Scaffold-Tree: ", form, "HEAD").splitlines():
                commit, tree, *said = line.split()
                if tree in said:
                    archive = git.archive(commit, stdout_as_string=False)
                    return dict(_unpack(archive))
    except GitUnusable:
        pass
    return None


def _unpack(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content:
                yield member.name, content.read()


@contextmanager
def _git(folder: Path | None = None) -> Iterator[Any]:
    # Whatever it is set to: without git, GitPython would refuse to be imported.
    os.environ["GIT_PYTHON_REFRESH"] = "quiet"
    from git import Git, GitCommandError, GitCommandNotFound

    with _without_local_variables():
        git = Git(folder)
        git.set_persistent_git_options(c=list(_NEUTRAL))
        try:
            yield git
        except GitCommandNotFound as error:
            raise GitUnusable("git is not installed", mend="install git") from error
        except GitCommandError as error:
            said = str(error.stderr).removeprefix("\n  stderr: ").strip("'\n ")
            raise GitUnusable(f"git failed: {said or error.status}") from error


@contextmanager
def _without_local_variables() -> Iterator[None]:
    """Drop what would point git to another repository, as inside a git hook."""
    dropped = {name: os.environ.pop(name) for name in _local_variables() if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(dropped)


@functools.cache
def _local_variables() -> tuple[str, ...]:
    from git import Git, GitCommandError, GitCommandNotFound

    try:
        return tuple(Git().rev_parse("--local-env-vars").split())
    except (GitCommandError, GitCommandNotFound):
        return ()


def _commit(git: Any, tree: str, message: str) -> str | None:
    """Return the id of a new commit, or None without an identity."""
    from git import GitCommandError

    try:
        return str(git.commit_tree(tree, "-m", message))
    except GitCommandError:
        # Asked only now: two processes less for everybody who has one.
        if _has_identity(git):
            raise
        return None


def _has_identity(git: Any) -> bool:
    from git import GitCommandError

    try:
        git.var("GIT_AUTHOR_IDENT")
        git.var("GIT_COMMITTER_IDENT")
    except GitCommandError:
        return False
    return True


def _asked(git: Any, setting: str) -> bool:
    from git import GitCommandError

    try:
        return bool(git.config("--type=bool", "--get", setting) == "true")
    except GitCommandError:
        return False
