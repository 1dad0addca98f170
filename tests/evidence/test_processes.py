"""Programs of the project: heard line by line, and gone with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffolder.errors import ToolUnusable
from scaffolder.evidence import processes
from scaffolder.evidence.processes import run

# Only for what hangs; whatever works is done long before.
PATIENCE_S = 60


@pytest.fixture
def start(tmp_path):
    """Run a shell's command line, and return how it ended and what was said."""

    def start(command, *, limit_s=PATIENCE_S, say=None):
        heard = []
        ended = run(
            command if isinstance(command, list) else ["sh", "-c", command],
            root=tmp_path,
            environment=os.environ,
            say=say or heard.append,
            limit_s=limit_s,
        )
        return ended, heard

    return start


@dataclass
class Clock:
    """Time stands still until enough lines were heard; then all of it is up."""

    lines: int = 1
    heard: list[str] = field(default_factory=list)

    def monotonic(self) -> float:
        return 1e9 * (len(self.heard) >= self.lines)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(processes, "time", clock)
    return clock


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(holds) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def pids(tmp_path, count=1):
    """Return the processes that wrote their ids to `pids`."""
    wait_until(lambda: len((tmp_path / "pids").read_text().split()) >= count)
    return [int(pid) for pid in (tmp_path / "pids").read_text().split()]


def all_gone(tmp_path, count):
    # KILL has been sent when `run` returns; the kernel may need a moment.
    found = pids(tmp_path, count)
    wait_until(lambda: not any(is_alive(pid) for pid in found))


@pytest.fixture(autouse=True)
def no_pids(tmp_path):
    (tmp_path / "pids").touch()


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_the_exit_code_is_told(start, code):
    ended, _ = start(f"exit {code}")
    assert (ended.code, ended.late) == (code, False)


def test_a_signal_is_a_negative_code(start):
    ended, _ = start("kill -9 $$")
    assert (ended.code, ended.late) == (-9, False)


def test_it_runs_in_the_folder_with_the_given_variables_and_nothing_to_read(tmp_path):
    heard = []
    run(
        ["sh", "-c", 'pwd; echo "[$GIVEN][$HOME]"; cat'],
        root=tmp_path,
        environment={"PATH": os.environ["PATH"], "GIVEN": "x"},
        say=heard.append,
        limit_s=PATIENCE_S,
    )
    assert heard == [str(tmp_path), "[x][]"]


def test_both_streams_are_heard_in_order(start):
    ended, heard = start("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done")
    assert heard == [f"{stream} {i}" for i in range(1, 6) for stream in ("out", "err")]
    assert ended.output == tuple(heard)


def test_each_line_is_said_as_it_comes(start, tmp_path):
    """The program goes on only when its first line was heard."""

    def say(line):
        (tmp_path / f"heard-{line}").touch()

    ended, _ = start("echo one; until [ -e heard-one ]; do sleep 0.01; done; echo two", say=say)
    assert (ended.code, ended.late) == (0, False)
    assert (tmp_path / "heard-two").exists()


def test_the_last_lines_are_complete_and_many_are_kept(start):
    ended, heard = start("seq 20000; printf 'no line end'")
    assert heard == [*map(str, range(1, 20001)), "no line end"]
    assert ended.output == tuple(heard[-200:])


def test_a_line_that_comes_between_two_looks_is_not_lost(start, monkeypatch):
    """It comes after the output was looked at, and before the process was: then it has ended."""
    poll = subprocess.Popen.poll

    def late(process):
        process.wait()
        return poll(process)

    monkeypatch.setattr(subprocess.Popen, "poll", late)
    # Longer than the output is waited for.
    _, heard = start("echo first; sleep 0.5; echo last")
    assert heard == ["first", "last"]


@settings(max_examples=15)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), max_size=20))
def test_any_lines_are_heard_as_they_are(start, lines):
    content = "".join(f"{line}\n" for line in lines)
    code = "import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))"
    _, heard = start([sys.executable, "-S", "-c", code, content.encode().hex()])
    assert heard == lines


