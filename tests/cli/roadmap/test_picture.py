"""The picture of a roadmap: everything is in it, at its place, within the width."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from scaffolder.builtin.roadmaps import backend_first
from scaffolder.cli.pen import Pen
from scaffolder.cli.roadmap.picture import draw
from scaffolder.models import Level, Weeks
from scaffolder.roadmap.models import (
    Milestone,
    Phase,
    Roadmap,
    RoadmapFeature,
    RoadmapProject,
    Window,
)

WIDTHS = [30, 40, 60, 80, 120, 200]


def _picture(width: int, week: int | None = None) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    return "\n".join(line.plain for line in draw(backend_first(), Pen(console=console), week))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_picture_has_every_project_milestone_and_window(width):
    roadmap, picture = backend_first(), _picture(width)
    for item in (*roadmap.projects, *roadmap.milestones, *roadmap.windows):
        assert item.id in picture


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120, 160])
def test_everything_stands_below_its_week(width):
    numbers, axis, *rows = _picture(width).splitlines()
    columns = len(axis)
    assert numbers.endswith("48")
    assert len(numbers) == columns

    def start(week: int) -> int:
        return (week - 1) * columns // 48

    def end(week: int) -> int:
        return -(-week * columns // 48) - 1

    bars = [("ecommerce-api", "▓", 12, 14), ("chat-system", "▓", 15, 16), ("task-api", "░", 13, 16)]
    for project, bar, first, last in bars:
        row = next(line for line in rows if project in line)
        assert (row.index(bar), row.rindex(bar)) == (start(first), end(last))
    openings = [line.index("┣") for line in rows if "┣" in line]
    assert openings == [start(week) for week in (16, 25, 40)]
    points = sorted(at for line in rows for at, glyph in enumerate(line) if glyph == "●")
    assert points == [end(week) for week in (6, 12, 16, 25, 32, 40, 48)]


def test_a_week_is_pointed_at_in_the_picture():
    pointer, _, axis, *_ = _picture(80, week=16).splitlines()
    assert pointer.index("▼") == 15
    assert axis[15] == "┴"


IDS = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,2}", fullmatch=True)
TITLES = st.text("abc xyz-é中文字", min_size=1, max_size=40).filter(str.strip)


@st.composite
def roadmaps(draw: st.DrawFn) -> Roadmap:
    lengths = draw(st.lists(st.integers(1, 30), min_size=1, max_size=6))
    total = sum(lengths)
    starts = [1 + sum(lengths[:index]) for index in range(len(lengths))]
    names = iter(draw(st.lists(IDS, min_size=12, max_size=12, unique=True)))
    week = st.integers(1, total)
    span = st.tuples(week, week).map(sorted).map(lambda pair: Weeks(first=pair[0], last=pair[1]))
    feature = st.builds(
        RoadmapFeature,
        id=IDS,
        title=TITLES,
        phase=st.integers(1, len(lengths)),
        weeks=span,
        level=st.sampled_from(Level),
    )

    def several(item: st.SearchStrategy) -> tuple:
        return tuple(draw(st.lists(item, max_size=4)))

    return Roadmap(
        id="drawn",
        title="Drawn",
        weeks=total,
        phases=tuple(
            Phase(
                id=number,
                title=draw(TITLES),
                weeks=Weeks(first=start, last=start + length - 1),
                goal="g",
            )
            for number, (start, length) in enumerate(zip(starts, lengths, strict=True), 1)
        ),
        projects=several(
            st.builds(
                RoadmapProject,
                id=st.builds(lambda: next(names)),
                title=TITLES,
                phase=st.integers(1, len(lengths)),
                weeks=span,
                features=st.lists(feature, max_size=2).map(tuple),
                notes=st.just(()),
            )
        ),
        milestones=several(
            st.builds(
                Milestone,
                id=st.builds(lambda: next(names)),
                week=week,
                title=TITLES,
                proven_by=st.just(()),
            )
        ),
        windows=several(
            st.builds(Window, id=st.builds(lambda: next(names)), title=TITLES, week=week)
        ),
    )


@given(roadmaps(), st.integers(30, 200), st.sampled_from(["utf-8", "ascii", "cp932", "latin-1"]))
def test_any_roadmap_fits_any_width_with_everything_in_it(roadmap, width, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    pen = Pen(console=Console(file=stream, width=width, highlight=False, markup=False))
    lines = list(draw(roadmap, pen))
    pen.show(lines)
    stream.flush()
    assert max(line.cell_len for line in lines) <= width
    text = re.sub(r"[\s·.]", "", "".join(line.plain for line in lines))
    for item in (*roadmap.projects, *roadmap.milestones, *roadmap.windows):
        assert item.id in text
