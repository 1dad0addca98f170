"""Render a variant of a built-in template into a scratch folder, and again on each change.

    python scripts/dev_template.py task-api /tmp/task-api --with task-crud [--once]

Files that the template no longer has are deleted there; what else stands in the folder, such as
node_modules, is left alone, so that its own `npm run typecheck` and `npm test` can keep running.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from scaffolder.answers import complete_answers
from scaffolder.builtin.templates import templates_root
from scaffolder.errors import ScaffolderError
from scaffolder.models import GitMode
from scaffolder.plugins import load_plugins
from scaffolder.workflows.create import CreateRequest, choose, create, plan

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Render once, then after every change below the templates."""
    arguments = _arguments()
    wanted = [name for name in arguments.wanted.split(",") if name]
    written = _render_again(arguments.template, arguments.target, wanted, ())
    if arguments.once:
        return
    for _changes in watch(templates_root()):
        written = _render_again(arguments.template, arguments.target, wanted, written)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render a template again on each change.")
    parser.add_argument("template")
    parser.add_argument("target", type=Path)
    parser.add_argument("--with", dest="wanted", default="", metavar="FEATURE,...")
    parser.add_argument("--once", action="store_true", help="render once and end")
    return parser.parse_args()


def _render_again(
    name: str, target: Path, wanted: Sequence[str], before: Sequence[str]
) -> Sequence[str]:
    """Return the files that stand in `target` now, or `before` when the template is broken."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / target.name
        try:
            files = _generate(name, fresh, wanted)
        except ScaffolderError as error:
            print(f"error: {error}")
            return before
        changed = [path for path in files if _differs(fresh / path, target / path)]
        for path in changed:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(fresh / path, target / path)
    for path in set(before) - set(files):
        (target / path).unlink(missing_ok=True)
    print(f"{target}: {len(files)} files, {len(changed)} changed")
    return files


def _generate(name: str, destination: Path, wanted: Sequence[str]) -> Sequence[str]:
    plugins = load_plugins(third_party=False)
    template = plugins.template(name)
    built = choose(template, complete=False, wanted=wanted)
    answers = complete_answers(template, {}, {"project_name": destination.name})
    request = CreateRequest(
        template=template,
        destination=destination,
        answers=answers,
        built=built,
        git=GitMode.NONE,
    )
    return create(plan(request, plugins), plugins).project.files


def _differs(source: Path, target: Path) -> bool:
    return not target.is_file() or source.read_bytes() != target.read_bytes()


if __name__ == "__main__":
    main()
