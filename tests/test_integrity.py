"""Whether what judges a project is what its template brought, and a copy that it surely judges."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.errors import InvalidRecord, ScaffolderError
from scaffolder.generated import CHECKLIST_FILE, read_generated
from scaffolder.integrity import copy_with, differences, judges_from, judges_in, judges_of
from scaffolder.models import Evidence, Feature
from scaffolder.plugins import load_plugins
from scaffolder.records import checklist_text
from scaffolder.repository import pristine_files
from scaffolder.workflows.create import CreateRequest, create, plan
from tests.support.runs import contents, snapshot
from tests.support.templates import write

FEATURES = (
    Feature(id="crud", title="CRUD", evidence=(Evidence(id="crud.create", kind="test"),)),
    Feature(id="auth", title="Auth"),
)
SCRIPTS = {"start": "node src/main.ts", "acceptance": "node acceptance/support/run.ts"}
FILES = {
    ".gitignore": "node_modules/\n.env\n*.log\n",
    ".env": "SECRET=1",
    "acceptance/crud.test.ts": "assert(true)",
    "acceptance/support/run.ts": "run()",
    "acceptance/support/empty.ts": "",
    "src/main.ts": "main()",
    "node_modules/x/index.js": "x",
    "package.json": json.dumps({"name": "hi", "scripts": SCRIPTS}, indent=4),
    CHECKLIST_FILE: checklist_text(FEATURES),
}


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "project"
    for path, text in FILES.items():
        write(root / path, text)
    return root


@pytest.fixture
def judges(root):
    """What judges the project before anything is changed."""
    return judges_in(root, FEATURES)


def manifest(root, **changes):
    document = json.loads((root / "package.json").read_text())
    write(root / "package.json", json.dumps(document | changes))


def scripts(root, **changes):
    manifest(root, scripts=SCRIPTS | changes)


def relink(root, path, target):
    (root / path).unlink()
    (root / path).symlink_to(target)


def link_to_the_same(root):
    write(root / "copy.ts", FILES["acceptance/crud.test.ts"])
    relink(root, "acceptance/crud.test.ts", "../copy.ts")


def move_behind_a_link(root):
    (root / "acceptance").rename(root / "elsewhere")
    (root / "acceptance").symlink_to("elsewhere")


def ignored_addition(root):
    write(root / ".gitignore", FILES[".gitignore"] + "acceptance/extra.test.ts\n")
    write(root / "acceptance/extra.test.ts", "forge()")


def ignored_edit(root):
    write(root / ".gitignore", FILES[".gitignore"] + "acceptance/crud.test.ts\n")
    write(root / "acceptance/crud.test.ts", "forge()")


SCRIPT = "package.json: scripts.acceptance"
CRUD, RUN, EMPTY = (
    f"acceptance/{name}" for name in ("crud.test.ts", "support/run.ts", "support/empty.ts")
)
CHANGES = {
    "nothing": (lambda root: None, ()),
    "edited": (lambda root: write(root / CRUD, "assert(false)"), (CRUD,)),
    "emptied": (lambda root: write(root / CRUD, ""), (CRUD,)),
    "one byte": (lambda root: write(root / CRUD, "assert(true)\n"), (CRUD,)),
    "added": (lambda root: write(root / "acceptance/x.ts", ""), ("acceptance/x.ts",)),
    "removed": (lambda root: (root / RUN).unlink(), (RUN,)),
    "renamed": (
        lambda root: (root / CRUD).rename(root / "acceptance/z.ts"),
        (CRUD, "acceptance/z.ts"),
    ),
    "link": (lambda root: relink(root, CRUD, "../src/main.ts"), (CRUD,)),
    "link to the same content": (link_to_the_same, (CRUD,)),
    "link for an empty file": (lambda root: relink(root, EMPTY, "../../src/main.ts"), (EMPTY,)),
    "the whole suite behind a link": (move_behind_a_link, tuple(sorted((CRUD, RUN, EMPTY)))),
    "an ignored file": (ignored_addition, ("acceptance/extra.test.ts",)),
    "an edited file that is ignored": (ignored_edit, (CRUD,)),
    "script": (lambda root: scripts(root, acceptance="true"), (SCRIPT,)),
    "before the script": (lambda root: scripts(root, preacceptance="x"), (SCRIPT,)),
    "after the script": (lambda root: scripts(root, postacceptance="x"), (SCRIPT,)),
    "no script": (lambda root: manifest(root, scripts={}), (SCRIPT,)),
    "no scripts": (lambda root: manifest(root, scripts=None), (SCRIPT,)),
    "scripts are a list": (lambda root: manifest(root, scripts=["x"]), (SCRIPT,)),
    "no manifest": (lambda root: (root / "package.json").unlink(), (SCRIPT,)),
    "broken manifest": (lambda root: write(root / "package.json", "{"), (SCRIPT,)),
    "list for a manifest": (lambda root: write(root / "package.json", "[]"), (SCRIPT,)),
    "deep manifest": (lambda root: write(root / "package.json", "[" * 100_000), (SCRIPT,)),
    "folder for a manifest": (
        lambda root: (root / "package.json").unlink() or (root / "package.json").mkdir(),
        (SCRIPT,),
    ),
    "another script": (lambda root: scripts(root, start="x", test="y"), ()),
    "another layout of the manifest": (lambda root: manifest(root, version="2.0.0"), ()),
    "own code": (lambda root: write(root / "src/main.ts", "mine()"), ()),
    "a file beside the suite": (lambda root: write(root / "acceptance.md", "x"), ()),
}


@pytest.mark.parametrize(("change", "found"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_in_the_judges_is_found(root, judges, change, found):
    change(root)
    assert differences(judges_in(root, FEATURES), judges) == found
    assert differences(judges, judges_in(root, FEATURES)) == found


@pytest.mark.parametrize(
    "features",
    [
        FEATURES[:1],
        FEATURES[::-1],
        (replace(FEATURES[0], evidence=()), FEATURES[1]),
        (replace(FEATURES[0], requires=("auth",)), FEATURES[1]),
        (replace(FEATURES[0], evidence=(Evidence(id="crud.create", kind="file"),)), FEATURES[1]),
    ],
    ids=["fewer features", "another order", "no evidence", "requires", "another kind"],
)
def test_what_was_changed_in_the_checklist_is_found(root, judges, features):
    assert differences(judges_in(root, features), judges) == (CHECKLIST_FILE,)


def test_words_around_the_checklist_are_no_change(root, judges):
    write(root / CHECKLIST_FILE, "# mine\n" + FILES[CHECKLIST_FILE])
    assert differences(judges_in(root, FEATURES), judges) == ()


def test_all_differences_are_named_at_once_and_sorted(root, judges):
    write(root / RUN, "x")
    write(root / "acceptance/a.ts", "x")
    scripts(root, acceptance="true")
    found = differences(judges_in(root, FEATURES[:1]), judges)
    assert found == (CHECKLIST_FILE, "acceptance/a.ts", RUN, SCRIPT)


@given(st.dictionaries(st.sampled_from(["acceptance", "preacceptance", "test"]), st.text()))
def test_a_script_of_any_text_is_the_same_as_itself_alone(root, scripts):
    manifest(root, scripts={})
    without = judges_in(root, FEATURES)
    manifest(root, scripts=scripts)
    mine = judges_in(root, FEATURES)
    assert differences(mine, judges_in(root, FEATURES)) == ()
    changed = bool(scripts.keys() - {"test"})
    assert differences(mine, without) == ((SCRIPT,) if changed else ())


def test_the_files_of_a_commit_judge_as_the_folder_does(root, judges):
    files = {path: entry[2] for path, entry in snapshot(root).items() if entry[0] == "file"}
    assert judges_from(files) == judges


@pytest.mark.parametrize("text", [None, b"", b"\xff", b"schema: 2\nfeatures: []\n", b"{"])
def test_the_files_of_a_commit_with_a_broken_checklist(text):
    with pytest.raises(InvalidRecord):
        judges_from({CHECKLIST_FILE: text} if text is not None else {"a": b""})


@pytest.fixture
def copy(root, judges, tmp_path):
    def copy():
        copy_with(judges, root, tmp_path / "copy")
        return tmp_path / "copy"

    return copy


def test_a_copy_is_judged_by_the_template_and_is_otherwise_the_project(root, judges, copy):
    write(root / CRUD, "forged")
    (root / RUN).unlink()
    write(root / "acceptance/forged.test.ts", "forged")
    relink(root, EMPTY, "../../src/main.ts")
    write(root / CHECKLIST_FILE, checklist_text(FEATURES[:1]))
    scripts(root, acceptance="true", preacceptance="forge", start="mine", test="mine")
    write(root / "src/main.ts", "mine()")
    before = snapshot(root)
    made = copy()
    assert snapshot(root) == before
    assert judges_in(made, FEATURES) == judges
    assert not (made / EMPTY).is_symlink()
    assert (made / CHECKLIST_FILE).read_text() == FILES[CHECKLIST_FILE]
    assert (made / "src/main.ts").read_text() == "mine()"
    assert json.loads((made / "package.json").read_text()) == {
        "name": "hi",
        "scripts": {"start": "mine", "test": "mine", "acceptance": SCRIPTS["acceptance"]},
    }


def test_ignored_files_and_git_are_not_copied(root, copy):
    write(root / ".git/HEAD", "x")
    write(root / "src/debug.log", "x")
    made = {path for path, entry in snapshot(copy()).items() if entry[0] != "folder"}
    assert made == FILES.keys() - {".env", "node_modules/x/index.js"}


def test_modes_links_and_bytes_are_kept(root, copy):
    (root / "run.sh").write_bytes(b"\xff\x00")
    (root / "run.sh").chmod(0o755)
    (root / "private").write_text("x")
    (root / "private").chmod(0o600)
    for name, target in {
        "file": "src/main.ts",
        "folder": "src",
        "lost": "gone",
        "away": "/etc/passwd",
    }.items():
        (root / name).symlink_to(target)
    (root / os.fsdecode(b"\xff \n")).write_text("x")
    there, here = contents(copy()), contents(root)
    paths = here.keys() - {"node_modules", "node_modules/x", "node_modules/x/index.js"}
    assert there.keys() == paths
    assert {path for path in paths if there[path] != here[path]} == {"package.json"}


@pytest.mark.parametrize("path", [CHECKLIST_FILE, "package.json"])
def test_nothing_is_written_through_a_link_to_a_file(root, copy, tmp_path, path):
    (root / path).rename(tmp_path / "precious")
    before = (tmp_path / "precious").read_bytes()
    (root / path).symlink_to(tmp_path / "precious")
    copied = copy() / path
    assert (tmp_path / "precious").read_bytes() == before
    assert not copied.is_symlink()


@pytest.mark.parametrize("name", ["acceptance", ".scaffolder", "acceptance/support"])
def test_nothing_is_written_through_a_link_to_a_folder(root, judges, copy, tmp_path, name):
    """The suite of a project may stand elsewhere; it is the user's, and not ours to change."""
    (root / name).rename(tmp_path / "precious")
    (root / name).symlink_to(tmp_path / "precious")
    for path in ("crud.test.ts", "support/run.ts", "run.ts", "checklist.yml"):
        if (tmp_path / "precious" / path).exists():
            write(tmp_path / "precious" / path, "mine")
    before = snapshot(tmp_path / "precious")
    made = copy()
    assert snapshot(tmp_path / "precious") == before
    assert judges_in(made, FEATURES) == judges


