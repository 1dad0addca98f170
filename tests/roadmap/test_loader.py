"""A roadmap's folder is read strictly: no broken one is taken, and each is refused at its place."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.errors import InvalidRoadmap
from scaffolder.roadmap.loader import read_roadmap
from scaffolder.roadmap.models import Hours, Roadmap

MINI = {
    "roadmap.yml": """\
schema: 1
id: mini
title: Mini
weeks: 6
hours_per_week: [4, 6]
readiness_week: 5
milestones:
  - {id: done, week: 6, title: Done}
  - id: half
    week: 3
    title: Half
    proven_by:
      - project: tool
        features: [read]
windows:
  - {id: junior, title: Junior positions, week: 4}
schedules:
  - id: early
    title: Early
    weeks: [1, 3]
    slots:
      - {days: [Monday, Sunday], hours: 2, activity: Read}
  - id: late
    title: Late
    weeks: [4, 6]
    slots:
      - {days: [Friday], hours: 1, activity: Write}
notes:
  - id: reason
    about: [server]
    text: It starts early
""",
    "phases/1-first.yml": """\
id: 1
title: First
weeks: [1, 3]
goal: Begin
sections:
  - id: basics
    title: Basics
    hours_per_week: 2
    resources:
      - id: guide
        title: Guide
        kind: book
        url: https://example.org/guide
        rating: {score: 4.5, out_of: 5, students: 10}
        practice: {id: exercise, text: Do it}
projects:
  - id: tool
    title: Tool
    weeks: [1, 2]
    features:
      - {id: read, title: Reading}
      - {id: fast, title: Speed, level: stretch, weeks: [3, 3]}
""",
    "phases/2-second.yml": """\
id: 2
title: Second
weeks: [4, 6]
goal: End
projects:
  - id: server
    title: Server
    weeks: [3, 6]
    features:
      - {id: serve, title: Serving}
