"""Programs are found in known places, the newest first, and then on PATH."""

import pytest

from scaffolder.services.programs import locate, version


def put(folder, name):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_the_newest_version_comes_first(tmp_path):
    for number in ("9.6", "15", "9.10"):
        put(tmp_path / number / "bin", "serve")
    assert locate("serve", [f"{tmp_path}/*/bin"]) == tmp_path / "15/bin/serve"


def test_path_is_asked_where_no_place_has_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "15/bin").mkdir(parents=True)
    program = put(tmp_path, "serve")
    assert locate("serve", [f"{tmp_path}/*/bin"]) == program
    assert locate("other", [f"{tmp_path}/*/bin"]) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("postgresql/15/bin/postgres", "15"),
        ("rabbitmq_server-3.10.8/sbin/rabbitmq-server", "3.10.8"),
        ("usr/bin/redis-server", ""),
        ("tools2/bin/redis-server", ""),
    ],
)
def test_the_path_of_a_program_may_tell_its_version(tmp_path, path, expected):
    assert version(tmp_path / "x" / path) == expected