def test_bytes_that_are_no_text_are_replaced(start):
    _, heard = start(r"printf 'a\377b\n\303\n\000\n'; printf '\360\237\222'")
    assert heard == ["a\ufffdb", "\ufffd", "\0", "\ufffd"]


@pytest.mark.parametrize("length", [3999, 4000, 4001, 8000, 1_000_000])
def test_a_long_line_comes_in_pieces_and_loses_nothing(start, length):
    ended, heard = start(f"head -c {length} /dev/zero | tr '\\0' x; echo; echo end")
    assert heard[-1] == "end"
    assert "".join(heard[:-1]) == "x" * length
    assert max(map(len, heard)) <= 4000
    assert sum(map(len, ended.output)) <= 200 * 4000


def test_a_program_that_prints_no_line_end_and_hangs_is_ended(start):
    ended, _ = start("printf 'waiting...'; exec sleep 60", limit_s=0.3)
    assert ended.late


def test_carriage_returns_end_a_line_as_well(start):
    assert start(r"printf '10%%\r20%%\rdone\r\n'")[1] == ["10%", "20%", "done"]


def test_a_program_that_is_not_there(start):
    with pytest.raises(ToolUnusable, match="no-such-program cannot be run: No such file"):
        start(["no-such-program"])


def test_a_program_that_may_not_be_run(start, tmp_path):
    (tmp_path / "x").write_text("not a program")
    with pytest.raises(ToolUnusable, match="x cannot be run: Permission denied"):
        start([str(tmp_path / "x")])


def test_a_program_is_looked_for_on_the_given_path(tmp_path):
    (tmp_path / "tool").write_text("#!/bin/sh\necho mine\n")
    (tmp_path / "tool").chmod(0o755)
    heard = []
    run(
        ["tool"],
        root=tmp_path,
        environment={"PATH": str(tmp_path)},
        say=heard.append,
        limit_s=PATIENCE_S,
    )
    assert heard == ["mine"]


CHILD = "sh -c 'echo $$ >> pids; exec sleep 300'"
STUBBORN = "sh -c 'trap \"\" TERM INT HUP; echo $$ >> pids; while :; do sleep 0.05; done'"
STARTED = "until [ $(wc -l < pids) -ge {count} ]; do sleep 0.01; done"


def test_what_it_leaves_behind_is_gone_when_it_ends(start, tmp_path):
    quiet = " >/dev/null 2>&1 &"
    command = CHILD + quiet + STUBBORN + quiet + STARTED.format(count=2)
    ended, _ = start(command)
    assert (ended.code, ended.late) == (0, False)
    all_gone(tmp_path, 2)


def test_a_silent_child_that_holds_the_output_open_keeps_nobody_waiting(start, tmp_path):
    ended, heard = start(f"{CHILD} & {STARTED.format(count=1)}; echo done")
    assert (ended.code, ended.late, heard) == (0, False, ["done"])
    all_gone(tmp_path, 1)


def test_a_talking_child_that_holds_the_output_open_keeps_nobody_waiting(start, tmp_path):
    """As a server does that was started in the background and logs."""
    chatter = "sh -c 'echo $$ >> pids; while :; do echo still here; sleep 0.01; done'"
    heard = []

    def say(line):
        heard.append(line)
        assert len(heard) < 400, "listens to what its program left behind"

    ended, _ = start(f"{chatter} & {STARTED.format(count=1)}", say=say)
    assert (ended.code, ended.late) == (0, False)
    all_gone(tmp_path, 1)


def test_a_child_in_a_session_of_its_own_keeps_nobody_waiting(start, tmp_path):
    ended, _ = start(f"setsid {CHILD} & {STARTED.format(count=1)}")
    assert (ended.code, ended.late) == (0, False)
    for pid in pids(tmp_path):
        os.kill(pid, signal.SIGKILL)


