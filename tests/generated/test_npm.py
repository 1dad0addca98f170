"""Every variant installs, lints, type-checks and passes its own tests under Node 24."""

import pytest

from tests.generated.conftest import locked_folders
from tests.generated.variants import COMPLETE, every_template, every_variant
from tests.support.checkout import git

pytestmark = pytest.mark.npm


@every_template
def test_each_lock_file_is_complete_for_every_platform(workshop):
    project = workshop.sample(*COMPLETE)
    for folder in locked_folders(project):
        done = workshop.run(["npm", "ci", "--dry-run"], project / folder)
        assert done.returncode == 0, done.stderr


@every_template
def test_nothing_is_deprecated_or_left_to_run_at_install(workshop):
    project = workshop.generate()
    done = workshop.run(["npm", "ci", "--ignore-scripts"], project)
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr
    assert "EBADENGINE" not in done.stderr


@every_template
def test_nothing_is_deprecated_beside_the_root(installed):
    installed.variant(*COMPLETE)
    for said in installed.said.values():
        assert "deprecated" not in said
        assert "EBADENGINE" not in said


@every_variant
@pytest.mark.parametrize("script", ["lint", "typecheck", "test"])
def test_a_script_passes(workshop, installed, options, script):
    project = installed.variant(*options)
    done = workshop.run(["npm", "run", script], project)
    assert done.returncode == 0, done.stdout + done.stderr


@every_variant
def test_the_tree_is_still_clean_afterwards(installed, options):
    assert git(installed.variant(*options), "status", "--porcelain") == ""