""",
}
HEAD, FIRST, SECOND = MINI


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_small_roadmap_is_read(tmp_path):
    roadmap = read_roadmap(_written(tmp_path, MINI))
    assert [item.id for item in roadmap.milestones] == ["half", "done"]
    assert roadmap.projects[0].features[0].milestones == ("half",)
    assert [note.id for note in roadmap.projects[1].notes] == ["reason"]
    assert roadmap.hours_per_week == Hours(low=4, high=6)
    assert roadmap.phases[0].hours_per_week == Hours(low=2, high=2)
    assert roadmap.phases[1].hours_per_week is None


def test_proof_without_features_means_all_that_are_not_stretch(tmp_path):
    files = {**MINI, HEAD: MINI[HEAD].replace("        features: [read]\n", "")}
    roadmap = read_roadmap(_written(tmp_path, files))
    assert roadmap.milestones[0].proven_by[0].features == ("read",)


def test_phase_files_are_ordered_by_their_ids_not_their_names(tmp_path):
    files = {HEAD: MINI[HEAD], "phases/b.yml": MINI[FIRST], "phases/a.yml": MINI[SECOND]}
    roadmap = read_roadmap(_written(tmp_path, files))
    assert [phase.title for phase in roadmap.phases] == ["First", "Second"]


BROKEN = [
    # file, what is replaced, by what, the key that is named, a word of the message
    (HEAD, "schema: 1", "schema: 2", "schema", "must be 1"),
    (HEAD, "schema: 1", "schema: one", "schema", "whole number"),
    (HEAD, "id: mini", "id: Mini Map", "id", "is no id"),
    (HEAD, "title: Mini", "titel: Mini", "titel", "unknown key; did you mean title?"),
    (HEAD, "title: Mini", "title: 7", "title", "must be a text"),
    (HEAD, "title: Mini", 'title: ""', "title", "must be a text"),
    (HEAD, "weeks: 6", "weeks: 0", "weeks", "1 or more"),
    (HEAD, "hours_per_week: [4, 6]", "hours_per_week: [6, 4]", "hours_per_week", "the least"),
    (HEAD, "hours_per_week: [4, 6]", "hours_per_week: 0", "hours_per_week", "between 1 and 168"),
    (HEAD, "readiness_week: 5", "readiness_week: 7", "readiness_week", "outside the roadmap"),
    (
        HEAD,
        "windows:\n  - {id: junior, title: Junior positions, week: 4}",
        "windows: soon",
        "windows",
        "must be a list",
    ),
    (HEAD, "week: 6,", "week: 7,", "milestones[0].week", "outside the roadmap (weeks 1-6)"),
    (HEAD, "week: 6,", "week: soon,", "milestones[0].week", "whole number"),
    (
        HEAD,
        "- project: tool",
        "- project: tol",
        "milestones[1].proven_by[0].project",
        "did you mean tool?",
    ),
    (
        HEAD,
        "features: [read]",
        "features: [reed]",
        "milestones[1].proven_by[0].features",
        "did you mean read?",
    ),
    (
        HEAD,
        "features: [read]",
        "features: [fast]",
        "milestones[1].proven_by[0].features",
        "stretch",
    ),
    (
        HEAD,
        "features: [read]",
        "features: []",
        "milestones[1].proven_by[0].features",
        "names no feature",
    ),
    (HEAD, "week: 4}", "week: 0}", "windows[0].week", "outside the roadmap"),
    (HEAD, "weeks: [4, 6]", "weeks: [3, 6]", "schedules[1].weeks", "overlap those of early"),
    (HEAD, "weeks: [4, 6]", "weeks: [4, 9]", "schedules[1].weeks", "outside the roadmap"),
    (HEAD, "Monday, Sunday", "Monday, Someday", "schedules[0].slots[0].days", "is no day"),
    (HEAD, "hours: 1,", "hours: 0,", "schedules[1].slots[0].hours", "1 or more"),
    (HEAD, "about: [server]", "about: [sever]", "notes[0].about", "did you mean server?"),
    (HEAD, "id: junior", "id: tool", "windows[0].id", "is taken"),
    (HEAD, "id: late", "id: phase-1", "schedules[1].id", "is taken"),
    (HEAD, "id: half", "id: done", "milestones[1].id", "is taken"),
    (FIRST, "id: 1", "id: 3", "id", "1 to 2"),
    (FIRST, "weeks: [1, 3]", "weeks: [1, 2, 3]", "weeks", "the first and the last week"),
    (FIRST, "weeks: [1, 3]", "weeks: [3, 1]", "weeks", "the first and the last week"),
    (FIRST, "weeks: [1, 3]", "weeks: [2, 3]", "weeks", "must start with week 1"),
    (FIRST, "goal: Begin\n", "", "", "'goal' is missing"),
    (FIRST, "kind: book", "kind: bok", "sections[0].resources[0].kind", "did you mean book?"),
    (
        FIRST,
        "url: https://example.org/guide",
        "url: example.org",
        "sections[0].resources[0].url",
        "whole URL",
    ),
    (FIRST, "score: 4.5", "score: 5.5", "sections[0].resources[0].rating.score", "0 to 5"),
    (FIRST, "score: 4.5", "score: good", "sections[0].resources[0].rating.score", "0 to 5"),
    (FIRST, "id: exercise", "id: guide", "sections[0].resources[0].practice.id", "is taken"),
    (FIRST, "title: Guide", "title: Guide\n        note: x", "sections[0].resources[0].note", "un"),
    (FIRST, "id: tool", "id: basics", "projects[0].id", "is taken"),
    (FIRST, "id: fast", "id: read", "projects[0].features[1].id", "stands twice"),
    (FIRST, "level: stretch", "level: maybe", "projects[0].features[1].level", "is unknown"),
    (FIRST, "level: stretch", "phase: 3", "projects[0].features[1].phase", "1 to 2"),
    (FIRST, "weeks: [3, 3]", "weeks: [4, 4]", "projects[0].features[1].weeks", "no note"),
    (FIRST, "weeks: [1, 2]", "weeks: [1, 4]", "projects[0].weeks", "lie outside phase 1"),
    (SECOND, "weeks: [4, 6]", "weeks: [5, 6]", "weeks", "must start with week 4"),
    (SECOND, "weeks: [4, 6]", "weeks: [3, 6]", "weeks", "must start with week 4"),
    (SECOND, "weeks: [4, 6]", "weeks: [4, 5]", "weeks", "the roadmap with 6"),
    (SECOND, "weeks: [4, 6]", "weeks: [4, 7]", "weeks", "outside the roadmap"),
    (SECOND, "id: 2", "id: 1", "id", "phase 1 already"),
    (SECOND, "weeks: [3, 6]", "weeks: [0, 6]", "projects[0].weeks", "outside the roadmap"),
    (SECOND, "title: Server", "title: Server\n    title: Twice", "projects[0]", "stands twice"),
    (SECOND, "title: Server", "title: [", "", "not valid YAML"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "word"), BROKEN)
def test_a_broken_roadmap_is_refused_with_file_key_and_line(tmp_path, file, old, new, key, word):
    before, text = MINI[file], MINI[file].replace(old, new, 1)
    assert before != text
    with pytest.raises(InvalidRoadmap) as caught:
        read_roadmap(_written(tmp_path, {**MINI, file: text}))
    problem = caught.value
    assert problem.exit_code == 3
    assert problem.key == key
    assert word in problem.bare
    lines = text.splitlines()
    name = key.rpartition(".")[2].partition("[")[0]
    assert problem.line
    if "YAML" not in word and "twice" not in word and key:
        assert name in lines[problem.line - 1]
    assert Path(problem.file).parent in (tmp_path, tmp_path / "phases")


def test_a_project_before_its_phase_needs_a_note(tmp_path):
    head = MINI[HEAD].replace("about: [server]", "about: [tool]")
    with pytest.raises(InvalidRoadmap) as caught:
        read_roadmap(_written(tmp_path, {**MINI, HEAD: head}))
    problem = caught.value
    assert (problem.file, problem.key, problem.line) == (tmp_path / SECOND, "projects[0].weeks", 8)
    assert problem.bare == "weeks 3-6 lie outside phase 2 (weeks 4-6), and no note says why"
    assert "note about server" in problem.mend


def test_two_phases_with_one_number_are_refused_in_the_later_file(tmp_path):
    text = MINI[SECOND].replace("id: 2", "id: 1")
    with pytest.raises(InvalidRoadmap) as caught:
        read_roadmap(_written(tmp_path, {**MINI, SECOND: text}))
    assert (caught.value.file, caught.value.line) == (tmp_path / SECOND, 1)


def test_a_folder_without_roadmap_or_phases_is_refused_by_name(tmp_path):
    with pytest.raises(InvalidRoadmap, match=r"roadmap\.yml.*cannot be read"):
        read_roadmap(tmp_path)
    _written(tmp_path, {HEAD: MINI[HEAD]})
    with pytest.raises(InvalidRoadmap, match=r"phases: holds no phase"):
        read_roadmap(tmp_path)


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Weeks of phases that follow each other without a gap."""
    lengths = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    starts = [1 + sum(lengths[:index]) for index in range(len(lengths))]
    return [(start, start + length - 1) for start, length in zip(starts, lengths, strict=True)]


