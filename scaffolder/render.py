"""A composition laid down in a folder; the only module that imports Copier."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml

from scaffolder.compose import SUFFIX
from scaffolder.errors import InvalidTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scaffolder.answers import Answer
    from scaffolder.compose import ComposedFile, Composition
    from scaffolder.models import Question, Template

# Everything about Copier that must not depend on the template or on the user's settings.
_SETTINGS: dict[str, object] = {
    "_min_copier_version": "9.19.0",
    "_subdirectory": "files",
    "_templates_suffix": SUFFIX,
    "_exclude": [],
    "_envops": {"undefined": "jinja2.StrictUndefined", "keep_trailing_newline": True},
}


def check_syntax(composition: Composition) -> None:
    """Parse every file that carries words.

    Raises:
        InvalidTemplate: with file and line of the first mistake.
    """
    from jinja2 import Environment, TemplateSyntaxError

    environment = Environment()  # noqa: S701 - only parsed, never rendered
    for file in _worded(composition):
        try:
            environment.parse(file.source.read_text("utf-8"))
        except TemplateSyntaxError as error:
            what = f"is not valid Jinja: {error.message}"
            raise InvalidTemplate(what, file=file.source, line=error.lineno) from error
        except UnicodeDecodeError as error:
            raise InvalidTemplate("is not UTF-8", file=file.source) from error


def render(
    template: Template,
    composition: Composition,
    answers: Mapping[str, Answer],
    *,
    target: Path,
    scratch: Path,
) -> None:
    """Write `composition` into the empty folder `target`.

    Verbatim files are copied; Copier renders once those that carry words.

    Args:
        template: Whose questions Copier is told about.
        composition: What to write.
        answers: An answer for every question.
        target: An empty folder.
        scratch: An empty folder for temporary files, on the same disk.

    Raises:
        InvalidTemplate: with file and, where Jinja tells it, line.
        OSError: as the operating system raised it.
    """
    for file in composition.files:
        if not file.rendered:
            _copy(file, target / file.path)
    source = scratch / "template"
    for file in _worded(composition):
        _copy(file, source / "files" / (file.path + SUFFIX))
    if not source.exists():
        return
    settings = _SETTINGS | {question.name: _as_copier(question) for question in template.questions}
    (source / "copier.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    with _temporary_files_in(scratch), _no_git(scratch):
        _run_copier(source, target, answers, composition)


def _run_copier(
    source: Path, target: Path, answers: Mapping[str, Answer], composition: Composition
) -> None:
    import copier

    try:
        copier.run_copy(
            str(source),
            target,
            data=dict(answers),
            defaults=True,
            quiet=True,
            unsafe=False,
            settings=copier.Settings(),
        )
    except Exception as error:
        # Jinja's TemplateNotFound is an OSError too, one without a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        # Copier raises its own tree, Jinja's, ValueError and more; all of it means the template.
        raise _translate(error, source, composition) from error


def _translate(error: Exception, source: Path, composition: Composition) -> InvalidTemplate:
    files = {str(source / "files" / (file.path + SUFFIX)): file for file in _worded(composition)}
    origin, line = None, None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in files:
            origin, line = files[frame.filename].source, frame.lineno
    line = getattr(error, "lineno", None) or line
    named = getattr(error, "filename", None)
    if origin is None and named in files:
        origin = files[named].source
    what = str(error).replace(str(source), "this template")
    return InvalidTemplate(f"cannot be rendered: {what}", file=origin, line=line)


def _worded(composition: Composition) -> Iterator[ComposedFile]:
    return (file for file in composition.files if file.rendered)


def _copy(file: ComposedFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.source, target)
    if file.executable:
        mode = target.stat().st_mode
        # Whoever may read may execute: git keeps one bit, and the umask has already decided.
        target.chmod(mode | (mode & 0o444) >> 2)


def _as_copier(question: Question) -> dict[str, object]:
    return {"type": question.type, "help": question.help}


@contextmanager
def _no_git(folder: Path) -> Iterator[None]:
    # Copier calls git for the template and again for each file; a git that is set up badly would
    # end the run, and GIT_DIR would lead it into another repository.
    from plumbum import local

    with local.env(PATH=str(folder / "nothing")):
        yield


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    # Copier clones templates into the temporary folder; a killed run must leave nothing there.
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
