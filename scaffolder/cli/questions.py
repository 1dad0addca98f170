"""Answers to a template's questions: from flags, from the surroundings, or from a terminal."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from scaffolder.answers import (
    AUTHOR_NAME,
    PROJECT_NAME,
    check_answer,
    check_answers,
    complete_answers,
    require_answers,
)
from scaffolder.errors import InvalidAnswer, InvalidName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.answers import Answer
    from scaffolder.models import Question, Template


def answers_to(
    template: Template, name: str, data: Sequence[str], *, ask: bool
) -> dict[str, Answer]:
    """Return an answer to each question of `template`, in their order.

    Args:
        template: Whose questions are answered.
        name: What the target's folder is called.
        data: ``KEY=VALUE`` texts from the command line.
        ask: Whether open questions are asked on a terminal; without one they are an error.

    Raises:
        ScaffolderError: for an answer that is missing, unknown or refused.
    """
    given = check_answers(template, dict(_pair(text) for text in data))
    suggested = _suggested(template, name)
    if not ask:
        return complete_answers(template, given, suggested)
    if sys.stdin.isatty() and sys.stderr.isatty():
        for question in template.questions:
            if question.name not in given:
                default = suggested.get(question.name, question.default)
                given[question.name] = _ask(question, default)
    require_answers(template, given)
    return {question.name: given[question.name] for question in template.questions}


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE", param_hint="--data")
    return key, value


def _suggested(template: Template, name: str) -> dict[str, Answer]:
    suggested: dict[str, Answer] = {PROJECT_NAME: name}
    for question in template.questions:
        if question.name == AUTHOR_NAME:
            from scaffolder.repository import author_name

            # A name that the question refuses is no suggestion; the default stands in for it.
            with suppress(InvalidAnswer):
                author = author_name()
                suggested |= {AUTHOR_NAME: check_answer(question, author)} if author else {}
    return suggested


def _ask(question: Question, default: Any) -> Answer:
    def convert(text: str) -> Any:
        try:
            return check_answer(question, str(text))
        except (InvalidAnswer, InvalidName) as error:
            raise click.UsageError(error.bare) from error

    text = question.help + (f" ({', '.join(question.choices)})" if question.choices else "")
    answer: Answer = click.prompt(text, default=default, value_proc=convert, err=True)
    return answer
