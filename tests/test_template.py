"""Templates and layers as folders: what may stand in them, and what is never part of them."""

from __future__ import annotations

import os

import pytest

from scaffolder.errors import InvalidTemplate
from scaffolder.models import Question
from scaffolder.template import digest, read_layer, read_template, tree_files
from tests.support.templates import FILES, write, write_template

MANIFEST = FILES["template.yml"]


def test_a_template_is_read_whole(template):
    found = read_template(template)
    assert (found.id, found.version, found.title) == ("greeter", "1.2.0", "Greeter")
    assert (found.layers, found.secrets, found.next) == (
        ("base",),
        ("GREETER_SECRET",),
        ("make run",),
    )
    assert [feature.id for feature in found.features] == ["hello", "goodbye"]
    assert found.questions[0] == Question(
        name="project_name", type="str", help="The project's name"
    )
    assert [question.name for question in found.questions] == [
        "project_name",
        "description",
        "author_name",
        "port",
    ]


@pytest.mark.parametrize(
    ("file", "text", "line", "key", "words"),
    [
        ("template.yml", "{", 2, "", "not valid YAML"),
        ("template.yml", MANIFEST.replace("1.2.0", "one"), 3, "version", "no semantic version"),
        ("template.yml", MANIFEST.replace("1.2.0", "1.2"), 3, "version", "must be a text"),
        ("template.yml", MANIFEST.replace("id: greeter", "id: other"), 2, "id", "'greeter'"),
        ("template.yml", MANIFEST.replace("id: greeter", "id: Greeter"), 2, "id", "is no id"),
        ("template.yml", MANIFEST + "layrs: []\n", 8, "layrs", "did you mean layers?"),
        ("template.yml", MANIFEST.replace("schema: 1", "schema: 9"), 1, "schema", "must be 1"),
        ("template.yml", MANIFEST + "engines: {node: 24}\n", 8, "engines.node", "must be a text"),
        ("template.yml", MANIFEST + "engines: [node]\n", 8, "engines", "must be a mapping"),
        ("template.yml", MANIFEST + "project: task-api\n", 1, "", "'roadmap' is missing"),
        ("copier.yml", "_tasks: [rm -rf /]\n", 1, "_tasks", "settings of Copier"),
        ("copier.yml", "Name: {type: str}\n", 1, "Name", "small letters"),
        ("copier.yml", "name: str\n", 1, "name", "must be a mapping"),
        ("copier.yml", "name: {type: yaml}\n", 1, "name.type", "'yaml' is unknown"),
        ("copier.yml", "name: {default: [1]}\n", 1, "name.default", "must be a text, a number"),
        ("copier.yml", "name: {secret: true}\n", 1, "name.secret", "unknown key"),
        ("copier.yml", "a: {}\nn: {type: int, choices: ['1']}\n", 2, "n.choices", "of type str"),
        ("checklist.yml", "features: [\n", 2, "", "not valid YAML"),
    ],
)
def test_a_broken_template_is_told_its_place(tmp_path, file, text, line, key, words):
    root = write_template(tmp_path / "greeter", {file: text})
    with pytest.raises(InvalidTemplate) as caught:
        read_template(root)
    assert (caught.value.file, caught.value.line, caught.value.key) == (root / file, line, key)
    assert words in str(caught.value)


@pytest.mark.parametrize("file", ["template.yml", "copier.yml", "checklist.yml"])
def test_a_missing_file_is_named(tmp_path, file):
    root = write_template(tmp_path / "greeter", {file: None})
    with pytest.raises(InvalidTemplate, match=f"{file}: cannot be read"):
        read_template(root)


def test_a_layer_is_a_folder(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "file").touch()
    assert read_layer(tmp_path / "base").id == "base"
    for name in ("file", "missing"):
        with pytest.raises(InvalidTemplate, match="is no folder"):
            read_layer(tmp_path / name)


def test_what_work_in_a_template_leaves_behind_is_no_part_of_it(tmp_path):
    for path in ("node_modules/a", "src/__pycache__/a", ".git/HEAD", ".DS_Store", ".env", "dist/a"):
        write(tmp_path / path, "")
    for path in ("b", "a/c", "a/b", ".hidden/x"):
        write(tmp_path / path, "")
    assert [path for path, _ in tree_files(tmp_path)] == [".hidden/x", "a/b", "a/c", "b"]


@pytest.mark.parametrize("target", ["a", "missing", "/etc/passwd", "folder"])
def test_a_link_in_a_template_is_refused(tmp_path, target):
    write(tmp_path / "a", "")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(InvalidTemplate, match="link: is neither a file nor a folder"):
        list(tree_files(tmp_path))


def test_a_pipe_in_a_template_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidTemplate, match="pipe: is neither"):
        list(tree_files(tmp_path))


def changed(root):
    return digest(tree_files(root))


def test_the_digest_knows_paths_bytes_and_executable_bits_only(tmp_path):
    write(tmp_path / "a/b", "x")
    before = changed(tmp_path)
    os.utime(tmp_path / "a/b", (0, 0))
    (tmp_path / "a/b").chmod(0o600)
    assert changed(tmp_path) == before
    (tmp_path / "a/b").chmod(0o755)
    executable = changed(tmp_path)
    write(tmp_path / "a/b", "y")
    edited = changed(tmp_path)
    (tmp_path / "a/b").rename(tmp_path / "a/c")
    assert len({before, executable, edited, changed(tmp_path)}) == 4
