"""``scaffolder roadmap``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaffolder.cli.output import console, write_json
from scaffolder.errors import UnknownPlace, did_you_mean
from scaffolder.roadmap.plans import plan_phase, plan_week

if TYPE_CHECKING:
    from scaffolder.plugins import Plugins
    from scaffolder.roadmap.models import Roadmap
    from scaffolder.roadmap.plans import PhasePlan, WeekPlan

DEFAULT = "backend-first"


@click.command("roadmap")
@click.option("--phase", type=int, metavar="N", help="Show a phase with all its resources.")
@click.option("--week", type=int, metavar="N", help="Show what a week asks for.")
@click.option("--roadmap", "name", metavar="ID", help=f"Which roadmap; {DEFAULT} if several.")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts as JSON.")
@click.pass_obj
def command(
    plugins: Plugins, *, phase: int | None, week: int | None, name: str | None, as_json: bool
) -> None:
    """Show the roadmap: phases, projects, milestones, application windows."""
    roadmap = _choose(plugins.roadmaps(), name)
    phase_plan = plan_phase(roadmap, phase) if phase is not None else None
    week_plan = plan_week(roadmap, week) if week is not None else None
    show = _show_json if as_json else _show_text
    show(roadmap, phase_plan, week_plan)


def _choose(roadmaps: tuple[Roadmap, ...], name: str | None) -> Roadmap:
    known = {roadmap.id: roadmap for roadmap in roadmaps}
    if not known:
        raise UnknownPlace("no roadmap is installed", mend="scaffolder plugins")
    if name is None:
        name = next(iter(known)) if len(known) == 1 else DEFAULT
    if name not in known:
        what = f"no roadmap is called {name!r}"
        mend = f"scaffolder roadmap --roadmap {min(known)}"
        raise UnknownPlace(what, why=did_you_mean(name, known), mend=mend)
    return known[name]


def _show_json(roadmap: Roadmap, phase: PhasePlan | None, week: WeekPlan | None) -> None:
    from scaffolder.cli.roadmap.facts import part, whole

    write_json(part(roadmap, phase, week) if phase or week else whole(roadmap))


def _show_text(roadmap: Roadmap, phase: PhasePlan | None, week: WeekPlan | None) -> None:
    from scaffolder.cli.pen import Pen
    from scaffolder.cli.roadmap import view
    from scaffolder.cli.roadmap.blocks import Sheet
    from scaffolder.cli.roadmap.picture import draw

    pen = Pen(console=console())
    sheet = Sheet(pen=pen, roadmap=roadmap)
    pen.show(view.title(sheet))
    pen.show(draw(roadmap, pen, week.week if week else None))
    if phase:
        pen.show(view.phase_view(sheet, phase))
    if week:
        pen.show(view.week_view(sheet, week))
    if not phase and not week:
        pen.show(view.overview(sheet))