@pytest.mark.parametrize("name", ["acceptance", ".scaffolder"])
def test_a_link_to_nowhere_is_replaced(root, judges, copy, tmp_path, name):
    (root / name).rename(tmp_path / "moved")
    (root / name).symlink_to("nowhere")
    assert judges_in(copy(), FEATURES) == judges


def test_a_file_in_place_of_the_suite_is_replaced(root, judges, copy, tmp_path):
    (root / "acceptance").rename(tmp_path / "moved")
    write(root / "acceptance", "a file")
    assert judges_in(copy(), FEATURES) == judges


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b'{"scripts": []}', b'{"scripts": null}', b"\xff", b"[" * 100_000],
    ids=["empty", "no JSON", "list", "text", "scripts list", "scripts null", "no text", "deep"],
)
def test_a_manifest_that_is_broken_is_named_or_mended(root, judges, copy, content):
    (root / "package.json").write_bytes(content)
    try:
        assert judges_in(copy(), FEATURES) == judges
    except ScaffolderError as error:
        assert "package.json" in str(error)


def test_a_manifest_that_is_missing_is_named_or_made(root, judges, copy):
    (root / "package.json").unlink()
    try:
        assert judges_in(copy(), FEATURES) == judges
    except ScaffolderError as error:
        assert "package.json" in str(error)


