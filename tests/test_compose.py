"""Layers, files and stubs become one tree in which each path stands once."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffolder.compose import compose
from scaffolder.errors import InvalidTemplate
from scaffolder.models import Feature, Layer, Template
from scaffolder.template import read_layer, read_template
from tests.support.templates import FILES, LAYER, write, write_template


def layers_of(root: Path) -> dict[str, Layer]:
    return {"base": read_layer(root.parent / "layers" / "base")}


def build(root: Path, changes=None, built=(), layer=None):
    root = write_template(root, changes, layer)
    return compose(read_template(root), layers_of(root), built)


def sources(composition, root: Path) -> dict[str, str]:
    return {file.path: str(file.source.relative_to(root.parent)) for file in composition.files}


def test_the_starter_has_stubs_and_no_file_of_a_feature(tmp_path):
    root = tmp_path / "greeter"
    assert sources(build(root), root) == {
        ".gitignore": "layers/base/.gitignore",
        "README.md": "greeter/files/README.md.jinja",
        "acceptance/hello.test.sh": "greeter/files/acceptance/hello.test.sh",
        "src/goodbye/goodbye.sh": "greeter/stubs/goodbye/src/goodbye/goodbye.sh",
        "src/hello/hello.sh": "greeter/stubs/hello/src/hello/hello.sh",
        "src/main.sh": "greeter/files/src/main.sh",
    }


def test_a_built_feature_brings_its_files_and_no_stub(tmp_path):
    root = tmp_path / "greeter"
    found = sources(build(root, built=["goodbye"]), root)
    assert found["Procfile"] == "greeter/files/Procfile"
    assert found["src/goodbye/goodbye.sh"] == "greeter/files/src/goodbye/goodbye.sh"
    assert found["src/hello/hello.sh"] == "greeter/stubs/hello/src/hello/hello.sh"


def test_executable_bits_and_words_are_known(tmp_path):
    found = {file.path: file for file in build(tmp_path / "greeter").files}
    assert [path for path, file in found.items() if file.executable] == ["src/main.sh"]
    assert [path for path, file in found.items() if file.rendered] == ["README.md"]


def owning(*globs: str) -> str:
    return FILES["checklist.yml"].replace("[src/goodbye/**, Procfile]", f"[{', '.join(globs)}]")


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        (
            {"template.yml": FILES["template.yml"].replace("[base]", "[bsae]")},
            "template.yml",
            "no layer is called 'bsae'; did you mean base?",
        ),
        ({"checklist.yml": owning("nowhere/**")}, "checklist.yml", "'goodbye' owns no file"),
        ({"checklist.yml": owning("src/**")}, "checklist.yml", "two owners, 'hello' and 'goodbye'"),
        ({"stubs/hello/src/main.sh": ""}, "stubs/hello/src/main.sh", "does not own this path"),
        ({"stubs/helo/src/x": ""}, "stubs/helo", "stub of no feature; did you mean hello?"),
        (
            {
                "checklist.yml": owning("src/goodbye/**", "src/hello/x"),
                "stubs/hello/src/hello/x": "",
            },
            "stubs/hello/src/hello/x",
            "two owners, 'hello' and 'goodbye'",
        ),
        ({"files/a:b": ""}, "files/a:b", "Windows"),
        ({"files/src/nul.txt": ""}, "files/src/nul.txt", "Windows reserves"),
        ({"files/end.": ""}, "files/end.", "ends in a dot"),
        ({"files/" + "x" * 181: ""}, "x" * 181, "longer than"),
        ({"files/src/MAIN.sh": ""}, "", "differ in case alone"),
        ({"stubs/hello/src/hello/HELLO.sh": ""}, "", "differ in case alone"),
        ({"files/checklist.MD": ""}, "files/checklist.MD", "written by the scaffolder"),
        ({"files/.Scaffolder/x": ""}, "files/.Scaffolder/x", "written by the scaffolder"),
        ({"files/CHECKLIST.md": ""}, "files/CHECKLIST.md", "written by the scaffolder"),
        ({"files/CHECKLIST.md.jinja": ""}, "CHECKLIST.md.jinja", "written by the scaffolder"),
        ({"files/.scaffolder/results.json": ""}, "results.json", "written by the scaffolder"),
        ({"files/.env.jinja": ""}, "files/.env.jinja", "written by the scaffolder"),
        ({"files/{{ x }}.md.jinja": ""}, "{{ x }}.md.jinja", "a path cannot hold Jinja"),
        ({"files/{# x #}.md.jinja": ""}, "{# x #}.md.jinja", "a path cannot hold Jinja"),
        ({"files/README.md": ""}, "README.md.jinja", "claims the same path"),
        ({"files/.jinja": ""}, "files/.jinja", "empty part"),
        ({"files/.gitignore/x": ""}, "files/.gitignore/x", "is a file and a folder"),
        (
            {"files/.gitignore": ".env\n*.sh\n"},
            "files/.gitignore",
            "hides acceptance/hello.test.sh",
        ),
        (
            {"files/.gitignore": ".env\n*.md\n!README.md\n"},
            "files/.gitignore",
            "hides CHECKLIST.md",
        ),
        ({"files/.gitignore": ".*\n!.git*\n"}, "files/.gitignore", "hides .scaffolder/project.yml"),
        ({"files/.gitignore": "node_modules/\n"}, "template.yml", "ignores .env"),
        ({"files/.gitignore": ".env\n!.env\n"}, "template.yml", "ignores .env"),
    ],
)
@pytest.mark.parametrize("built", [(), ("hello", "goodbye")])
def test_a_template_that_breaks_the_format_names_the_file(tmp_path, changes, where, words, built):
    with pytest.raises(InvalidTemplate) as caught:
        build(tmp_path / "greeter", changes, built)
    assert words in str(caught.value)
    assert str(caught.value.file or "").endswith(where)


def test_a_link_in_a_template_is_refused(template):
    (template / "files" / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidTemplate, match="files/link: is neither a file nor a folder"):
        compose(read_template(template), layers_of(template), ())


def test_a_gitignore_that_is_no_utf8_is_refused(template):
    (template / "files" / ".gitignore").write_bytes(b".env\n\xff\n")
    with pytest.raises(InvalidTemplate, match=r"\.gitignore: is not UTF-8"):
        compose(read_template(template), layers_of(template), ())


def test_a_missing_files_folder_is_named(template):
    import shutil

    shutil.rmtree(template / "files")
    with pytest.raises(InvalidTemplate, match="greeter/files: the folder is missing"):
        compose(read_template(template), layers_of(template), ())


def test_a_template_without_secrets_needs_no_gitignore(tmp_path):
    manifest = (
        FILES["template.yml"].replace("secrets: [GREETER_SECRET]\n", "").replace("[base]", "[]")
    )
    found = build(tmp_path / "greeter", {"template.yml": manifest})
    assert ".gitignore" not in {file.path for file in found.files}


def test_digests_follow_the_layers_and_the_suite(tmp_path):
    first = build(tmp_path / "a" / "greeter")
    suite = build(tmp_path / "b" / "greeter", {"files/acceptance/hello.test.sh": "false\n"})
    layer = build(tmp_path / "c" / "greeter", layer=LAYER | {"more": ""})
    assert first.layers == suite.layers != layer.layers
    assert first.suite == layer.suite != suite.suite


# A random template: layer and platform files anywhere, each feature in folders of its own.
SHARED = st.sets(
    st.sampled_from(["a", "b", "src/a", "src/b", "c.jinja", "src/d.jinja"]), max_size=6
)
OWN = st.sets(st.sampled_from(["x", "y", "z/x", "w.jinja"]), min_size=1, max_size=4)
STUB = st.sets(st.sampled_from(["x", "y", "README.md", "z/v"]), max_size=3)


@st.composite
def templates(draw):
    count = draw(st.integers(1, 4))
    features = {f"f{i}": (draw(OWN), draw(STUB)) for i in range(count)}
    return {
        "layers": draw(st.lists(SHARED, max_size=3)),
        "files": draw(SHARED),
        "features": features,
        "built": draw(st.sets(st.sampled_from(sorted(features)))),
        "seed": draw(st.integers(0, 99)),
    }


def lay_down(root: Path, plan, order: random.Random):
    paths = [f"layers/l{i}/{name}" for i, names in enumerate(plan["layers"]) for name in names]
    paths += [f"t/files/{name}" for name in plan["files"]]
    for feature, (own, stub) in plan["features"].items():
        paths += [f"t/files/own/{feature}/{name}" for name in own]
        paths += [f"t/stubs/{feature}/own/{feature}/{name}" for name in stub]
    order.shuffle(paths)
    for path in paths:
        write(root / path, path)
    for i in range(len(plan["layers"])):
        (root / f"layers/l{i}").mkdir(parents=True, exist_ok=True)
    (root / "t/files").mkdir(parents=True, exist_ok=True)
    layers = {f"l{i}": read_layer(root / f"layers/l{i}") for i in range(len(plan["layers"]))}
    features = tuple(
        Feature(id=name, title="", owns=(f"own/{name}/**",)) for name in plan["features"]
    )
    template = Template(
        id="t", version="1.0.0", title="", root=root / "t", layers=tuple(layers), features=features
    )
    return template, layers


def expected(plan) -> dict[str, str]:
    tree = {}
    for i, names in enumerate(plan["layers"]):
        tree |= {name.removesuffix(".jinja"): f"layers/l{i}/{name}" for name in names}
    tree |= {name.removesuffix(".jinja"): f"t/files/{name}" for name in plan["files"]}
    for feature, (own, stub) in plan["features"].items():
        home, names = ("t/files", own) if feature in plan["built"] else (f"t/stubs/{feature}", stub)
        for name in names:
            path = f"own/{feature}/{name}"
            tree[path.removesuffix(".jinja")] = f"{home}/{path}"
    return tree


@settings(max_examples=40)
@given(templates())
def test_each_path_stands_once_with_stubs_exactly_for_what_is_not_built(plan):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        template, layers = lay_down(root, plan, random.Random(plan["seed"]))
        found = compose(template, layers, plan["built"])
        paths = [file.path for file in found.files]
        assert paths == sorted(set(paths))
        assert {file.path: str(file.source.relative_to(root)) for file in found.files} == expected(
            plan
        )
        assert found.built == tuple(name for name in plan["features"] if name in plan["built"])


@settings(max_examples=15)
@given(templates())
def test_no_order_changes_a_composition(plan):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first, layers = lay_down(Path(one), plan, random.Random(1))
        second, again = lay_down(Path(other), plan, random.Random(2))
        second = replace(second, features=tuple(reversed(second.features)))
        a = compose(first, layers, sorted(plan["built"]))
        b = compose(second, dict(reversed(again.items())), sorted(plan["built"], reverse=True))
        assert [(file.path, file.source.relative_to(one), file.rendered) for file in a.files] == [
            (file.path, file.source.relative_to(other), file.rendered) for file in b.files
        ]
        assert (a.layers, a.suite) == (b.layers, b.suite)