def test_when_time_is_up_the_whole_group_is_gone(start, tmp_path, clock):
    command = f"{CHILD} & {CHILD} & {STARTED.format(count=2)}; echo started; wait"
    ended, _ = start(command, say=clock.heard.append)
    assert ended.late
    assert ended.code == -signal.SIGTERM
    assert ended.output == ("started",)
    all_gone(tmp_path, 2)


def test_a_program_may_end_in_its_own_way_when_time_is_up(start, tmp_path, clock):
    trap = "trap 'echo cleaned > cleaned; exit 7' TERM; echo $$ >> pids"
    command = f"{trap}; echo started; while :; do sleep 0.01; done"
    ended, _ = start(command, say=clock.heard.append)
    assert (ended.late, ended.code) == (True, 7)
    assert (tmp_path / "cleaned").read_text() == "cleaned\n"
    all_gone(tmp_path, 1)


def test_a_program_that_ignores_all_is_killed(start, tmp_path, monkeypatch, clock):
    monkeypatch.setattr(processes, "_GRACE_S", 0.2)
    trap = "trap '' TERM; echo $$ >> pids"
    command = f"{STUBBORN} & {trap}; {STARTED.format(count=2)}; echo x; while :; do sleep 1; done"
    ended, _ = start(command, say=clock.heard.append)
    assert (ended.late, ended.code) == (True, -signal.SIGKILL)
    all_gone(tmp_path, 2)


def test_a_program_that_talks_without_end_is_ended(start, clock):
    clock.lines = 1000
    ended, _ = start("yes", say=clock.heard.append)
    assert ended.late
    assert ended.output == ("y",) * 200


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_if_nobody_can_listen_the_whole_group_is_gone(start, tmp_path, error):
    def say(line):
        raise error

    with pytest.raises(error):
        start(f"{CHILD} & {STARTED.format(count=1)}; echo x; wait", say=say)
    all_gone(tmp_path, 1)


RUNNER = """
import os, sys
from pathlib import Path
from scaffolder.evidence import processes
processes._GRACE_S = float(sys.argv[3])
try:
    processes.run(["sh", "-c", sys.argv[1]], root=Path(sys.argv[2]), environment=os.environ,
                  say=lambda line: print(line, flush=True), limit_s=300)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def runner(command, tmp_path, grace=30.0):
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, command, str(tmp_path), str(grace)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_after_an_interruption_the_whole_group_is_gone(tmp_path):
    command = f"{CHILD} & {CHILD} & {STARTED.format(count=2)}; echo ready; wait"
    with runner(command, tmp_path) as outer:
        assert outer.stdout.readline() == "ready\n"
        outer.send_signal(signal.SIGINT)
        assert outer.communicate()[0] == "interrupted\n"
    all_gone(tmp_path, 2)


def test_an_interruption_while_it_starts_leaves_nothing(start, tmp_path, monkeypatch, signals):
    class Interrupted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            os.kill(os.getpid(), signal.SIGINT)
            wait_until((tmp_path / "started").exists)

    monkeypatch.setattr(processes.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        start(f"{CHILD} & {STARTED.format(count=1)}; touch started; wait")
    all_gone(tmp_path, 1)


def test_a_second_interruption_kills_at_once(tmp_path):
    """After the first one a program that takes no notice would be waited for."""
    trap = "trap 'touch asked' TERM"
    command = f"{STUBBORN} & {STARTED.format(count=1)}; {trap}; echo ready; wait; wait"
    with runner(command, tmp_path, grace=600) as outer:
        assert outer.stdout.readline() == "ready\n"
        outer.send_signal(signal.SIGINT)
        wait_until((tmp_path / "asked").exists)
        outer.send_signal(signal.SIGINT)
        assert outer.communicate(timeout=PATIENCE_S)[0] == "interrupted\n"
    all_gone(tmp_path, 1)


def test_no_descriptor_is_left_open(start):
    start("exit 0")

    def count():
        return len(os.listdir("/proc/self/fd"))

    before = count()
    for _ in range(5):
        start("echo x; sleep 300 & exit 1")
        start("exec sleep 300", limit_s=0.05)
    wait_until(lambda: count() == before)
