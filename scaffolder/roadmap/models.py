"""The values of a roadmap; frozen, resolved once by `scaffolder.roadmap.read_roadmap`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder.models import Level

if TYPE_CHECKING:
    from scaffolder.models import Weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours a week, from `low` to `high`; a single number is both."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What students gave a course; `students` is a lower bound."""

    score: float
    out_of: int
    students: int

    def __str__(self) -> str:
        return f"{self.score}/{self.out_of} with {self.students:,}+ students"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """An attested checklist line of a phase; `resource` is the id of what it belongs to."""

    id: str
    text: str
    phase: int
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to study. A field that the roadmap does not give is empty.

    Attributes:
        authors: Who wrote or made it; `instructor` is who teaches it.
        duration: In the roadmap's own words, as in ``~2 hours``.
        resource: What the resource consists of, where it is more than its page.
    """

    id: str
    title: str
    kind: str
    provider: str = ""
    authors: tuple[str, ...] = ()
    instructor: str = ""
    url: str = ""
    rating: Rating | None = None
    duration: str = ""
    hours_per_week: Hours | None = None
    resource: str = ""
    usage: str = ""
    focus: str = ""
    chapters: str = ""
    services: tuple[str, ...] = ()
    advanced: str = ""
    why: str = ""
    practice: Practice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A subject of a phase."""

    id: str
    title: str
    hours_per_week: Hours | None = None
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of weeks with one goal; `id` counts from 1, its sections' hours are summed."""

    id: int
    title: str
    weeks: Weeks
    goal: str
    hours_per_week: Hours | None = None
    sections: tuple[Section, ...] = ()
    practices: tuple[Practice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapFeature:
    """One line of a project's checklist, with its ties resolved.

    Attributes:
        milestones: Ids of the milestones that it helps to prove, by week.
    """

    id: str
    title: str
    phase: int
    weeks: Weeks
    level: Level = Level.MUST
    milestones: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark, as where the source disagrees with itself; without `about`: on the whole."""

    id: str
    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadmapProject:
    """A project as the roadmap has it; the generated repository is `scaffolder.models.Project`.

    Attributes:
        weeks: Its own dates, which may lie outside its phase where a note says so.
        heading: The heading that it stands under, where there is one.
        label: What the roadmap calls it besides its title, as in ``Project 1``.
        milestones: Ids of the milestones that its features prove, by week.
    """

    id: str
    title: str
    phase: int
    weeks: Weeks
    heading: str = ""
    label: str = ""
    stack: tuple[str, ...] = ()
    architecture: str = ""
    features: tuple[RoadmapFeature, ...] = ()
    advanced: str = ""
    deployment: str = ""
    goal: str = ""
    milestones: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Features of one project that a milestone rests on."""

    project: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """What is reached by the end of a week; without `proven_by` its owner attests it."""

    id: str
    week: int
    title: str
    proven_by: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Positions to apply for, from the start of `week` on."""

    id: str
    title: str
    week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Days of the week that are used alike; `hours` is for each of them."""

    days: tuple[str, ...]
    hours: int
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The template of a week, for a span of weeks; `hours_per_week` is the sum of its slots."""

    id: str
    title: str
    weeks: Weeks
    hours_per_week: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book for further reading."""

    title: str
    authors: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Books on one subject."""

    title: str
    books: tuple[Book, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one sort of resource costs, in the roadmap's own words."""

    title: str
    cost: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """What the paid resources cost together, and how resources were chosen."""

    total: str
    items: tuple[Cost, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roadmap:
    """Phases, projects, milestones and application windows over a number of weeks.

    Attributes:
        weeks: How many; they are counted from 1.
        readiness_week: The week for which the roadmap promises readiness to apply.
        projects: In the order of their phases, and within one as they are written.
        milestones: By week, as are `windows` and `schedules`.
    """

    id: str
    title: str
    weeks: int
    phases: tuple[Phase, ...]
    tagline: str = ""
    structure: tuple[str, ...] = ()
    hours_per_week: Hours | None = None
    readiness_week: int | None = None
    outcome: str = ""
    projects: tuple[RoadmapProject, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    windows: tuple[Window, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    notes: tuple[Note, ...] = ()
    reading: tuple[Shelf, ...] = ()
    investment: Investment | None = None
