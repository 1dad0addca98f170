"""The checklist of a template: what may stand in it, how it is tied, how it is written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from scaffolder.checklist import (
    as_document,
    missing_requirements,
    read_features,
    select,
    tie,
)
from scaffolder.errors import InvalidTemplate
from scaffolder.models import Evidence, Feature, Level, Weeks
from scaffolder.roadmap.models import RoadmapFeature, RoadmapProject

FILE = Path("x/checklist.yml")
HEAD = "schema: 1\nfeatures:\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "checklist.yml"
    path.write_text(text, "utf-8")
    return path


def test_a_feature_is_read_whole(tmp_path):
    path = write(
        tmp_path,
        HEAD
        + """\
  - id: chat
    title: Chat
    level: stretch
    phase: 3
    weeks: [4, 6]
    milestones: [week-6]
    owns: [src/chat/**]
    hint: Talk.
    evidence:
      - {id: chat.says, kind: test, level: stretch, timeout_s: 5, services: [redis], path: a.md}
  - id: rooms
    title: Rooms
    requires: [chat]
""",
    )
    evidence = Evidence(
        id="chat.says",
        kind="test",
        level=Level.STRETCH,
        timeout_s=5,
        services=("redis",),
        details={"path": "a.md"},
    )
    assert read_features(path, tied=False) == (
        Feature(
            id="chat",
            title="Chat",
            level=Level.STRETCH,
            phase=3,
            weeks=Weeks(first=4, last=6),
            milestones=("week-6",),
            owns=("src/chat/**",),
            hint="Talk.",
            evidence=(evidence,),
        ),
        Feature(id="rooms", title="Rooms", requires=("chat",)),
    )


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("schema: 2\nfeatures: []", 1, "schema", "must be 1"),
        ("features: []", 1, "", "'schema' is missing"),
        ("schema: 1", 1, "", "'features' is missing"),
        ("schema: 1\nfeatures: {}", 2, "features", "must be a list"),
        (HEAD + "- a", 3, "features[0]", "must be a mapping"),
        (HEAD + "- id: a", 3, "features[0]", "'title' is missing"),
        (HEAD + "- {id: A b, title: x}", 3, "features[0].id", "'A b' is no id"),
        (HEAD + "- {id: a, title: x}\n- {id: a, title: y}", 4, "features[1].id", "stands twice"),
        (HEAD + "- {id: a, title: x, evidnce: []}", 3, "features[0].evidnce", "mean evidence?"),
        (HEAD + "- {id: a, title: x, level: musst}", 3, "features[0].level", "mean must?"),
        (HEAD + "- {id: a, title: x, weeks: [3]}", 3, "features[0].weeks", "[first, last]"),
        (HEAD + "- {id: a, title: x, weeks: [3, 2]}", 3, "features[0].weeks", "[first, last]"),
        (HEAD + "- {id: a, title: x, weeks: [0, 2]}", 3, "features[0].weeks", "[first, last]"),
        (HEAD + "- {id: a, title: x, owns: src}", 3, "features[0].owns", "a list of texts"),
        (HEAD + "- {id: a, title: x, requires: [b]}", 3, "features[0].requires", "called 'b'"),
        (HEAD + "- {id: a, title: x, requires: [a]}", 3, "features[0].requires", "a -> a"),
        (
            HEAD + "- {id: a, title: x, evidence: [{kind: test}]}",
            3,
            "features[0].evidence[0]",
            "'id' is missing",
        ),
        (
            HEAD + "- {id: a, title: x, evidence: [{id: b, kind: test}, {id: b, kind: test}]}",
            3,
            "features[0].id",
            "'b' stands twice",
        ),
    ],
)
def test_a_broken_checklist_is_told_its_place(tmp_path, text, line, key, words):
    path = write(tmp_path, text)
    with pytest.raises(InvalidTemplate) as caught:
        read_features(path, tied=False)
    assert (caught.value.file, caught.value.line, caught.value.key) == (path, line, key)
    assert words in str(caught.value)


def test_a_circle_is_shown_whole(tmp_path):
    lines = [f"- {{id: {a}, title: x, requires: [{b}]}}\n" for a, b in ("ab", "bc", "ca")]
    path = write(tmp_path, HEAD + "".join(lines))
    with pytest.raises(InvalidTemplate) as caught:
        read_features(path, tied=False)
    assert "runs in a circle" in str(caught.value)
    circle = str(caught.value).split(": ")[-1].split(" -> ")
    assert circle[0] == circle[-1]
    requires = {"a": "b", "b": "c", "c": "a"}
    assert all(requires[one] == other for one, other in pairwise(circle))


@pytest.mark.parametrize("key", ["title: A", "phase: 1", "weeks: [1, 2]", "milestones: [week-6]"])
def test_a_tied_checklist_does_not_repeat_the_roadmap(tmp_path, key):
    path = write(tmp_path, HEAD + f"- id: a\n  {key}\n")
    with pytest.raises(InvalidTemplate, match=f"{key.split(':')[0]}: unknown key"):
        read_features(path, tied=True)


def entry(identity: str, level: Level = Level.MUST) -> RoadmapFeature:
    return RoadmapFeature(
        id=identity,
        title=identity.title(),
        level=level,
        phase=2,
        weeks=Weeks(first=5, last=6),
        milestones=("week-6",),
    )


class Project:
    id = "task-api"

    def __init__(self, *features: RoadmapFeature) -> None:
        self.features = features


class Roadmap:
    id = "backend-first"


def test_title_and_ties_come_from_the_roadmap():
    own = Feature(id="b", title="", owns=("b",)), Feature(id="a", title="")
    tied = tie(own, Roadmap(), Project(entry("a"), entry("b", Level.STRETCH)), file=FILE)
    assert [feature.id for feature in tied] == ["b", "a"]
    assert tied[0] == Feature(
        id="b",
        title="B",
        level=Level.STRETCH,
        phase=2,
        weeks=Weeks(first=5, last=6),
        milestones=("week-6",),
        owns=("b",),
    )


def test_a_feature_that_the_roadmap_lacks_is_an_error():
    with pytest.raises(InvalidTemplate, match=r"x/checklist\.yml: .* has no feature 'b'"):
        tie([Feature(id="b", title="")], Roadmap(), Project(), file=FILE)


def test_a_must_feature_that_the_template_lacks_is_an_error():
    with pytest.raises(
        InvalidTemplate, match=r"x/checklist\.yml: .* has a feature 'a'; it is missing"
    ):
        tie([], Roadmap(), Project(entry("a")), file=FILE)


def test_a_stretch_feature_may_be_missing():
    assert tie([], Roadmap(), Project(entry("a", Level.STRETCH)), file=FILE) == ()


FEATURES = (
    Feature(id="a", title="A"),
    Feature(id="b", title="B", requires=("a",)),
    Feature(id="c", title="C", requires=("a", "b")),
)


def test_features_are_built_in_checklist_order():
    assert select(FEATURES, ["c", "a", "c"]) == ("a", "c")


def test_required_features_that_are_stubs_are_named():
    assert missing_requirements(FEATURES, ("c",)) == {"c": ("a", "b")}
    assert missing_requirements(FEATURES, ("a", "b", "c")) == {}


def test_the_written_checklist_reads_back_the_same(tmp_path):
    features = (
        *FEATURES,
        Feature(
            id="d",
            title="D: ünïcode",
            level=Level.STRETCH,
            phase=1,
            weeks=Weeks(first=1, last=1),
            milestones=("week-6",),
            owns=("d/**",),
            hint="x",
            evidence=(Evidence(id="d.e", kind="file", timeout_s=1, details={"path": "d"}),),
        ),
    )
    path = write(tmp_path, yaml.safe_dump(as_document(features), allow_unicode=True))
    assert read_features(path, tied=False) == features


def test_roadmap_project_has_what_tie_needs():
    assert {"id", "features"} <= set(RoadmapProject.__slots__)
