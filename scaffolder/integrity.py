"""Whether what judges a project is what its template brought: suite, checklist, and script."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffolder.checklist import read_features
from scaffolder.compose import SUITE, compose
from scaffolder.errors import InvalidRecord
from scaffolder.generated import CHECKLIST_FILE
from scaffolder.inputs import input_files
from scaffolder.records import checklist_text
from scaffolder.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scaffolder.generated import Generated
    from scaffolder.models import Feature, Layer, Template

MANIFEST = "package.json"
SCRIPT = "acceptance"
SETTINGS = ".npmrc"
_SCRIPT_PLACE = f"{MANIFEST}: scripts.{SCRIPT}"
# npm runs the other two around it.
_SCRIPTS = (f"pre{SCRIPT}", SCRIPT, f"post{SCRIPT}")
_LINK = b"\0a link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What judges a project.

    Attributes:
        suite: Path to content, below ``acceptance/``.
        checklist: The features, as ``.scaffolder/checklist.yml`` holds them.
        script: What ``npm run acceptance`` runs; "" where there is no such script.
        settings: The content of ``.npmrc``, which can change what a script runs in. A project may
            have its own, so this is never compared, only laid over a copy.
    """

    suite: Mapping[str, bytes]
    checklist: str
    script: str
    settings: bytes | None


def judges_in(root: Path, features: Sequence[Feature]) -> Judges:
    """Return what judges the repository at `root`, whose checklist holds `features`.

    Raises:
        OSError: when a file cannot be read.
    """
    return Judges(
        suite={path: _content(root / path) for path in _suite_files(root)},
        checklist=checklist_text(features),
        script=_script(root / MANIFEST),
        settings=_content(root / SETTINGS) if (root / SETTINGS).is_file() else None,
    )


def judges_of(
    generated: Generated,
    template: Template,
    features: Sequence[Feature],
    layers: Mapping[str, Layer],
) -> Judges:
    """Return what `template` gives a project with these answers.

    Raises:
        InvalidTemplate: when it cannot be rendered.
    """
    composition = compose(template, layers, generated.built)
    files = tuple(
        file
        for file in composition.files
        if file.path.startswith(SUITE) or file.path in (MANIFEST, SETTINGS)
    )
    with tempfile.TemporaryDirectory(prefix="scaffolder-suite-") as folder:
        target, scratch = Path(folder) / "project", Path(folder) / "scratch"
        target.mkdir()
        scratch.mkdir()
        wanted = replace(composition, files=files)
        render(template, wanted, generated.answers, target=target, scratch=scratch)
        return judges_in(target, features)


def judges_from(files: Mapping[str, bytes]) -> Judges:
    """Return what judges a repository that consists of `files`.

    Raises:
        InvalidRecord: when its checklist is broken.
    """
    with tempfile.TemporaryDirectory(prefix="scaffolder-suite-") as folder:
        for path, content in files.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        features = read_features(Path(folder) / CHECKLIST_FILE, tied=False, error=InvalidRecord)
        return judges_in(Path(folder), features)


def differences(mine: Judges, theirs: Judges) -> tuple[str, ...]:
    """Return where two differ, sorted."""
    paths = mine.suite.keys() | theirs.suite.keys()
    found = {path for path in paths if mine.suite.get(path) != theirs.suite.get(path)}
    if mine.checklist != theirs.checklist:
        found.add(CHECKLIST_FILE)
    if mine.script != theirs.script:
        found.add(_SCRIPT_PLACE)
    return tuple(sorted(found))


def copy_with(judges: Judges, root: Path, target: Path) -> None:
    """Copy the repository at `root` to the new folder `target`, and lay `judges` over it.

    Ignored files are not copied: packages are installed anew, from the lock file.

    Raises:
        InvalidRecord: when ``package.json`` cannot take the template's script.
        OSError: when a file cannot be read or written.
    """
    laid = dict(judges.suite) | {CHECKLIST_FILE: judges.checklist.encode()}
    if judges.settings is not None:
        laid[SETTINGS] = judges.settings
    tops = {path.partition("/")[0] for path in (*laid, SUITE, SETTINGS)}
    target.mkdir()
    for path in input_files(root):
        # Neither the suite, nor a link or a file where its folder will be.
        if not path.startswith(SUITE) and path not in tops:
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, file, follow_symlinks=False)
    for path, content in laid.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_bytes(content)
    _set_script(target / MANIFEST, judges.script)


def _suite_files(root: Path) -> Iterator[str]:
    """Yield every file and link of the suite, those that git ignores too: they run as well."""
    top = root / SUITE
    if top.is_symlink():
        return
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        yield from ((here / name).relative_to(root).as_posix() for name in (*links, *names))


def _content(file: Path) -> bytes:
    # A link can lead to anything, so it is like no file of a template.
    return _LINK if file.is_symlink() or not file.is_file() else file.read_bytes()


def _script(manifest: Path) -> str:
    try:
        scripts = _manifest(manifest).get("scripts", {})
        found = {name: scripts[name] for name in _SCRIPTS if name in scripts}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return ""
    return json.dumps(found) if found else ""


def _set_script(manifest: Path, script: str) -> None:
    if not script and not manifest.exists():
        return
    try:
        document = _manifest(manifest)
        scripts = dict(document.get("scripts", {}))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidRecord(f"cannot be read: {error}", file=MANIFEST) from error
    mine = {name: value for name, value in scripts.items() if name not in _SCRIPTS}
    document["scripts"] = mine | json.loads(script or "{}")
    manifest.unlink()
    manifest.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _manifest(file: Path) -> dict[str, Any]:
    document = json.loads(file.read_text("utf-8"))
    if not isinstance(document, dict):
        raise TypeError("is no mapping")
    return document
