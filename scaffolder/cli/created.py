"""What ``scaffolder new`` says when it has succeeded."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from scaffolder.cli.output import write_result, write_warning

if TYPE_CHECKING:
    from pathlib import Path

    from scaffolder.workflows.create import Created, Plan


def announce(created: Created, *, here: Path) -> None:
    """Write the warnings of the hooks, then the summary."""
    for notice in created.notices:
        if notice.warning:
            write_warning(notice)
    write_result(summary(created, here=here))


def summary(created: Created, *, here: Path) -> str:
    """Return what was made and what to type next, from the folder `here`."""
    plan, project = created.plan, created.project
    lines = [f"Created {project.name} in {shlex.quote(_shown(project.path, here))}"]
    lines += [f"  {line}" for line in (_title(plan), _built(plan), *_unmet(plan))]
    lines += [f"  {len(project.files)} files"]
    lines += [f"  {notice.text}" for notice in created.notices if not notice.warning]
    lines += ["", "Next:"]
    lines += [f"  {step}" for step in (_enter(project.path, here), *project.template.next)]
    lines += _first(plan)
    return "\n".join(lines)


def _title(plan: Plan) -> str:
    template = plan.request.template
    if not plan.place:
        return f"{template.title}, version {template.version}"
    _, project = plan.place
    milestones = ", ".join(project.milestones)
    return f"{project.title}: phase {project.phase}, weeks {project.weeks}, milestones {milestones}"


def _built(plan: Plan) -> str:
    built = plan.composition.built
    stubs = [item.id for item in plan.request.template.features if item.id not in built]
    if not stubs:
        return "complete: every feature is built"
    if not built:
        return f"starter: {_and(stubs)} {'is a stub' if len(stubs) == 1 else 'are stubs'}"
    return f"built: {_and(built)}; to do: {_and(stubs)}"


def _unmet(plan: Plan) -> list[str]:
    return [
        f"note: {feature} builds on {_and(missing)}, not built yet"
        for feature, missing in plan.unmet.items()
    ]


def _first(plan: Plan) -> list[str]:
    to_do = [item for item in plan.features if item.id not in plan.composition.built]
    if not to_do:
        return []
    first = to_do[0]
    return ["", f"First feature: {first.id}, {first.title}", f"  {first.hint}".rstrip()]


def _enter(path: Path, here: Path) -> str:
    # The shell still stands in the empty folder that the project replaced.
    return "cd ." if path == here else f"cd {shlex.quote(_shown(path, here))}"


def _shown(path: Path, here: Path) -> str:
    relative = os.path.relpath(path, here)
    return str(path) if relative.startswith("..") else relative


def _and(words: tuple[str, ...] | list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
