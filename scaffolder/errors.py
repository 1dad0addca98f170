"""Everything that can be expected to go wrong, drawn as a tree.

    ScaffolderError
    ├── UsageProblem                    exit 2: the command line
    │   ├── UnknownProject              unknown-project
    │   ├── UnknownFeature              unknown-feature
    │   ├── UnknownPlace                unknown-place
    │   ├── UnknownQuestion             unknown-question
    │   ├── UnknownMilestone            unknown-milestone
    │   ├── UnknownEvidence             unknown-evidence
    │   ├── NotAProject                 not-a-project
    │   └── MissingAnswers              missing-answers
    ├── DataProblem                     exit 3: a name, an answer, a file
    │   ├── InvalidName                 invalid-name
    │   ├── InvalidAnswer               invalid-answer
    │   ├── InvalidTemplate             invalid-template
    │   ├── InvalidRoadmap              invalid-roadmap
    │   ├── InvalidRecord               invalid-record
    │   └── InvalidAttestation          invalid-attestation
    ├── EnvironmentProblem              exit 4: a tool, the disk, a folder
    │   ├── ParentUnusable              parent-unusable
    │   ├── DiskFull                    disk-full
    │   ├── FolderUnusable              folder-unusable
    │   ├── GitUnusable                 git-unusable
    │   ├── ServiceUnusable             service-unusable
    │   └── ToolUnusable                tool-unusable
    └── Refused                         exit 5: for safety
        ├── TargetExists                target-exists
        ├── LostRace                    lost-race
        ├── CheckRunning                check-running
        └── OtherVersion                other-version

Exit 1 is a negative result and no error; 70 is a bug of ours; 130 is an interruption.
Each error says what happened, why, and the command that mends it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class ScaffolderError(Exception):
    """An expected failure.

    Args:
        what: What happened, one sentence without a full stop.
        why: The reason, where it is not plain from `what`.
        mend: The command or the step that mends it.
    """

    code: ClassVar[str]
    exit_code: ClassVar[int]

    def __init__(self, what: str, *, why: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.mend = mend


class UsageProblem(ScaffolderError):
    """The command line asks for something that is not there."""

    code = "usage"
    exit_code = 2


class UnknownProject(UsageProblem):
    """No template generates that project."""

    code = "unknown-project"


class UnknownFeature(UsageProblem):
    """The template has no such feature."""

    code = "unknown-feature"


class UnknownPlace(UsageProblem):
    """The roadmap has no such phase, week or id."""

    code = "unknown-place"


class UnknownQuestion(UsageProblem):
    """An answer was given that no question of the template asks for."""

    code = "unknown-question"


class UnknownMilestone(UsageProblem):
    """No feature of the project counts towards that milestone."""

    code = "unknown-milestone"


class UnknownEvidence(UsageProblem):
    """The checklist has no such feature or evidence, or none that its owner could attest."""

    code = "unknown-evidence"


class NotAProject(UsageProblem):
    """The folder is no generated project, and stands in none."""

    code = "not-a-project"


class MissingAnswers(UsageProblem):
    """Questions are open, and nobody is there to ask."""

    code = "missing-answers"


class DataProblem(ScaffolderError):
    """Data that cannot be used: a name, an answer, or a file at a place.

    Args:
        what: What is wrong.
        file: The file it stands in.
        key: The key inside the file, as in ``features[2].owns``.
        line: The line, from 1.
        why: The reason.
        mend: What to do.
    """

    code = "data"
    exit_code = 3

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        key: str = "",
        line: int | None = None,
        why: str = "",
        mend: str = "",
    ) -> None:
        self.file = file
        self.key = key
        self.line = line
        place = "" if file is None else str(file) + (f":{line}" if line else "")
        super().__init__(": ".join(part for part in (place, key, what) if part), why=why, mend=mend)
        self.bare = what


class InvalidName(DataProblem):
    """A project name that npm, Windows or a file system would not take."""

    code = "invalid-name"


class InvalidAnswer(DataProblem):
    """An answer of the wrong type, or one that the question's validator refuses."""

    code = "invalid-answer"


class InvalidTemplate(DataProblem):
    """A template or layer that breaks the template format."""

    code = "invalid-template"


class InvalidRoadmap(DataProblem):
    """A roadmap that breaks its format or contradicts itself."""

    code = "invalid-roadmap"


class InvalidRecord(DataProblem):
    """A record of a generated project that is broken, missing, or of a newer version."""

    code = "invalid-record"


class InvalidAttestation(DataProblem):
    """A link or a reason that could convince nobody."""

    code = "invalid-attestation"


class EnvironmentProblem(ScaffolderError):
    """The machine is in the way: a tool, the disk, a folder."""

    code = "environment"
    exit_code = 4


class ParentUnusable(EnvironmentProblem):
    """The folder that should hold the project is missing or cannot be written to."""

    code = "parent-unusable"


class DiskFull(EnvironmentProblem):
    """No space is left on the device."""

    code = "disk-full"


class FolderUnusable(EnvironmentProblem):
    """The operating system refused an operation on a folder or file."""

    code = "folder-unusable"


class GitUnusable(EnvironmentProblem):
    """A commit was required, and git, or an identity, is missing."""

    code = "git-unusable"


class ServiceUnusable(EnvironmentProblem):
    """A service that the evidence needs is missing, does not answer or is not to be touched."""

    code = "service-unusable"


class ToolUnusable(EnvironmentProblem):
    """A program that the project needs is missing, too old, or failed."""

    code = "tool-unusable"


class Refused(ScaffolderError):
    """Refused, since something that exists could be lost."""

    code = "refused"
    exit_code = 5


class TargetExists(Refused):
    """The target is a file, a link to nowhere, or a folder that is not empty."""

    code = "target-exists"


class LostRace(Refused):
    """Another run created the target first."""

    code = "lost-race"


class CheckRunning(Refused):
    """Another check of the same project is still running."""

    code = "check-running"


class OtherVersion(Refused):
    """The installed template is another one than the project was generated from."""

    code = "other-version"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known words, or all of them when none is near."""
    words = sorted(known)
    near = get_close_matches(word, words, n=2)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(words)}" if words else "none is known"


def is_interruption(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C or a signal is what an error came of.

    Until 3.12, Python makes a ``RuntimeError`` of one that comes while a class is made, and
    libraries have their own ways.
    """
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None
