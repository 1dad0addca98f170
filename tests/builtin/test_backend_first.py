"""The built-in roadmap says what its source says."""

from __future__ import annotations

import pytest

from scaffolder.builtin.roadmaps import backend_first
from scaffolder.models import Level, Weeks
from scaffolder.roadmap.models import Hours, Rating, Roadmap
from scaffolder.roadmap.plans import notes_about

URLS = {
    "https://www.youtube.com/watch?v=32M1al-Y6Ag",
    "https://www.linkedin.com/learning/express-essentials-build-powerful-web-apps-with-node-js",
    "https://expressjs.com/en/starter/installing.html",
    "https://www.udemy.com/course/the-complete-sql-bootcamp/",
    "https://neon.com/postgresql/tutorial",
    "https://www.linkedin.com/learning/building-restful-apis-with-node-js-and-express",
    "https://www.udemy.com/course/nestjs-zero-to-hero/",
    "https://docs.nestjs.com/",
    "https://www.prisma.io/docs",
    "https://www.amazon.com/System-Design-Interview-insiders-Second/dp/B08CMF2CQF",
    "https://www.oreilly.com/library/view/designing-data-intensive-applications/9781491903063/",
    "https://www.udemy.com/course/docker-and-kubernetes-the-complete-guide/",
    "https://www.linkedin.com/learning/aws-certified-developer-associate-dva-c02-cert-prep",
    "https://sp24.datastructur.es/",
    "https://www.amazon.com/Elements-Programming-Interviews-Java-Insiders/dp/1517435803",
    "https://www.oreilly.com/library/view/the-staff-engineers/9781098118723/",
}
PHASES = [
    ("Backend Fundamentals Refresher", "1-6", {"Node.js & Express Refresher": 5}),
    (
        "PostgreSQL & REST Patterns",
        "7-12",
        {"SQL & PostgreSQL Mastery": 3, "REST API Design Patterns": 2},
    ),
    ("NestJS & ORM Integration", "13-16", {"NestJS Deep Dive": 6}),
    (
        "System Design & DevOps",
        "17-32",
        {"System Design Interview Preparation": 4, "Cloud & DevOps Mastery": 3},
    ),
    (
        "DSA & Interview Projects",
        "33-48",
        {"Data Structures & Algorithms": 4, "Technical Leadership & Communication": 3},
    ),
]
PROJECTS = """\
task-api 2 5-6 auth,task-crud,validation,deployment,prisma week-6,week-12
ecommerce-api 3 12-14 auth,catalog,orders,payments,caching,deployment week-16
chat-system 3 15-16 messaging,presence,uploads,admin-dashboard,microservices-prep week-16
distributed-tasks 4 30-32 job-scheduling,service-discovery,distributed-logging,\
fault-tolerance,aws-deployment week-32
interview-prep 5 45-48 system-design-portfolio,dsa-solutions,technical-talk week-48
"""


@pytest.fixture(scope="module")
def roadmap() -> Roadmap:
    return backend_first()


def _resources(roadmap):
    sections = [section for phase in roadmap.phases for section in phase.sections]
    return {item.id: item for section in sections for item in section.resources}


def test_the_head_has_the_numbers_of_the_source(roadmap):
    assert roadmap.id == "backend-first"
    assert roadmap.title == "Backend-First Senior Developer Roadmap"
    assert (roadmap.weeks, roadmap.readiness_week) == (48, 12)
    assert roadmap.hours_per_week == Hours(low=10, high=12)
    assert roadmap.structure == ("Backend Development", "System Design", "DSA & Interview Prep")
    assert "week 16" in roadmap.outcome


def test_the_five_phases_have_their_weeks_sections_and_hours(roadmap):
    found = [
        (
            phase.title,
            str(phase.weeks),
            {section.title: int(str(section.hours_per_week)) for section in phase.sections},
        )
        for phase in roadmap.phases
    ]
    assert found == PHASES
    assert [phase.id for phase in roadmap.phases] == [1, 2, 3, 4, 5]
    assert [str(phase.hours_per_week) for phase in roadmap.phases] == ["5", "5", "6", "7", "7"]