def test_a_project_that_needs_no_manifest_gets_none(root, tmp_path):
    """A template need not be one for Node."""
    (root / "package.json").unlink()
    copy_with(judges_in(root, FEATURES), root, tmp_path / "copy")
    assert not (tmp_path / "copy" / "package.json").exists()


ANSWERS = {"project_name": "hi", "description": "x", "author_name": "y", "port": 3000}


@pytest.fixture
def generate(installed, work):
    """Generate a project; give it as its records describe it, with the plugins."""

    def generate(built=()):
        plugins = load_plugins()
        template = plugins.template("greeter")
        request = CreateRequest(
            template=template, destination=work / "hi", answers=ANSWERS, built=built
        )
        create(plan(request, plugins), plugins)
        return read_generated(work / "hi"), plugins

    return generate


def of(generated, plugins):
    template = plugins.template("greeter")
    return judges_of(generated, template, plugins.features(template), plugins.layers())


@pytest.mark.parametrize("built", [(), ("hello",), ("hello", "goodbye")])
def test_the_template_judges_as_the_project_that_it_generated(generate, identity, built):
    generated, plugins = generate(built)
    mine = judges_in(generated.root, generated.features)
    assert mine.suite.keys() == {"acceptance/hello.test.sh"}
    assert of(generated, plugins) == mine
    assert judges_from(pristine_files(generated.root)) == mine


MANIFEST = """\
{"name": "{{ project_name }}", "scripts": {"acceptance": "sh acceptance/run.sh {{ port }}"}}
"""


def test_a_manifest_with_the_words_of_its_user_is_compared_as_it_was_rendered(
    template, generate, identity
):
    write(template / "files/package.json.jinja", MANIFEST)
    generated, plugins = generate()
    mine = judges_in(generated.root, generated.features)
    assert json.loads(mine.script) == {"acceptance": "sh acceptance/run.sh 3000"}
    assert of(generated, plugins) == mine
    write(generated.root / "package.json", '{"scripts": {"acceptance": "true"}}')
    found = differences(judges_in(generated.root, generated.features), of(generated, plugins))
    assert found == (SCRIPT,)


def test_comparing_leaves_nothing_behind_and_touches_nothing(generate, monkeypatch, tmp_path):
    generated, plugins = generate()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    before = snapshot(generated.root)
    of(generated, plugins)
    assert snapshot(generated.root) == before
    assert snapshot(tmp_path / "temporary") == {}
