"""A phase or a week, looked up in the built-in roadmap."""

from __future__ import annotations

import pytest

from scaffolder.builtin.roadmaps import backend_first
from scaffolder.errors import UnknownPlace
from scaffolder.roadmap.plans import plan_phase, plan_week, schedule_at, work_at


@pytest.fixture(scope="module")
def roadmap():
    return backend_first()


def test_a_week_is_looked_up_with_all_that_falls_into_it(roadmap):
    plan = plan_week(roadmap, 16)
    assert plan.phase.id == 3
    assert [(work.project.id, len(work.features)) for work in plan.work] == [
        ("task-api", 1),
        ("chat-system", 5),
    ]
    assert [item.id for item in plan.due] == ["week-16"]
    assert [item.id for item in plan.ahead] == ["week-25"]
    assert [item.id for item in plan.windows] == ["mid-level"]
    assert plan.schedule.title == "Backend Focus"
    assert plan_week(roadmap, 48).ahead == ()
    assert [work.project.id for work in work_at(roadmap, 5)] == ["task-api"]
    assert schedule_at(roadmap, 17).title == "Systems & Leadership"


def test_a_phase_holds_what_belongs_to_it_though_dated_earlier(roadmap):
    plan = plan_phase(roadmap, 2)
    assert [work.project.id for work in plan.work] == ["task-api"]
    assert [feature.id for feature in plan.work[0].features][-1] == "deployment"
    assert [note.id for note in plan.notes] == ["task-api-weeks", "hours"]


@pytest.mark.parametrize("number", [-1, 0, 6])
def test_an_unknown_phase_is_answered_with_what_exists(roadmap, number):
    with pytest.raises(UnknownPlace, match=f"no phase {number}") as caught:
        plan_phase(roadmap, number)
    assert caught.value.why == "it has phases 1 to 5"


@pytest.mark.parametrize("week", [0, 49])
def test_an_unknown_week_is_answered_with_what_exists(roadmap, week):
    with pytest.raises(UnknownPlace, match=f"no week {week}") as caught:
        plan_week(roadmap, week)
    assert caught.value.why == "it has weeks 1 to 48"
