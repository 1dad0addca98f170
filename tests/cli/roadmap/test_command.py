"""``scaffolder roadmap`` as a user sees it, at every width and in every encoding."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from scaffolder.builtin.roadmaps import backend_first
from scaffolder.cli.roadmap import command
from scaffolder.errors import UnknownPlace

ROOT = Path(__file__).parents[3]
WIDTHS = [30, 40, 60, 80, 120, 200]
VIEWS = [
    [],
    *([["--phase", str(phase)] for phase in range(1, 6)]),
    *([["--week", str(week)] for week in (1, 5, 12, 16, 32, 48)]),
]


def _roadmap(*arguments, width=80, charset="utf-8", roadmaps=None):
    found = SimpleNamespace(roadmaps=lambda: roadmaps or (backend_first(),))
    runner = CliRunner(charset=charset, env={"COLUMNS": str(width), "NO_COLOR": "1"})
    return runner.invoke(command, list(map(str, arguments)), obj=found)


def _text(*arguments, **options) -> str:
    result = _roadmap(*arguments, **options)
    assert result.exit_code == 0, result.output
    return result.stdout


def _words(text: str) -> str:
    """Return the text without its folds."""
    return " ".join(text.split())


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_console(view, width):
    lines = _text(*view, width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
def test_an_encoding_without_the_glyphs_gets_ascii(view):
    text = _text(*view, charset="ascii")
    assert text.isascii()
    assert "\\u" not in text
    assert "* week-16" in text


def test_an_encoding_gets_what_it_can_carry():
    text = _text("--phase", 3, charset="latin-1")
    assert "Zero to Hero - Modern" in text
    assert "* week-16" in text


def test_the_overview_says_what_the_roadmap_says():
    text = _words(_text())
    for part in (
        "48 weeks, 10-12 hours a week, ready to apply by week 12",
        "2 PostgreSQL & REST Patterns, weeks 7-12, 5 hours a week",
        "task-api Task Management API [1] phase 2, weeks 5-6",
        "stretch Transform Task API to use Prisma ORM",
        "week-6 Deploy Node.js/Express API with PostgreSQL integration proven by task-api: task-c",
        "week-25 Senior-level system design competency + senior position applications attested",
        "principal-staff Principal/Staff positions, from week 40 on",
        "Systems & Leadership: weeks 17-48, 14 hours a week",
        "Site Reliability Engineering by Google SRE Team",
        "paid resources in total: ~$200-300",
    ):
        assert part in text
    for note in backend_first().notes:
        assert note.text in text


@pytest.mark.parametrize("phase", backend_first().phases, ids=lambda phase: f"phase-{phase.id}")
def test_a_phase_is_shown_with_every_field_of_every_resource(phase):
    text = _words(_text("--phase", phase.id, width=200))
    assert phase.goal in text
    for section in phase.sections:
        assert f"{section.title} ({section.hours_per_week} hours a week)" in text
        for item in section.resources:
            parts = [item.title, item.url, item.focus, item.why, item.usage, item.chapters]
            parts += [item.advanced, item.resource, item.duration, item.instructor, item.provider]
            parts += [", ".join(item.services), ", ".join(item.authors), str(item.rating or "")]
            parts += [item.practice.text if item.practice else ""]
            assert [part for part in parts if part not in text] == []
    for practice in phase.practices:
        assert f"[ ] {practice.id}" in text


def test_a_phase_shows_a_feature_of_an_earlier_project_that_it_asks_for():
    text = _words(_text("--phase", 3))
    assert "[ ] prisma Transform Task API to use Prisma ORM; stretch; phase 3, weeks 13-16" in text
    assert "[ ] task-crud" not in text


def test_a_week_shows_phase_project_milestones_windows_and_days():
    text = _words(_text("--week", 16))
    for part in (
        "phase 3: NestJS & ORM Integration, weeks 13-16",
        "NestJS Deep Dive: 6 hours a week",
        "chat-system Real-time Chat System",
        "Reached this week week-16 Two production NestJS applications",
        "Next milestone week-25",
        "mid-level Mid-level positions, from week 16 on [3]",
        "Sat Database practice, and reading documentation again (2 hours)",
    ):
        assert part in text
    assert "senior Senior" not in text


def test_before_the_first_window_none_is_open():
    assert "Application windows none open yet" in _words(_text("--week", 1))


@pytest.mark.parametrize(
    ("option", "value", "exists"),
    [
        ("--phase", 6, "it has phases 1 to 5"),
        ("--phase", 0, "it has phases 1 to 5"),
        ("--week", 49, "it has weeks 1 to 48"),
        ("--week", -3, "it has weeks 1 to 48"),
        ("--roadmap", "backend-frist", "did you mean backend-first?"),
    ],
)
def test_what_does_not_exist_is_a_usage_error_that_says_what_does(option, value, exists):
    error = _roadmap(option, value).exception
    assert isinstance(error, UnknownPlace)
    assert error.exit_code == 2
    assert error.why == exists
    assert error.mend.startswith("scaffolder roadmap --")


def test_of_several_roadmaps_the_built_in_one_is_shown_unless_another_is_named():
    other = replace(backend_first(), id="apprentice", title="The other one")
    both = (other, backend_first())
    assert _text(roadmaps=both).startswith("Backend-First")
    assert _text("--roadmap", "apprentice", roadmaps=both).startswith("The other one")
    assert _text(roadmaps=(other,)).startswith("The other one")


def test_several_roadmaps_without_the_built_in_one_must_be_chosen_from():
    one, two = (replace(backend_first(), id=name) for name in ("one", "two"))
    error = _roadmap(roadmaps=(one, two)).exception
    assert isinstance(error, UnknownPlace)
    assert error.why == "known: one, two"


def test_without_any_roadmap_it_is_said():
    found = SimpleNamespace(roadmaps=tuple)
    error = CliRunner().invoke(command, [], obj=found).exception
    assert isinstance(error, UnknownPlace)
    assert error.what == "no roadmap is installed"


@pytest.mark.parametrize("view", [*VIEWS, ["--phase", "2", "--week", "9"]], ids=" ".join)
def test_the_json_keeps_to_its_schema(view):
    schema = json.loads((ROOT / "docs/schemas/roadmap.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    value = json.loads(_text(*view, "--json"))
    jsonschema.Draft202012Validator(schema).validate(value)
    assert value["schema"] == "scaffolder/roadmap@1"


def test_the_json_has_the_whole_roadmap():
    roadmap = json.loads(_text("--json"))["roadmap"]
    urls = re.findall(r'"url": "(http[^"]+)"', json.dumps(roadmap))
    assert len(urls) == 16
    assert [item["week"] for item in roadmap["milestones"]] == [6, 12, 16, 25, 32, 40, 48]
    assert [item["week"] for item in roadmap["windows"]] == [16, 25, 40]
    task_api = roadmap["projects"][0]
    assert task_api["weeks"] == [5, 6]
    assert task_api["features"][4] == {
        "id": "prisma",
        "title": "Transform Task API to use Prisma ORM",
        "phase": 3,
        "weeks": [13, 16],
        "level": "stretch",
        "milestones": [],
        "note": "a practice of phase 3 on the project of phase 2",
    }


def test_the_json_of_a_part_has_that_part_and_the_head():
    value = json.loads(_text("--phase", 2, "--week", 6, "--json"))
    assert list(value["roadmap"]) == ["id", "title", "weeks", "hours_per_week", "readiness_week"]
    assert value["phase"]["phase"]["title"] == "PostgreSQL & REST Patterns"
    assert [item["id"] for item in value["week"]["due"]] == ["week-6"]
    assert [item["id"] for item in value["week"]["ahead"]] == ["week-12"]


def _run(code: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", **env}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False, timeout=60
    )


def test_the_command_line_answers_an_unknown_phase_with_exit_code_2():
    done = _run(
        "import sys; from scaffolder.cli import run; sys.exit(run(['roadmap','--phase','9']))"
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines()[0] == (
        "error: the roadmap backend-first has no phase 9 [unknown-place]"
    )


def test_neither_copier_nor_git_is_imported():
    done = _run(
        "import sys\nfrom scaffolder.cli import run\nassert run(['roadmap', '--week', '16']) == 0\n"
        "print(sorted({'copier', 'git'} & set(sys.modules)), file=sys.stderr)"
    )
    assert done.stderr.decode().strip() == "[]"


@pytest.mark.parametrize(("no_color", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals_that_want_it(no_color, coloured):
    code = "from scaffolder.cli import run; run(['roadmap'])"
    out = _run(code, FORCE_COLOR="1", PYTHONUTF8="1", TERM="xterm-256color", **no_color).stdout
    assert bool(re.search(rb"\x1b\[[0-9;]*3[0-7]m", out)) is coloured
