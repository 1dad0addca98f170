"""The bytes of a template change only together with its version."""

import pytest

from scripts import lock_versions
from tests.support.checkout import ROOT, commit, git
from tests.support.templates import write_template

VERSION = ("greeter", "1.2.0")


def test_the_lock_knows_the_bytes_of_every_template():
    locked = lock_versions.parse((ROOT / lock_versions.LOCK).read_text())
    now = lock_versions.current(ROOT / "templates")
    stale = [key for key, digest in now.items() if locked.get(key) != digest]
    assert not stale, "raise the version in template.yml, then `make versions`"
    assert locked.items() >= lock_versions.published(ROOT).items()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one published template."""
    monkeypatch.setattr(lock_versions, "ROOT", tmp_path)
    write_template(tmp_path / "templates/greeter")
    assert lock_versions.main() == 0
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def lock(repository):
    return lock_versions.parse((repository / lock_versions.LOCK).read_text())


def test_writing_it_again_changes_nothing(repository):
    assert lock_versions.main() == 0
    assert git(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize("path", ["greeter/files/Procfile", "layers/base/README.md"])
def test_a_published_version_keeps_its_bytes(repository, path, capsys):
    before = lock(repository)
    (repository / "templates" / path).write_text("changed\n")
    assert lock_versions.main() == 1
    assert "1.2.0 is published; raise the version" in capsys.readouterr().err
    assert lock(repository) == before


def test_an_executable_bit_is_a_change_too(repository):
    (repository / "templates/greeter/files/Procfile").chmod(0o755)
    assert lock_versions.main() == 1


def test_a_new_version_stands_beside_the_old_one(repository):
    before = lock(repository)
    manifest = repository / "templates/greeter/template.yml"
    manifest.write_text(manifest.read_text().replace("1.2.0", "1.3.0"))
    assert lock_versions.main() == 0
    after = lock(repository)
    assert after[VERSION] == before[VERSION]
    assert after["greeter", "1.3.0"] != before[VERSION]


def test_a_version_that_nobody_has_seen_may_still_change(repository):
    manifest = repository / "templates/greeter/template.yml"
    manifest.write_text(manifest.read_text().replace("1.2.0", "1.3.0"))
    lock_versions.main()
    unpublished = lock(repository)["greeter", "1.3.0"]
    (repository / "templates/greeter/files/Procfile").write_text("changed\n")
    assert lock_versions.main() == 0
    assert lock(repository)["greeter", "1.3.0"] != unpublished
