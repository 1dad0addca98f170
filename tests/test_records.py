"""What a generated repository knows about itself at birth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scaffolder import __version__
from scaffolder.builtin.roadmaps import backend_first
from scaffolder.compose import Composition
from scaffolder.models import Evidence, Feature, Level, Template, Weeks
from scaffolder.records import birth_records, checklist_page

TEMPLATE = Template(
    id="task-api",
    version="1.2.3",
    title="Task API",
    root=Path("/nowhere/task-api"),
    roadmap="backend-first",
    project="task-api",
)
COMPOSITION = Composition(files=(), built=("crud",), layers={"service": "abc"}, suite="def")
FEATURES = (
    Feature(
        id="crud",
        title="CRUD | all of it",
        phase=2,
        weeks=Weeks(first=5, last=6),
        milestones=("week-6", "week-12"),
        evidence=(Evidence(id="crud.create", kind="test"), Evidence(id="crud.doc", kind="file")),
    ),
    Feature(id="extra", title="Extra", level=Level.STRETCH),
)


def records(answers=None, features=FEATURES):
    return birth_records(TEMPLATE, COMPOSITION, answers or {"port": 3000}, features, "page\n")


def test_the_project_file_says_where_it_comes_from_and_no_path():
    text = records({"project_name": "hi", "port": 3000})[".scaffolder/project.yml"]
    assert yaml.safe_load(text) == {
        "schema": 1,
        "template": {"id": "task-api", "version": "1.2.3"},
        "layers": {"service": "abc"},
        "suite": "def",
        "scaffolder": __version__,
        "roadmap": "backend-first",
        "project": "task-api",
        "engines": {},
        "services": [],
        "built": ["crud"],
        "answers": {"project_name": "hi", "port": 3000},
    }
    assert "/nowhere" not in text


def test_the_results_are_empty_at_birth():
    assert json.loads(records()[".scaffolder/results.json"]) == {"features": {}, "schema": 1}


def test_the_badge_says_that_nothing_is_proven():
    assert json.loads(records()[".scaffolder/badge.json"]) == {
        "schemaVersion": 1,
        "label": "features",
        "message": "0/1 proven",
        "color": "lightgrey",
    }


def test_the_records_are_these_files():
    assert sorted(records()) == [
        ".scaffolder/badge.json",
        ".scaffolder/checklist.yml",
        ".scaffolder/project.yml",
        ".scaffolder/results.json",
        "CHECKLIST.md",
    ]


ANSWER = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [
            "yes",
            "null",
            "007",
            "1.0",
            "2020-01-01",
            "- a",
            "it's",
            '"',
            "\\",
            "#",
            "a: b",
            "~",
            "é",
            "{{ x }}",
            "💚",
        ]
    )
)


@given(st.dictionaries(st.sampled_from(["description", "author_name", "port"]), ANSWER))
def test_any_answer_is_written_so_that_it_reads_back_the_same(answers):
    text = birth_records(TEMPLATE, COMPOSITION, answers, (), "")[".scaffolder/project.yml"]
    found = yaml.safe_load(text)["answers"]
    assert found == answers
    assert list(found) == list(answers)


def test_the_page_of_a_template_without_roadmap_lists_its_features():
    page = checklist_page("hi", FEATURES, None, None)
    assert page.startswith("# Checklist of hi\n\n| feature |")
    assert "| `crud` | CRUD \\| all of it | 2 | `week-6`, `week-12` | to do | 0 of 2 |" in page
    assert "- `crud`: `crud.create`, `crud.doc`\n" in page
    assert "| `extra` | Extra (stretch) |  |  | to do | none declared |" in page
    assert "A feature is proven when all its evidence passes.\n" in page


def test_the_page_of_a_roadmap_project_opens_with_its_place_in_the_roadmap():
    roadmap = backend_first()
    project = next(item for item in roadmap.projects if item.id == "task-api")
    phase = next(item for item in roadmap.phases if item.id == 2)
    page = checklist_page("hi", FEATURES, roadmap, project)
    title, _, ties = page.split("\n")[:3]
    assert title == "# Checklist of hi"
    assert ties.startswith(f"Phase 2: {phase.title}, weeks {project.weeks}. Milestones: `week-")
    for milestone in project.milestones:
        assert f"\n- `{milestone}`, week " in page
    for feature in project.features:
        assert f"| `{feature.id}` | {feature.title}" in page


@pytest.mark.parametrize("title", ["two\nlines", "a\r\nb", "a\tb  c"])
def test_a_row_of_the_page_is_one_line(title):
    page = checklist_page("hi", (replace(FEATURES[1], title=title),), None, None)
    rows = [line for line in page.split("\n") if line.startswith("|")]
    assert len(rows) == 3
    assert {row.count("|") for row in rows} == {7}
    assert "\r" not in page
