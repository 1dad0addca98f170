"""Prisma, and what generated projects do without it, agree about the database.

The shop's migrations are applied by a runner of its own, which needs no engine; its developers
write them with `prisma migrate`. Both keep the same books. The Task API's tables are made by plain
SQL, and Prisma reads them. Prisma's engine is a stand-in, built of its own packages.
"""

import json
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from scaffolder.services.programs import locate
from tests.generated.variants import COMPLETE, SUBJECTS, the_shop
from tests.support.checkout import ROOT
from tests.support.postgres import PRIVATE, ask, new_database

pytestmark = [pytest.mark.npm, pytest.mark.services]

MIGRATIONS = sorted(
    path.parent.name
    for path in (SUBJECTS["ecommerce-api"].root / "files/prisma/migrations").glob("*/migration.sql")
)
NEXT = "99991231235959_next"
LEDGER = """
    select migration_name, checksum, finished_at is not null, rolled_back_at, applied_steps_count
    from _prisma_migrations order by started_at, migration_name
"""


@pytest.fixture(scope="module")
def engine(workshops):
    """The stand-in for the engine, with its packages."""
    place = workshops.root / "schema_engine"
    shutil.copytree(ROOT / "tests/support/schema_engine", place)
    done = workshops.run(["npm", "ci", "--ignore-scripts"], place)
    assert done.returncode == 0, done.stderr
    return place / "engine.mjs"


@pytest.fixture(scope="module")
def project(workshop, installed, template):
    """A project that can migrate."""
    project = installed.new(*(COMPLETE if template == "task-api" else ()))
    done = workshop.run(["npm", "run", "build", "--if-present"], project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def database(postgres):
    return new_database(postgres)


@pytest.fixture
def migrate(workshop, project):
    """Let the runner apply what is pending, and return how it ended and what it applied."""

    def migrate(database):
        command = ["npm", "run", "--silent", "migrate"]
        done = workshop.run(command, project, DATABASE_URL=database)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done, [name for line in lines for name in line.get("applied", ())]

    return migrate


@pytest.fixture
def prisma(workshop, project, engine):
    """Run a command of Prisma's."""

    def prisma(database, *words, folder="."):
        command = [str(project / folder / "node_modules/.bin/prisma"), *words]
        variables = {"DATABASE_URL": database, "PRISMA_SCHEMA_ENGINE_BINARY": str(engine)}
        return workshop.run(command, project / folder, **variables)

    return prisma


@contextmanager
def next_migration(project, sql):
    """Have one more migration for a while."""
    folder = project / "prisma/migrations" / NEXT
    folder.mkdir()
    (folder / "migration.sql").write_text(sql)
    try:
        yield
    finally:
        shutil.rmtree(folder)


def dump(database):
    """Return the statements that make such a database."""
    program = locate("pg_dump", PRIVATE.private.places)
    command = [str(program), "--schema-only", "--no-owner", database]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # Newer ones begin and end with a random word.
    return [line for line in done.stdout.splitlines() if not line.startswith("\\")]


@the_shop
def test_what_the_runner_applied_prisma_takes_for_its_own(migrate, prisma, database):
    done, applied = migrate(database)
    assert applied == MIGRATIONS, done.stdout + done.stderr
    before = ask(database, LEDGER)
    done = prisma(database, "migrate", "status")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Database schema is up to date!" in done.stdout
    done = prisma(database, "migrate", "deploy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No pending migrations to apply." in done.stdout
    assert ask(database, LEDGER) == before


@the_shop
def test_what_prisma_applied_the_runner_takes_for_its_own(migrate, prisma, database, postgres):
    done = prisma(database, "migrate", "deploy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All migrations have been successfully applied." in done.stdout
    done, applied = migrate(database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert applied == []
    other = new_database(postgres)
    migrate(other)
    assert ask(database, LEDGER) == ask(other, LEDGER)
    assert len(ask(database, LEDGER)) == len(MIGRATIONS)
    assert dump(database) == dump(other)


@the_shop
def test_one_goes_on_where_the_other_stopped(migrate, prisma, project, database):
    migrate(database)
    with next_migration(project, "create table next ();"):
        done = prisma(database, "migrate", "status")
        assert done.returncode == 1
        assert NEXT in done.stdout
        done = prisma(database, "migrate", "deploy")
        assert done.returncode == 0, done.stdout + done.stderr
        assert migrate(database)[1] == []


@the_shop
def test_a_migration_that_failed_under_prisma_stops_the_runner(migrate, prisma, project, database):
    migrate(database)
    with next_migration(project, "select 1 / 0;"):
        assert prisma(database, "migrate", "deploy").returncode != 0
        done, applied = migrate(database)
        assert done.returncode != 0
        assert applied == []
        assert f"{NEXT} failed before" in done.stdout
        done = prisma(database, "migrate", "resolve", "--rolled-back", NEXT)
        assert done.returncode == 0, done.stdout + done.stderr
    assert migrate(database)[0].returncode == 0
    assert prisma(database, "migrate", "status").returncode == 0


@the_shop
def test_a_migration_that_failed_under_the_runner_does_not_stop_prisma(
    migrate, prisma, project, database
):
    with next_migration(project, "create table half_done (); select 1 / 0;"):
        assert migrate(database)[0].returncode != 0
        done = prisma(database, "migrate", "status")
        assert "not yet been applied" in done.stdout
    assert prisma(database, "migrate", "deploy").returncode == 0
    assert ask(database, "select to_regclass('half_done')") == [""]


@the_shop
def test_the_schema_is_what_the_migrations_make(prisma, project, database):
    words = ("migrate", "diff", "--from-migrations", "prisma/migrations")
    words += ("--to-schema", "prisma/schema.prisma", "--exit-code")
    done = prisma(database, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No difference detected." in done.stdout
    with next_migration(project, "alter table products add column colour text;"):
        done = prisma(database, *words)
        assert done.returncode == 2
        assert "Removed column `colour`" in done.stdout


def test_prisma_reads_the_tables_of_the_task_api(migrate, prisma, database):
    assert migrate(database)[0].returncode == 0
    words = ("migrate", "diff", "--from-config-datasource", "--to-schema", "schema.prisma")
    done = prisma(database, *words, "--exit-code", folder="prisma-repository")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No difference detected." in done.stdout
    ask(database, "alter table tasks add column colour text")
    done = prisma(database, *words, "--exit-code", folder="prisma-repository")
    assert done.returncode == 2
    assert "Removed column `colour`" in done.stdout
