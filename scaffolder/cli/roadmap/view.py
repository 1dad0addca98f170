"""The views of ``scaffolder roadmap``: the whole, a phase, a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.cli.roadmap import blocks
from scaffolder.models import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text

    from scaffolder.cli.roadmap.blocks import Sheet
    from scaffolder.roadmap.models import Investment, Phase, RoadmapProject, Shelf
    from scaffolder.roadmap.plans import PhasePlan, WeekPlan


def title(sheet: Sheet) -> Iterator[Text]:
    """Yield what the roadmap is called and promises."""
    roadmap = sheet.roadmap
    yield from sheet.say((roadmap.title, "bold"), indent=0)
    facts = [f"{roadmap.weeks} weeks", blocks.hours_a_week(roadmap.hours_per_week)]
    if roadmap.readiness_week:
        facts.append(f"ready to apply by week {roadmap.readiness_week}")
    yield from sheet.say(", ".join(filter(None, facts)), sheet.refs(roadmap.id), indent=0)
    yield sheet.pen.text()


def overview(sheet: Sheet) -> Iterator[Text]:
    """Yield the whole roadmap in short, phases without their resources."""
    roadmap = sheet.roadmap
    yield from sheet.heading("Phases")
    for phase in roadmap.phases:
        yield from _phase(sheet, phase)
    if roadmap.projects:
        yield from sheet.heading("Projects")
        for project in roadmap.projects:
            yield from _project(sheet, project)
    yield from _listed(sheet, "Milestones", blocks.milestones(sheet, roadmap.milestones))
    yield from _listed(sheet, "Application windows", blocks.windows(sheet, roadmap.windows))
    days = (line for item in roadmap.schedules for line in blocks.schedule(sheet, item))
    yield from _listed(sheet, "Weekly schedule", days)
    shelves = (line for shelf in roadmap.reading for line in _shelf(sheet, shelf))
    yield from _listed(sheet, "Further reading", shelves)
    if roadmap.investment:
        yield from _listed(sheet, "What it costs", _investment(sheet, roadmap.investment))
    yield from _listed(sheet, "Notes", blocks.notes(sheet, roadmap.notes))
    yield from _listed(sheet, "Where it leads", _outcome(sheet))
    yield sheet.pen.text()
    yield from sheet.say("More: scaffolder roadmap --phase N, --week N, --json", indent=0)


def _listed(sheet: Sheet, heading: str, lines: Iterable[Text]) -> Iterator[Text]:
    """Yield the lines under a heading, or nothing at all."""
    lines = list(lines)
    if lines:
        yield from sheet.heading(heading)
        yield from lines


def _outcome(sheet: Sheet) -> Iterator[Text]:
    roadmap = sheet.roadmap
    for text in (" -> ".join(roadmap.structure), roadmap.tagline, roadmap.outcome):
        yield from sheet.say(text) if text else ()


def _phase(sheet: Sheet, phase: Phase) -> Iterator[Text]:
    facts = (f"weeks {phase.weeks}", blocks.hours_a_week(phase.hours_per_week))
    refs = sheet.refs(f"phase-{phase.id}")
    text = sheet.pen.text((phase.title, "bold"), f", {', '.join(filter(None, facts))}{refs}")
    yield from sheet.pen.entry(sheet.pen.text((str(phase.id), "bold")), text, 2, 3)
    yield from sheet.say(phase.goal, indent=5)


def _project(sheet: Sheet, project: RoadmapProject) -> Iterator[Text]:
    yield from sheet.say((project.id, "bold"), f"  {project.title}{sheet.refs(project.id)}")
    dates = f"phase {project.phase}, weeks {project.weeks}"
    yield from sheet.say("; ".join(filter(None, (dates, ", ".join(project.stack)))), indent=4)
    for level in Level:
        names = [item.title for item in project.features if item.level is level]
        lead = {Level.MUST: "features", Level.STRETCH: "stretch"}[level]
        if names:
            text = ", ".join(names)
            yield from sheet.row(lead, text, indent=4, hang=10, style="dim")


def _shelf(sheet: Sheet, shelf: Shelf) -> Iterator[Text]:
    yield from sheet.say((shelf.title, "bold"))
    for book in shelf.books:
        yield from sheet.say(book.title, (f" by {', '.join(book.authors)}", "dim"), indent=4)
        yield from sheet.say(book.about, indent=6) if book.about else ()


def _investment(sheet: Sheet, investment: Investment) -> Iterator[Text]:
    yield from sheet.say(f"paid resources in total: {investment.total}")
    for item in investment.items:
        yield from sheet.say(f"{item.title}: {', '.join(filter(None, (item.cost, item.note)))}")
    if investment.criteria:
        yield from sheet.say("how resources were chosen:")
    for criterion in investment.criteria:
        yield from sheet.row("-", criterion, indent=4, hang=2)


def phase_view(sheet: Sheet, plan: PhasePlan) -> Iterator[Text]:
    """Yield a phase with every field of everything in it."""
    phase = plan.phase
    yield from sheet.heading(f"Phase {phase.id}: {phase.title}")
    yield from sheet.say(phase.goal)
    facts = (f"weeks {phase.weeks}", blocks.hours_a_week(phase.hours_per_week))
    yield from sheet.say(", ".join(filter(None, facts)), sheet.refs(f"phase-{phase.id}"))
    for section in phase.sections:
        hours = blocks.hours_a_week(section.hours_per_week)
        text = f"{section.title} ({hours})" if hours else section.title
        yield from sheet.heading(text + sheet.refs(section.id))
        for item in section.resources:
            yield from blocks.resource(sheet, item)
    yield from _practices(sheet, phase)
    work = (line for item in plan.work for line in blocks.project(sheet, item))
    yield from _listed(sheet, "Projects", work)
    yield from _listed(sheet, "Milestones", blocks.milestones(sheet, plan.milestones))
    yield from _listed(sheet, "Applications that open", blocks.windows(sheet, plan.windows))
    days = (line for item in plan.schedules for line in blocks.schedule(sheet, item))
    yield from _listed(sheet, "Weekly schedule", days)
    yield from _listed(sheet, "Notes", blocks.notes(sheet, plan.notes))


def _practices(sheet: Sheet, phase: Phase) -> Iterator[Text]:
    titles = {item.id: item.title for section in phase.sections for item in section.resources}
    lines = (
        line
        for item in phase.practices
        for line in sheet.row(
            f"[ ] {item.id}", f"{item.text} ({titles[item.resource]})", indent=2, hang=30
        )
    )
    yield from _listed(sheet, "Practices, attested by you", lines)


def week_view(sheet: Sheet, plan: WeekPlan) -> Iterator[Text]:
    """Yield what a week asks for."""
    phase = plan.phase
    yield from sheet.heading(f"Week {plan.week}")
    yield from sheet.say(f"phase {phase.id}: ", (phase.title, "bold"), f", weeks {phase.weeks}")
    yield from sheet.say(phase.goal)
    yield from _listed(sheet, "Study", _study(sheet, phase))
    yield from _practices(sheet, phase)
    work = (line for item in plan.work for line in blocks.project(sheet, item))
    yield from _listed(sheet, "Projects", work)
    yield from _listed(sheet, "Reached this week", blocks.milestones(sheet, plan.due))
    yield from _listed(sheet, "Next milestone", blocks.milestones(sheet, plan.ahead))
    yield from sheet.heading("Application windows")
    yield from blocks.windows(sheet, plan.windows) if plan.windows else sheet.say("none open yet")
    if plan.schedule:
        yield from _listed(sheet, "Weekly schedule", blocks.schedule(sheet, plan.schedule))
    yield from _listed(sheet, "Notes", blocks.notes(sheet, plan.notes))


def _study(sheet: Sheet, phase: Phase) -> Iterator[Text]:
    for section in phase.sections:
        hours = blocks.hours_a_week(section.hours_per_week)
        facts = f": {hours}" if hours else ""
        yield from sheet.say((section.title, "bold"), f"{facts}{sheet.refs(section.id)}")
        for item in section.resources:
            yield from sheet.say(f"{item.title}{sheet.refs(item.id)}", indent=4)