def test_every_url_of_the_source_is_there_and_no_other(roadmap):
    resources = _resources(roadmap).values()
    assert len(resources) == 16
    assert {resource.url for resource in resources} == URLS


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        ("node-crash-course", "authors", ("Traversy Media",)),
        ("node-crash-course", "provider", "YouTube"),
        ("node-crash-course", "duration", "~2 hours"),
        ("express-essentials", "instructor", "Jamie Pittman"),
        ("express-getting-started", "duration", "1 hour"),
        ("postgresql-bootcamp", "authors", ("Jose Portilla",)),
        ("postgresql-bootcamp", "rating", Rating(score=4.7, out_of=5, students=490000)),
        ("postgresql-bootcamp", "duration", "22+ hours of hands-on content"),
        ("neon-tutorial", "kind", "reference"),
        ("restful-apis", "instructor", "Emmanuel Henri"),
        ("restful-apis", "duration", "1h 17m"),
        (
            "nestjs-zero-to-hero",
            "title",
            "NestJS Zero to Hero \N{EN DASH} Modern TypeScript Back-end Development",
        ),
        ("nestjs-zero-to-hero", "instructor", "Ariel Weinberger"),
        ("nestjs-zero-to-hero", "rating", Rating(score=4.8, out_of=5, students=40000)),
        ("nestjs-zero-to-hero", "duration", "15+ hours"),
        ("system-design-interview", "authors", ("Alex Xu",)),
        ("data-intensive-applications", "authors", ("Martin Kleppmann",)),
        (
            "aws-developer",
            "services",
            ("EC2", "RDS", "S3", "Lambda", "API Gateway", "CloudWatch"),
        ),
        ("cs61b", "title", "Berkeley CS61B: Data Structures (Spring 2024)"),
        ("cs61b", "duration", "4-5 hours/week for 8 weeks"),
        (
            "programming-interviews",
            "authors",
            ("Adnan Aziz", "Tsung-Hsien Lee", "Amit Prakash"),
        ),
        ("programming-interviews", "hours_per_week", Hours(low=3, high=3)),
        ("staff-engineers-path", "authors", ("Tanya Reilly",)),
    ],
)
def test_facts_on_resources_are_exact(roadmap, resource, field, value):
    assert getattr(_resources(roadmap)[resource], field) == value


@pytest.mark.parametrize(
    ("field", "count"),
    [
        ("focus", 14),
        ("why", 11),
        ("usage", 2),
        ("practice", 6),
        ("chapters", 1),
        ("services", 1),
        ("advanced", 1),
        ("resource", 1),
        ("instructor", 3),
        ("rating", 2),
        ("authors", 6),
        ("duration", 7),
    ],
)
def test_every_labelled_line_of_the_source_is_a_field(roadmap, field, count):
    given_ = [item for item in _resources(roadmap).values() if getattr(item, field)]
    assert len(given_) == count


def test_practices_are_checklist_lines_of_their_phase(roadmap):
    found = {
        phase.id: [(practice.id, practice.resource) for practice in phase.practices]
        for phase in roadmap.phases
    }
    assert found == {
        1: [],
        2: [],
        3: [("prisma-task-api", "prisma-integration")],
        4: [
            ("mock-system-design", "system-design-interview"),
            ("automated-deployment", "docker-kubernetes"),
            ("production-deployment", "aws-developer"),
        ],
        5: [
            ("interview-questions", "programming-interviews"),
            ("presentations-documentation", "staff-engineers-path"),
        ],
    }
    assert all(item.phase == phase.id for phase in roadmap.phases for item in phase.practices)


def test_projects_have_phase_weeks_features_and_milestones(roadmap):
    found = [
        f"{project.id} {project.phase} {project.weeks} "
        f"{','.join(feature.id for feature in project.features)} {','.join(project.milestones)}"
        for project in roadmap.projects
    ]
    assert found == PROJECTS.splitlines()


