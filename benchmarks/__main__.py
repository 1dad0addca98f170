"""``python -m benchmarks``: a small table, and nothing that can fail a build."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.pairs import ROUNDS, Comparison, compare, seconds
from benchmarks.synthetic import TEMPLATE, write_copier_template, write_plugin

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = (60, 300, 1000)
PROGRAMS = Path(sys.executable).parent
SCAFFOLDER, COPIER = str(PROGRAMS / "scaffolder"), str(PROGRAMS / "copier")
DATA = ("project_name=bench", "author_name=Ada Example")
HELP_AIM, NEW_AIM = 0.35, 0.8
# Settings that change how fast Python starts or what git does.
PERSONAL = ("GIT_", "PYTHON", "SCAFFOLDER_", "COPIER_", "XDG_")


def main() -> None:
    """Compare, and print a row as soon as it is known."""
    print(
        f"{ROUNDS} rounds after a warm-up; seconds are medians, a ratio is the median of the\n"
        "ratios within a round, with the lowest and the highest. Smaller is better for us.\n"
        f"Python {platform.python_version()}, copier {version('copier')}, {os.cpu_count()} cores\n"
    )
    print(f"{'':34}{'ours':>8}{'theirs':>8}{'ratio':>7}{'range':>12}{'aim':>7}")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        folder = Path(scratch)
        environment = _environment(folder)
        print(_row("--help / copier --help", _help(folder, environment), HELP_AIM), flush=True)
        for count in SIZES:
            result = _new(folder, environment, count)
            print(_row(f"new / copy + commit, {count} files", result, NEW_AIM), flush=True)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(PERSONAL)}
    (folder / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.org\n")
    return {**kept, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}


def _help(folder: Path, environment: Mapping[str, str]) -> Comparison:
    return compare(
        lambda _: seconds([[SCAFFOLDER, "--help"]], folder, environment),
        lambda _: seconds([[COPIER, "--help"]], folder, environment),
    )


def _new(folder: Path, environment: Mapping[str, str], count: int) -> Comparison:
    """Generate and commit the same tree in both ways, and see that it is the same."""
    work = folder / str(count)
    plugin = write_plugin(work / "plugin", count)
    ours = {**environment, "PYTHONPATH": str(plugin)}

    def new(number: int) -> float:
        options = ["--start", "complete", "--git", "require", *_data()]
        return seconds([[SCAFFOLDER, "new", TEMPLATE, f"ours{number}", *options]], work, ours)

    new(-1)
    template = write_copier_template(work / "template", count, work / "ours-1")

    def copy(number: int) -> float:
        target = f"theirs{number}"
        commands = [
            [COPIER, "copy", "--quiet", *_data(), str(template), target],
            ["git", "-C", target, "init", "--quiet", "--initial-branch=main"],
            ["git", "-C", target, "add", "--all"],
            ["git", "-C", target, "commit", "--quiet", "--message", "Start"],
        ]
        return seconds(commands, work, environment)

    result = compare(new, copy)
    if _tree(work / "ours1") != _tree(work / "theirs1"):
        raise RuntimeError("the two trees differ, so there is nothing to compare")
    return result


def _data() -> list[str]:
    return ["--defaults", *(part for pair in DATA for part in ("--data", pair))]


def _tree(repository: Path) -> str:
    command = ["git", "-C", str(repository), "rev-parse", "HEAD^{tree}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _row(name: str, result: Comparison, aim: float) -> str:
    span = f"{result.lowest:.2f}-{result.highest:.2f}"
    times = f"{result.ours:8.3f}{result.theirs:8.3f}{result.ratio:7.2f}"
    return f"{name:34}{times}{span:>12}{f'<={aim}':>7}"


if __name__ == "__main__":
    main()
