"""Answers to a template's questions: completed, checked, and all of it before a byte is written."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import category

from scaffolder.errors import (
    InvalidAnswer,
    InvalidTemplate,
    MissingAnswers,
    UnknownQuestion,
    did_you_mean,
)
from scaffolder.names import check_project_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2.sandbox import SandboxedEnvironment

    from scaffolder.models import Question, Template

Answer = str | int | float | bool
PROJECT_NAME = "project_name"
AUTHOR_NAME = "author_name"

# Control characters, and separators of lines and paragraphs; joiners and odd spaces are words.
_UNFIT = frozenset({"Cc", "Zl", "Zp"})
# Stricter than Python, which takes 3_000, nan and the digits of every script.
_NUMBERS: dict[str, tuple[str, re.Pattern[str], type[int | float]]] = {
    "int": ("whole number", re.compile(r"[+-]?[0-9]{1,18}"), int),
    "float": ("number", re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?(e-?[0-9]{1,2})?"), float),
}
_WORDS = {"yes": True, "true": True, "on": True, "1": True}
_WORDS |= {"no": False, "false": False, "off": False, "0": False}


def check_answers(template: Template, given: Mapping[str, str]) -> dict[str, Answer]:
    """Return the given answers in the types of their questions.

    Raises:
        UnknownQuestion: when no question has that name.
        InvalidAnswer: when a value has another type, or the validator refuses it.
    """
    questions = {question.name: question for question in template.questions}
    for name in given:
        if name not in questions:
            raise UnknownQuestion(
                f"{template.id} asks no question {name!r}", why=did_you_mean(name, questions)
            )
    return {name: check_answer(questions[name], text) for name, text in given.items()}


def complete_answers(
    template: Template, answers: Mapping[str, Answer], defaults: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Return an answer for each question, in their order: given, or by default.

    Args:
        template: Whose questions are answered.
        answers: What was given; already checked.
        defaults: What the surroundings suggest; these go before the template's own defaults.

    Raises:
        MissingAnswers: naming every question that has neither.
    """
    complete: dict[str, Answer] = {}
    for question in template.questions:
        default = defaults.get(question.name, question.default)
        value = answers.get(question.name, default)
        if value is not None:
            complete[question.name] = check_answer(question, str(value))
    require_answers(template, complete)
    return complete


def require_answers(template: Template, answers: Mapping[str, Answer]) -> None:
    """Raise MissingAnswers, naming every question of the template that has no answer."""
    missing = [question for question in template.questions if question.name not in answers]
    if missing:
        flags = " ".join(f"--data {question.name}=..." for question in missing)
        names = ", ".join(question.name for question in missing)
        raise MissingAnswers(
            f"no answer to {names}",
            why="there is no terminal to ask on, or the question has no default",
            mend=f"add {flags}" + ("" if _undefaulted(missing) else ", or --defaults"),
        )


def check_answer(question: Question, text: str) -> Answer:
    """Return `text` in the type of `question`.

    Raises:
        InvalidAnswer: naming the question and what it wants.
        InvalidName: for a project name that breaks the rules.
    """
    if question.name == PROJECT_NAME:
        check_project_name(text)
    value = _convert(question, text)
    if question.choices and value not in question.choices:
        raise InvalidAnswer(
            f"{text!r} is no choice; {did_you_mean(text, question.choices)}", key=question.name
        )
    complaint = _complaint(question, value) if question.validator else ""
    if complaint:
        raise InvalidAnswer(complaint, key=question.name)
    return value


def _undefaulted(questions: Sequence[Question]) -> bool:
    return any(question.default is None and question.name != PROJECT_NAME for question in questions)


def _convert(question: Question, text: str) -> Answer:
    _check_characters(question, text)
    if question.type == "str":
        return text
    if question.type == "bool":
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        raise InvalidAnswer(f"{text!r} is neither yes nor no", key=question.name)
    kind, pattern, convert = _NUMBERS[question.type]
    if not pattern.fullmatch(text.strip()):
        raise InvalidAnswer(f"{text!r} is no {kind}", key=question.name)
    return convert(text)


def _check_characters(question: Question, text: str) -> None:
    found = {category(character) for character in text}
    if "Cs" in found:
        raise InvalidAnswer(
            "cannot be read in the character set of this terminal",
            key=question.name,
            mend="PYTHONUTF8=1 scaffolder ...",
        )
    if found & _UNFIT:
        raise InvalidAnswer("must be one line without control characters", key=question.name)


def _complaint(question: Question, value: Answer) -> str:
    values: dict[str, Any] = {question.name: value}
    try:
        return _environment().from_string(question.validator).render(values).strip()
    except Exception as error:
        # A validator is an expression: it can divide by zero or compare a text with a number.
        raise InvalidTemplate(f"its validator fails: {error}", key=question.name) from error


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    # With the filters that Copier offers, so that a validator means the same to both.
    return SandboxedEnvironment(
        undefined=StrictUndefined,
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
    )