def _read_phases(weeks: int, phases: list[tuple[int, int]]) -> Roadmap:
    files = {"roadmap.yml": f"schema: 1\nid: x\ntitle: X\nweeks: {weeks}\n"}
    for number, (first, last) in enumerate(phases, 1):
        text = f"id: {number}\ntitle: T\nweeks: [{first}, {last}]\ngoal: G\n"
        files[f"phases/{number}.yml"] = text
    with tempfile.TemporaryDirectory() as folder:
        return read_roadmap(_written(Path(folder), files))


@given(spans())
def test_phases_without_a_gap_are_taken(phases):
    roadmap = _read_phases(phases[-1][1], phases)
    assert [(item.weeks.first, item.weeks.last) for item in roadmap.phases] == phases


@given(spans(), st.data())
def test_any_permutation_gap_or_overlap_of_phases_is_refused_with_its_place(phases, data):
    index = data.draw(st.integers(0, len(phases) - 1))
    first, last = phases[index]
    longer = [*phases[:index], (first, last + 1), *phases[index + 1 :]]
    shifted = [*phases[:index], (first + 1, max(last, first + 1)), *phases[index + 1 :]]
    missing = [*phases[:index], *phases[index + 1 :]]
    shuffled = data.draw(st.permutations(phases))
    broken = data.draw(st.sampled_from([longer, shifted, missing, shuffled]))
    if broken in ([], phases):
        return
    with pytest.raises(InvalidRoadmap) as caught:
        _read_phases(phases[-1][1], broken)
    assert (caught.value.key, caught.value.line) == ("weeks", 3)
    assert Path(caught.value.file).parent.name == "phases"


def test_the_example_of_the_documentation_is_a_roadmap(tmp_path):
    page = (Path(__file__).parents[2] / "docs/roadmap.md").read_text("utf-8")
    names = (HEAD, "phases/1-basics.yml", "phases/2-services.yml")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    roadmap = read_roadmap(_written(tmp_path, dict(zip(names, blocks, strict=True))))
    assert roadmap.projects[0].features[0].milestones == ("shipped",)
