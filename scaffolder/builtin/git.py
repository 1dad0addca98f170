"""The first commit, as a hook implementation like any other."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder import repository
from scaffolder.errors import GitUnusable
from scaffolder.models import GitMode, Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.models import Project

_IDENTITY = (
    'git config --global user.name "Your Name"',
    "git config --global user.email you@example.com",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Obstacle:
    """Why there is no first commit; `finish` are the commands that make it later."""

    reason: str
    mend: str
    finish: tuple[str, ...] = ()


def first_commit(project: Project) -> tuple[Notice, ...]:
    """Commit the composed files, unless told otherwise; without `require` nothing here is fatal.

    Raises:
        GitUnusable: when a commit is required and cannot be made.
    """
    if project.git is GitMode.NONE:
        return ()
    outcome = _commit(project)
    if isinstance(outcome, repository.Birth):
        return _words(outcome)
    if project.git is GitMode.REQUIRE:
        why = "--git require asks for a first commit; nothing of the project is left"
        raise GitUnusable(outcome.reason, why=why, mend=outcome.mend)
    if not outcome.finish:
        return (Notice(text=outcome.reason),)
    return (Notice(text=f"{outcome.reason}; to finish:", commands=outcome.finish, warning=True),)


def _commit(project: Project) -> repository.Birth | _Obstacle:
    around = repository.enclosing_repository(project.destination.parent)
    if around:
        return _Obstacle(
            reason=f"no repository was made, since {around} is one already",
            mend="choose a folder outside it, or leave --git require out",
        )
    message, trailers = _message(project), _trailers(project)
    try:
        birth = repository.give_birth(project.path, project.files, message, trailers)
    except GitUnusable as error:
        shutil.rmtree(project.path / ".git", ignore_errors=True)
        init = (f"git init --initial-branch={repository.BRANCH}", _add())
        return _Obstacle(
            reason=f"no repository was made: {error.what}",
            mend=error.mend or "scaffolder new --git auto",
            finish=(_enter(project), *init, _finish(project, "$(git write-tree)")),
        )
    if birth.commit is None:
        return _Obstacle(
            reason="nothing was committed, since git knows no name and address for you",
            mend=" && ".join(_IDENTITY),
            finish=(*_IDENTITY, _enter(project), _finish(project, birth.tree)),
        )
    return birth


def _words(birth: repository.Birth) -> tuple[Notice, ...]:
    commit = (birth.commit or "")[:7]
    signature = " (unsigned, though your git settings ask for signatures)" if birth.unsigned else ""
    return (Notice(text=f"first commit {commit} on the branch {repository.BRANCH}{signature}"),)


def _message(project: Project) -> str:
    return f"Start {project.name} from the template {project.template.id}"


def _trailers(project: Project) -> Sequence[str]:
    return (
        f"Scaffold-Template: {project.template.id}@{project.template.version}",
        f"Scaffold-Built: {', '.join(project.built) or 'nothing'}",
    )


def _enter(project: Project) -> str:
    return f"cd {shlex.quote(str(project.destination))}"


def _add() -> str:
    # A personal ignore file must not keep files of the project out.
    return "git -c core.excludesFile=/dev/null add --all"


def _finish(project: Project, tree: str) -> str:
    trailers = " ".join(f"--trailer {shlex.quote(trailer)}" for trailer in _trailers(project))
    message = shlex.quote(_message(project))
    return f'git commit -m {message} {trailers} --trailer "Scaffold-Tree: {tree}"'
