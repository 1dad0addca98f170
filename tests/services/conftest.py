"""Services in a folder for temporary files that is a test's own."""

import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from scaffolder.services.models import Private, Probe, Service

# Answers each line with the number of lines that it ever got, and keeps that in a file.
COUNTER = """\
#!{python}
import pathlib, socket, sys
port, file = int(sys.argv[1]), pathlib.Path(sys.argv[2])
listener = socket.create_server(("127.0.0.1", port))
while True:
    connection, _ = listener.accept()
    with connection, connection.makefile("rw") as stream:
        if stream.readline() == "count\\n":
            file.write_text(file.read_text() + "." if file.exists() else ".")
            stream.write(f"{{len(file.read_text())}}\\n")
        else:
            stream.write("hello\\n")
"""


@pytest.fixture(scope="session")
def places():
    """Make folders that other accounts reach, as they do not reach those of pytest."""
    made = []

    def make():
        made.append(Path(tempfile.mkdtemp(prefix="services-", dir="/tmp")))
        made[-1].chmod(0o755)
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder)


@pytest.fixture
def scratch(places):
    """Where the keeper makes its folder; it must be empty in the end."""
    folder = places()
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def environ(scratch, tmp_path):
    """An environment with nothing given, and no Docker."""
    folders = os.environ["PATH"].split(os.pathsep)
    kept = [folder for folder in folders if not (Path(folder) / "docker").exists()]
    path = os.pathsep.join([str(tmp_path / "bin"), *kept])
    return {"PATH": path, "HOME": str(tmp_path), "TMPDIR": str(scratch)}


@pytest.fixture
def program(tmp_path):
    """Put a program on PATH."""

    def write(name, text):
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(file.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)

    return write


@pytest.fixture
def counter(program):
    """A service as a plugin may bring it."""
    program("counter-server", COUNTER.format(python=sys.executable))
    return Service(
        id="counter",
        title="Counter",
        variable="ACCEPTANCE_COUNTER_URL",
        url="counter://127.0.0.1:{port}",
        default_port=4000,
        probe=Probe(send=b"\n", expect=b"hello"),
        packages={"apt-get install": "counter-server", "brew install": "counter"},
        private=Private(
            programs=("counter-server",),
            start=("counter-server", "{port}", "{folder}/count"),
        ),
    )
