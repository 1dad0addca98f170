"""A generated repository is read from its records; a broken record is named with its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.compose import Composition
from scaffolder.errors import InvalidRecord, NotAProject
from scaffolder.generated import (
    CHECKLIST_FILE,
    PROJECT_FILE,
    find_generated,
    read_generated,
    read_record,
)
from scaffolder.models import Evidence, Feature, Level, Template, Weeks
from scaffolder.records import birth_records
from tests.support.templates import write

PROJECT = """\
schema: 1
template: {id: task-api, version: 1.2.3}
layers: {service: abc}
suite: def
scaffolder: 0.1.0
roadmap: backend-first
project: task-api
engines: {node: '>=24.15 <25'}
services: [postgresql]
built: [crud]
answers: {project_name: hi, port: 3000}
"""
CHECKLIST = """\
schema: 1
features:
  - id: crud
    title: CRUD
    evidence: [{id: crud.create, kind: test}]
"""


@pytest.fixture
def root(tmp_path):
    return whole(tmp_path / "folder")


def whole(root):
    write(root / PROJECT_FILE, PROJECT)
    write(root / CHECKLIST_FILE, CHECKLIST)
    return root


def test_the_records_of_a_repository_are_read(root):
    generated = read_generated(root)
    assert (generated.root, generated.template, generated.version) == (root, "task-api", "1.2.3")
    assert (generated.roadmap, generated.project) == ("backend-first", "task-api")
    assert generated.engines == {"node": ">=24.15 <25"}
    assert (generated.services, generated.built) == (("postgresql",), ("crud",))
    assert generated.answers == {"project_name": "hi", "port": 3000}
    assert generated.name == "hi"
    piece = Evidence(id="crud.create", kind="test")
    assert generated.features == (Feature(id="crud", title="CRUD", evidence=(piece,)),)


def test_a_project_without_roadmap_services_or_name(root):
    write(
        root / PROJECT_FILE,
        "schema: 1\ntemplate: {id: x, version: 1.0.0}\nroadmap: null\nanswers: {}\n",
    )
    generated = read_generated(root)
    assert (generated.roadmap, generated.project) == (None, None)
    assert (generated.engines, generated.services, generated.built) == ({}, (), ())
    assert generated.name == "folder"


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)
FILLED = WORDS.filter(str.strip)
IDS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
LISTS = st.lists(FILLED, max_size=2).map(tuple)

WEEKS = st.lists(st.integers(1, 60), min_size=2, max_size=2).map(
    lambda weeks: Weeks(first=min(weeks), last=max(weeks))
)


@st.composite
def features(draw) -> tuple[Feature, ...]:
    names = draw(st.lists(IDS, unique=True, max_size=3))
    found = []
    for name in names:
        found.append(
            Feature(
                id=name,
                title=draw(FILLED),
                level=draw(st.sampled_from(Level)),
                phase=draw(st.none() | st.integers(1, 9)),
                weeks=draw(st.none() | WEEKS),
                milestones=draw(LISTS),
                requires=tuple(draw(st.lists(st.sampled_from(names[: len(found)]), max_size=2)))
                if found
                else (),
                owns=draw(LISTS),
                hint=draw(st.just("") | FILLED),
                evidence=tuple(
                    Evidence(
                        id=f"{name}.{number}",
                        kind=draw(FILLED),
                        level=draw(st.sampled_from(Level)),
                        timeout_s=draw(st.none() | st.integers(1, 900)),
                        services=draw(LISTS),
                        details=draw(
                            st.dictionaries(
                                st.sampled_from(["path", "run"]), FILLED | st.booleans()
                            )
                        ),
                    )
                    for number in range(draw(st.integers(0, 2)))
                ),
            )
        )
    return tuple(found)


@given(
    features(),
    st.dictionaries(IDS, WORDS | st.integers() | st.booleans(), max_size=3),
    st.dictionaries(IDS, FILLED, max_size=2),
    LISTS,
    st.none() | FILLED,
)
def test_what_is_written_at_birth_reads_back_the_same(
    tmp_path, features, answers, engines, services, roadmap
):
    template = Template(
        id="task-api",
        version="1.2.3",
        title="x",
        root=Path("/nowhere"),
        roadmap=roadmap,
        engines=engines,
        services=services,
    )
    composition = Composition(files=(), built=("crud",), layers={"service": "abc"}, suite="def")
    for path, text in birth_records(template, composition, answers, features, "").items():
        write(tmp_path / path, text)
    generated = read_generated(tmp_path)
    assert generated.features == features
    assert generated.answers == answers
    assert generated.engines == engines
    assert generated.services == services
    assert generated.roadmap == roadmap
    assert (generated.template, generated.version, generated.built) == (
        *("task-api", "1.2.3"),
        ("crud",),
    )


@pytest.mark.parametrize("place", ["", "src", "src/deep", ".scaffolder"])
def test_a_repository_is_found_from_any_folder_in_it(root, place):
    (root / "src" / "deep").mkdir(parents=True)
    assert find_generated(root / place) == root


def test_it_is_found_from_where_the_user_stands(root, monkeypatch):
    monkeypatch.chdir(root)
    assert find_generated(Path()) == root
    (root / "src").mkdir()
    monkeypatch.chdir(root / "src")
    assert find_generated(Path()) == root


def test_the_nearest_repository_is_found(root):
    inner = root / "inner"
    write(inner / PROJECT_FILE, PROJECT)
    assert find_generated(inner) == inner


@pytest.mark.parametrize("lost", [PROJECT_FILE, CHECKLIST_FILE])
def test_a_repository_that_lost_a_record_is_found_and_the_record_is_named(root, lost):
    (root / lost).unlink()
    assert find_generated(root) == root
    with pytest.raises(InvalidRecord, match="cannot be read: No such file") as caught:
        read_generated(root)
    assert caught.value.file == root / lost


@pytest.mark.parametrize("name", ["", "missing", "file"])
def test_elsewhere_there_is_none(tmp_path, name):
    write(tmp_path / "file", "")
    with pytest.raises(NotAProject) as caught:
        find_generated(tmp_path / name)
    assert str(tmp_path / name) in caught.value.what
    assert PROJECT_FILE in caught.value.why
    assert caught.value.mend


CONFLICT = "<<<<<<< HEAD\nschema: 1\n=======\nschema: 2\n>>>>>>> other\n"

# The file to break, its new text, then key, line and words of the error.
BROKEN = {
    "project with a conflict": (PROJECT_FILE, CONFLICT, "", 2, "YAML"),
    "checklist with a conflict": (CHECKLIST_FILE, CHECKLIST + CONFLICT, "", 7, "YAML"),
    "project is empty": (PROJECT_FILE, "", "", None, "is empty"),
    "checklist is a comment": (CHECKLIST_FILE, "# nothing\n", "", None, "is empty"),
    "project is a list": (PROJECT_FILE, "- a\n", "", 1, "must be a mapping"),
    "project is no YAML": (PROJECT_FILE, "a: b\n\tc: d\n", "", 2, "YAML"),
    "newer project": (PROJECT_FILE, PROJECT.replace("schema: 1", "schema: 2"), "schema", 1, "1"),
    "newer checklist": (CHECKLIST_FILE, "schema: 2\nfeatures: []\n", "schema", 1, "must be 1"),
    "no schema": (PROJECT_FILE, "template: {}\n", "", 1, "'schema' is missing"),
    "schema is a text": (PROJECT_FILE, "schema: '1'\n", "schema", 1, "a whole number"),
    "schema is true": (PROJECT_FILE, "schema: true\n", "schema", 1, "a whole number"),
    "unknown key": (PROJECT_FILE, PROJECT + "anwsers: {}\n", "anwsers", 12, "did you mean answers"),
    "key twice": (PROJECT_FILE, PROJECT + "built: []\n", "", 12, "stands twice"),
    "template is a text": (
        PROJECT_FILE,
        "schema: 1\ntemplate: x\nanswers: {}\n",
        "template",
        2,
        "must be a mapping",
    ),
    "template without version": (
        PROJECT_FILE,
        "schema: 1\nanswers: {}\ntemplate:\n  id: x\n",
        "template",
        4,
        "'version' is missing",
    ),
    "built is a text": (
        PROJECT_FILE,
        PROJECT.replace("[crud]", "crud"),
        "built",
        10,
        "a list of texts",
    ),
    "services of numbers": (
        PROJECT_FILE,
        PROJECT.replace("[postgresql]", "[1]"),
        "services",
        9,
        "a list of texts",
    ),
    "engine is a number": (
        PROJECT_FILE,
        PROJECT.replace("'>=24.15 <25'", "24"),
        "engines.node",
        8,
        "must be a text",
    ),
    "answers are a list": (
        PROJECT_FILE,
        PROJECT.replace("{project_name: hi, port: 3000}", "[]"),
        "answers",
        11,
        "must be a mapping",
    ),
    "roadmap is a number": (
        PROJECT_FILE,
        PROJECT.replace("backend-first", "7"),
        "roadmap",
        6,
        "must be a text",
    ),
    "feature without title": (
        CHECKLIST_FILE,
        "schema: 1\nfeatures:\n  - id: a\n",
        "features[0]",
        3,
        "'title' is missing",
    ),
    "weeks in the wrong order": (
        CHECKLIST_FILE,
        CHECKLIST + "    weeks: [6, 5]\n",
        "features[0].weeks",
        6,
        "must be [first, last]",
    ),
    "requires what is not there": (
        CHECKLIST_FILE,
        CHECKLIST + "    requires: [auth]\n",
        "features[0].requires",
        6,
        "'auth'",
    ),
    "features is a mapping": (
        CHECKLIST_FILE,
        "schema: 1\nfeatures: {}\n",
        "features",
        2,
        "must be a list",
    ),
}


@pytest.mark.parametrize(("file", "text", "key", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_record_is_named_with_file_key_and_line(root, file, text, key, line, words):
    write(root / file, text)
    with pytest.raises(InvalidRecord) as caught:
        read_generated(root)
    error = caught.value
    assert (error.file, error.key, error.line) == (root / file, key, line)
    assert words in error.bare


@pytest.mark.parametrize("file", [PROJECT_FILE, CHECKLIST_FILE])
def test_a_newer_record_asks_for_a_newer_scaffolder(root, file):
    write(root / file, (root / file).read_text().replace("schema: 1", "schema: 2"))
    with pytest.raises(InvalidRecord) as caught:
        read_generated(root)
    assert caught.value.mend == "upgrade portfolio-scaffolder"


@pytest.mark.parametrize("file", [PROJECT_FILE, CHECKLIST_FILE])
def test_a_record_that_is_no_text_file(root, file):
    (root / file).write_bytes(b"schema: 1\n\xff\xfe\n")
    with pytest.raises(InvalidRecord, match="is not UTF-8"):
        read_generated(root)
    (root / file).unlink()
    (root / file).mkdir()
    with pytest.raises(InvalidRecord, match="cannot be read: Is a directory"):
        read_generated(root)
    (root / file).rmdir()
    (root / file).symlink_to(file.rpartition("/")[2])
    with pytest.raises(InvalidRecord, match="cannot be read: Too many levels"):
        read_generated(root)


NESTED = """
import sys
from pathlib import Path
from scaffolder.errors import InvalidRecord
from scaffolder.generated import read_record
try:
    read_record(Path(sys.argv[1]), ("schema", "answers")).value("answers")