def test_projects_have_their_stack_and_labelled_lines(roadmap):
    projects = {project.id: project for project in roadmap.projects}
    assert projects["task-api"].stack == ("Node.js", "Express", "PostgreSQL (raw SQL)")
    assert projects["ecommerce-api"].stack == ("NestJS", "PostgreSQL", "Prisma", "JWT", "Redis")
    assert projects["chat-system"].stack[-1] == "AWS S3"
    assert "RabbitMQ" in projects["distributed-tasks"].stack
    assert projects["task-api"].goal
    assert projects["task-api"].deployment
    assert projects["ecommerce-api"].deployment
    assert projects["chat-system"].advanced
    assert projects["distributed-tasks"].architecture
    assert [project.label for project in roadmap.projects] == [
        "Week 5-6 Project",
        "Project 1",
        "Project 2",
        "Advanced Project",
        "",
    ]


def test_milestones_of_a_feature_follow_from_what_proves_them(roadmap):
    features = {feature.id: feature for feature in roadmap.projects[0].features}
    assert features["task-crud"].milestones == ("week-6", "week-12")
    assert features["auth"].milestones == ("week-12",)
    assert features["prisma"].milestones == ()


def test_the_stretch_feature_has_a_phase_and_weeks_of_its_own(roadmap):
    *musts, prisma = roadmap.projects[0].features
    assert (prisma.level, prisma.phase, prisma.weeks) == (
        Level.STRETCH,
        3,
        Weeks(first=13, last=16),
    )
    assert {(item.level, item.phase, str(item.weeks)) for item in musts} == {(Level.MUST, 2, "5-6")}


def test_the_seven_milestones(roadmap):
    found = [
        (item.id, item.week, " ".join(proof.project for proof in item.proven_by))
        for item in roadmap.milestones
    ]
    assert found == [
        ("week-6", 6, "task-api"),
        ("week-12", 12, "task-api"),
        ("week-16", 16, "ecommerce-api chat-system"),
        ("week-25", 25, ""),
        ("week-32", 32, "distributed-tasks"),
        ("week-40", 40, ""),
        ("week-48", 48, "interview-prep"),
    ]
    assert roadmap.milestones[0].title == "Deploy Node.js/Express API with PostgreSQL integration"


def test_the_three_application_windows(roadmap):
    assert [(window.title, window.week) for window in roadmap.windows] == [
        ("Mid-level positions", 16),
        ("Senior positions", 25),
        ("Principal/Staff positions", 40),
    ]


def test_the_weekly_schedule_has_every_day_for_two_hours(roadmap):
    assert [(item.title, str(item.weeks)) for item in roadmap.schedules] == [
        ("Backend Focus", "1-16"),
        ("Systems & Leadership", "17-48"),
    ]
    for schedule in roadmap.schedules:
        assert sorted(day for slot in schedule.slots for day in slot.days) == sorted(
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        )
        assert {slot.hours for slot in schedule.slots} == {2}
        assert schedule.hours_per_week == 14


def test_further_reading_and_investment(roadmap):
    assert {shelf.title: len(shelf.books) for shelf in roadmap.reading} == {
        "Architecture & Design Patterns": 3,
        "Operations & Reliability": 2,
        "Professional Development": 2,
        "Advanced System Design": 2,
    }
    assert roadmap.reading[0].books[0].authors == ("Mario Casciaro", "Luciano Mammino")
    assert roadmap.investment.total == "~$200-300"
    assert [(item.cost, item.note) for item in roadmap.investment.items] == [
        ("$10-50 each", "lifetime access"),
        ("access included", ""),
        ("$30-50 each", ""),
    ]
    assert len(roadmap.investment.criteria) == 4


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("task-api", ["7-12", "5-6"]),
        ("ecommerce-api", ["13-16", "12-14"]),
        ("mid-level", ["week 12", "week 16"]),
        ("backend-first", ["10-12 hours", "14"]),
        ("data-structures-algorithms", ["4 hours", "4-5 hours"]),
    ],
)
def test_where_the_source_disagrees_both_facts_stand_in_a_note(roadmap, place, words):
    text = " ".join(note.text for note in notes_about(roadmap, place))
    assert all(word in text for word in words)
