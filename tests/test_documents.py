"""Whatever stands in a YAML file, the complaint is of the class asked for and names the place."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaffolder.documents import Table, read_document
from scaffolder.errors import DataProblem, InvalidRoadmap, InvalidTemplate

PIECES = st.sampled_from(
    [
        *("a", "b: ", "- ", "? ", "\n", "  ", "\t", "'", '"', "[", "]", "{", "}", ",", ": "),
        *(
            "&x ",
            "*x",
            "<<: ",
            "!!int ",
            "!!float ",
            "!!binary ",
            "!!timestamp ",
            "!!set ",
            "!!bool ",
        ),
        *(
            "!!python/object:os.system ",
            "!foo ",
            "---\n",
            "...\n",
            "# c\n",
            "| \n",
            ">-\n",
            "%YAML 1.1\n",
        ),
        *(
            "2020-13-45",
            "0b",
            "0b_",
            "0x",
            "1_0",
            ".inf",
            ".nan",
            "null",
            "~",
            "yes",
            "1:60",
            "\\",
            "é",
            "\x07",
            "\ufeff",
        ),
    ]
)
DOCUMENTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40)


def write(folder, text):
    path = folder / "document.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


def use(table: Table) -> None:
    """Ask for everything that can be asked, and for every table below."""
    for name in [*table.nodes, "missing"]:
        for ask in (
            table.value,
            table.text,
            table.integer,
            table.texts,
            table.integers,
            lambda name: table.choice(name, ("a", "b")),
        ):
            attempt(table, lambda ask=ask, name=name: ask(name))
        for found in (
            attempt(table, lambda name=name: [table.table(name)]),
            attempt(table, lambda name=name: table.tables(name)),
        ):
            for below in found or ():
                use(below)
    attempt(table, lambda: table.only("a"))


def attempt(table, ask):
    try:
        return ask()
    except DataProblem as error:
        assert type(error) is table.error
        assert error.file == table.file
        assert error.line
        assert str(error).startswith(f"{table.file}:{error.line}")


@given(DOCUMENTS)
@example("a: 2020-13-45")
@example("a: !!int x")
@example("a: !!timestamp x")
@example("a: !!bool x")
@example("a: !foo x")
@example("a: 0b_")
@example("a: {[1]: 2}")
@example("a: " + "9" * 5000)
@example("a: &x {b: 1}\nc: {<<: 1}")
@example("[1]: a")
@example("a: 1\na: 2")
@example("- a")
@example("a: \x00")
def test_random_text_raises_nothing_but_the_class_asked_for(folder, text):
    path = write(folder, text)
    try:
        table = read_document(path, InvalidRoadmap)
    except DataProblem as error:
        assert type(error) is InvalidRoadmap
        assert error.file == path
        assert str(error).startswith(str(path))
    else:
        use(table)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_values_come_back_as_they_were_written(folder, content):
    import yaml

    table = read_document(write(folder, yaml.safe_dump(content)), DataProblem)
    texts = {str(yaml.safe_load(yaml.safe_dump(name))): value for name, value in content.items()}
    assert {name: table.value(name) for name in table.nodes} == texts


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1\nb: 2", 2, "not valid YAML"),
        ("a: 1\n\tb: 2", 2, "not valid YAML"),
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands twice"),
        ("- a", 1, "must be a mapping"),
        ("a", 1, "must be a mapping"),
        ("a: 1\n---\nb: 2", 2, "not valid YAML"),
        ("a: 1\n[x]: 2", 2, "a key must be a text"),
    ],
)
def test_a_broken_document_is_told_file_and_line(folder, text, line, words):
    path = write(folder, text)
    with pytest.raises(InvalidTemplate) as caught:
        read_document(path, InvalidTemplate)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"), [("", "is empty"), ("# only a comment\n", "is empty"), ("a: \x00", "YAML")]
)
def test_a_document_without_a_line_is_told_its_file(folder, text, words):
    path = write(folder, text)
    with pytest.raises(InvalidTemplate, match=words) as caught:
        read_document(path, InvalidTemplate)
    assert str(caught.value).startswith(f"{path}: ")


def test_bytes_that_are_no_utf8(folder):
    path = folder / "latin.yml"
    path.write_bytes(b"a: caf\xe9\n")
    with pytest.raises(InvalidTemplate, match=r"latin\.yml: is not UTF-8"):
        read_document(path, InvalidTemplate)


@pytest.mark.parametrize("name", ["missing.yml", "."])
def test_a_file_that_cannot_be_read(folder, name):
    with pytest.raises(InvalidTemplate, match="cannot be read"):
        read_document(folder / name, InvalidTemplate)


@pytest.mark.parametrize(
    ("ask", "line", "key", "words"),
    [
        (lambda table: table.text("number"), 2, "number", "must be a text"),
        (lambda table: table.text("empty"), 3, "empty", "must be a text"),
        (lambda table: table.integer("word"), 1, "word", "must be a whole number"),
        (lambda table: table.integer("truth"), 4, "truth", "must be a whole number"),
        (lambda table: table.texts("word"), 1, "word", "must be a list of texts"),
        (lambda table: table.texts("mixed"), 5, "mixed", "must be a list of texts"),
        (lambda table: table.integers("mixed"), 5, "mixed", "must be a list of whole numbers"),
        (lambda table: table.choice("word", ("hellos", "x")), 1, "word", "did you mean hellos?"),
        (lambda table: table.tables("word"), 1, "word", "must be a list"),
        (lambda table: table.tables("mixed"), 5, "mixed[0]", "must be a mapping"),
        (lambda table: table.table("word"), 1, "word", "must be a mapping"),
        (lambda table: table.tables("nested")[1].text("a"), 8, "nested[1].a", "must be a text"),
        (lambda table: table.tables("nested")[1].text("b"), 8, "nested[1]", "'b' is missing"),
        (lambda table: table.only("word", "number", "empty"), 4, "truth", "unknown key"),
        (lambda table: table.value("date"), 9, "date", "not valid YAML"),
        (lambda table: table.value("tag"), 10, "tag", "not valid YAML"),
    ],
)
def test_a_complaint_names_file_key_and_line(folder, ask, line, key, words):
    path = write(
        folder,
        "word: hello\nnumber: 1\nempty: ''\ntruth: yes\nmixed: [a, 1]\nnested:\n- a: 1\n- a: [1]\n"
        "date: 2020-13-45\ntag: !foo x\n",
    )
    with pytest.raises(InvalidTemplate) as caught:
        ask(read_document(path, InvalidTemplate))
    assert str(caught.value).startswith(f"{path}:{line}: {key}: ")
    assert words in str(caught.value)
    assert (caught.value.line, caught.value.key) == (line, key)


def test_defaults_stand_in_for_missing_keys_only(folder):
    table = read_document(write(folder, "a: 1\nnone:\n"), InvalidTemplate)
    assert table.text("b", "default") == "default"
    assert table.integers("b", (1,)) == (1,)
    assert table.tables("b", optional=True) == ()
    assert "a" in table
    assert "b" not in table
    with pytest.raises(InvalidTemplate, match="none: must be a text"):
        table.text("none", "default")
