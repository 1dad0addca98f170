"""Answers: completed, in the type of their question, refused with the question's name."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.answers import (
    check_answer,
    check_answers,
    complete_answers,
    require_answers,
)
from scaffolder.errors import (
    DataProblem,
    InvalidAnswer,
    InvalidName,
    InvalidTemplate,
    MissingAnswers,
    UnknownQuestion,
)
from scaffolder.models import Question
from scaffolder.template import read_template

STR = Question(name="words", type="str", help="Words")
INT = Question(name="port", type="int", help="Port")
FLOAT = Question(name="rate", type="float", help="Rate")
BOOL = Question(name="docs", type="bool", help="Docs")


@pytest.fixture
def greeter(template):
    return read_template(template)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        (STR, "", ""),
        (STR, 'it\'s "quoted" \\ {{ braces }} 日本語', 'it\'s "quoted" \\ {{ braces }} 日本語'),
        (
            STR,
            "no-break\u00a0space, 👩\u200d💻, \u0646\u200c\u0645",
            "no-break\u00a0space, 👩\u200d💻, \u0646\u200c\u0645",
        ),
        (INT, "3000", 3000),
        (INT, "-1", -1),
        (INT, " 7 ", 7),
        (FLOAT, "1.5", 1.5),
        (BOOL, "Yes", True),
        (BOOL, "off", False),
    ],
)
def test_an_answer_takes_the_type_of_its_question(question, text, value):
    found = check_answer(question, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        (INT, "", "no whole number"),
        (INT, "1.5", "no whole number"),
        (INT, "3_000", "no whole number"),
        (INT, "٣", "no whole number"),
        (INT, "9" * 5000, "no whole number"),
        (FLOAT, "nan", "no number"),
        (FLOAT, "inf", "no number"),
        (FLOAT, "1e999", "no number"),
        (BOOL, "maybe", "neither yes nor no"),
        (STR, "two\nlines", "one line"),
        (STR, "a\x1b[31mred", "control"),
        (STR, "a\u2028b", "one line"),
        (STR, "\udcff", "PYTHONUTF8"),
        (replace(STR, choices=("npm", "pnpm")), "pnm", "did you mean"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_question(question, text, words):
    with pytest.raises(InvalidAnswer) as caught:
        check_answer(question, text)
    assert caught.value.key == question.name
    assert words in caught.value.what + caught.value.mend


@given(st.sampled_from([STR, INT, FLOAT, BOOL]), st.text())
def test_any_text_is_an_answer_or_is_refused(question, text):
    try:
        value = check_answer(question, text)
    except InvalidAnswer:
        return
    assert type(value).__name__ == question.type
    assert check_answer(question, str(value)) == value


def test_a_project_name_obeys_the_rules_for_names(greeter):
    with pytest.raises(InvalidName):
        check_answers(greeter, {"project_name": "../x"})


def test_a_validator_speaks_with_its_own_words(greeter):
    with pytest.raises(InvalidAnswer, match="port: must be at least 1024"):
        check_answers(greeter, {"port": "80"})


@pytest.mark.parametrize(
    "validator",
    ["{{ 1 // 0 }}", "{{ port < 'a' }}", "{% if %}", "{{ x }}", "{{ port.a.b }}", "{{ port|zap }}"],
)
def test_a_broken_validator_is_the_templates_mistake(validator):
    with pytest.raises(InvalidTemplate, match="port: its validator fails"):
        check_answer(replace(INT, validator=validator), "3000")


def test_a_validator_reaches_nothing_of_the_machine():
    spy = "{{ words.__class__.__mro__[1].__subclasses__() }}"
    with pytest.raises(InvalidTemplate, match="validator fails"):
        check_answer(replace(STR, validator=spy), "x")


def test_an_answer_to_no_question_is_refused_with_a_suggestion(greeter):
    with pytest.raises(UnknownQuestion) as caught:
        check_answers(greeter, {"prt": "3000"})
    assert caught.value.why == "did you mean port?"


def test_given_goes_before_the_surroundings_and_these_before_the_template(greeter):
    found = complete_answers(
        greeter, {"port": 4000}, {"project_name": "hi", "port": 5000, "author_name": "Ada"}
    )
    assert found == {
        "project_name": "hi",
        "description": "Greets.",
        "author_name": "Ada",
        "port": 4000,
    }
    assert list(found) == [question.name for question in greeter.questions]


def test_every_missing_answer_is_named_at_once(greeter):
    with pytest.raises(MissingAnswers) as caught:
        require_answers(greeter, {"author_name": "Ada"})
    assert caught.value.what == "no answer to project_name, description, port"
    assert caught.value.mend == (
        "add --data project_name=... --data description=... --data port=..., or --defaults"
    )


def test_defaults_are_not_advised_where_there_is_none(greeter):
    secret = replace(greeter, questions=(STR, *greeter.questions))
    with pytest.raises(MissingAnswers) as caught:
        complete_answers(secret, {}, {"project_name": "hi"})
    assert caught.value.mend == "add --data words=..."


@given(st.dictionaries(st.sampled_from(["project_name", "port", "x"]), st.text()))
def test_no_answers_raise_anything_unexpected(tmp_path_factory, given_answers):
    template = _cached(tmp_path_factory)
    with suppress(DataProblem, UnknownQuestion):
        check_answers(template, given_answers)


def _cached(factory, _found=[]):  # noqa: B006 - read once for all examples
    from tests.support.templates import write_template

    if not _found:
        _found.append(read_template(write_template(factory.mktemp("t") / "greeter")))
    return _found[0]
