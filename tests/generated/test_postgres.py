"""The private PostgreSQL of the tests leaves nothing behind, however the tests end."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.checkout import ROOT

pytestmark = pytest.mark.services
OWNER = """\
import sys
from tests.support.postgres import private_postgres
with private_postgres() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def servers(port):
    """Return the processes of the server on that port."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if port.encode() in line and b"fsync=off" in line:
            found.append(entry.name)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_ends_with_its_owner(number):
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={"TMPDIR": "/tmp", "PATH": "/usr/bin:/bin"},  # noqa: S108 - postgres must reach it
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        url = owner.stdout.readline()
        port = url.rpartition(":")[2].partition("/")[0]
        assert servers(port)
        owner.send_signal(number)
        owner.wait(60)
    deadline = time.monotonic() + 30
    while servers(port):
        assert time.monotonic() < deadline
        time.sleep(0.05)