except InvalidRecord:
    print("invalid")
"""


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("- ", "")])
def test_a_record_that_is_nested_too_deep(tmp_path, opening, closing, depth):
    """In a process of its own, since a stack that is full ends the process."""
    write(tmp_path / "deep.yml", f"schema: 1\nanswers:\n {opening * depth}x{closing * depth}")
    file = tmp_path / "deep.yml"
    done = subprocess.run(
        [sys.executable, "-c", NESTED, str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "invalid\n"), done.stderr[-300:]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.floats()
    | st.dates()
    | st.text(max_size=8)
    | st.binary(max_size=4)
    | st.sampled_from(["crud", "must", "test"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "version", "evidence", "kind", "weeks", "phase", "x"])
            | st.integers(0, 3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
KEYS = st.sampled_from(
    [*yaml.safe_load(PROJECT), "features", "owns", "requires", "milestones", "level", "hint"]
)


@given(st.sampled_from([PROJECT_FILE, CHECKLIST_FILE]), st.dictionaries(KEYS, VALUES, max_size=6))
def test_records_of_any_values_are_read_or_refused(root, file, values):
    whole(root)
    base = yaml.safe_load(PROJECT if file == PROJECT_FILE else CHECKLIST)
    write(root / file, yaml.safe_dump(base | values))
    try:
        read_generated(root)
    except InvalidRecord as error:
        assert error.file == root / file


@given(VALUES, st.sampled_from(["crud", "evidence"]), KEYS)
def test_checklists_of_any_values_are_read_or_refused(root, value, where, key):
    document = yaml.safe_load(CHECKLIST)
    feature = document["features"][0]
    (feature if where == "crud" else feature["evidence"][0])[key] = value
    write(root / CHECKLIST_FILE, yaml.safe_dump(document))
    try:
        read_generated(root)
    except InvalidRecord as error:
        assert error.file == root / CHECKLIST_FILE


ODD = [
    "&a [*a]",
    "&a {b: *a}",
    "!!python/none x",
    "!x y",
    "{<<: *b}",
    "? [a]\n: b",
    "0x",
    "1_000:2",
]


@given(
    st.sampled_from([PROJECT_FILE, CHECKLIST_FILE]),
    st.binary(max_size=60)
    | st.text(max_size=60).map(os.fsencode)
    | st.sampled_from(ODD).map(str.encode),
    st.booleans(),
)
def test_records_of_any_bytes_are_read_or_refused(root, file, content, as_answers):
    start = b"schema: 1\nanswers: " if as_answers else b""
    (whole(root) / file).write_bytes(start + content)
    try:
        read_generated(root)
    except InvalidRecord as error:
        assert error.file == root / file


def test_a_record_knows_only_its_keys(tmp_path):
    write(tmp_path / "a.yml", "schema: 1\nb: 2\n")
    assert read_record(tmp_path / "a.yml", ("schema", "b")).integer("b") == 2
    with pytest.raises(InvalidRecord, match="unknown key"):
        read_record(tmp_path / "a.yml", ("schema",))
