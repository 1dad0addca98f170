"""The tree of errors: one exit code a branch, one code a leaf, drawn in the module's docstring."""

from __future__ import annotations

import re

import pytest

from scaffolder import errors
from scaffolder.errors import DataProblem, ScaffolderError, did_you_mean

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, ScaffolderError)
]
BRANCHES = {"UsageProblem": 2, "DataProblem": 3, "EnvironmentProblem": 4, "Refused": 5}


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if kind is not ScaffolderError])
def test_each_error_has_a_code_of_its_own_and_the_exit_code_of_its_branch(kind):
    branch = next(base for base in kind.__mro__ if base.__name__ in BRANCHES)
    assert kind.exit_code == BRANCHES[branch.__name__]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
    assert [other for other in CLASSES if vars(other).get("code") == kind.code] == [kind]


def test_the_docstring_draws_each_error_with_its_code():
    drawn = dict(
        re.findall(r"[├└]── (\w+) +(?:exit \d: .*|([a-z-]+))$", errors.__doc__, re.MULTILINE)
    )
    assert drawn.keys() == {kind.__name__ for kind in CLASSES} - {"ScaffolderError"}
    for kind in CLASSES:
        if drawn.get(kind.__name__):
            assert drawn[kind.__name__] == kind.code


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, "is wrong"),
        ({"file": "a.yml"}, "a.yml: is wrong"),
        ({"file": "a.yml", "line": 3}, "a.yml:3: is wrong"),
        ({"file": "a.yml", "key": "b.c", "line": 3}, "a.yml:3: b.c: is wrong"),
        ({"key": "port"}, "port: is wrong"),
    ],
)
def test_a_data_problem_says_its_place(place, expected):
    assert str(DataProblem("is wrong", **place)) == expected
    assert DataProblem("is wrong", **place).bare == "is wrong"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("tsk-api", ["task-api", "chat"], "did you mean task-api?"),
        ("task", ["task-a", "task-b"], "did you mean task-b or task-a?"),
        ("zzz", ["b", "a"], "known: a, b"),
        ("zzz", [], "none is known"),
    ],
)
def test_suggestions(word, known, hint):
    assert did_you_mean(word, known) == hint
