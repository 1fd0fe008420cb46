"""The room from outside: what it is told, how long it may take, and that it always ends.

A script named `unshare`, first on PATH, stands for the namespaces, so that no root is needed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.room import observations

SEEN = Observation("graph", "on", "login", "192.0.2.10", "", ("a line",), 2)


@pytest.fixture
def unshare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the script; `body` is run with the plan in `plan`."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def stand_in(folder: Path, body: str) -> None:
    script = folder / "unshare"
    script.write_text(
        f"#!{sys.executable}\nimport json, os, sys, time\n"
        f"open({str(folder / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        f"plan = json.loads(sys.stdin.readline())\n{body}"
    )
    script.chmod(0o755)


def gone(folder: Path) -> bool:
    pid = int((folder / "pid").read_text())
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_is_seen_is_told(unshare: Path) -> None:
    stand_in(unshare, f"print({SEEN.line()!r})\nprint(json.dumps({{'done': plan['a'] == 1}}))\n")
    assert list(observations({"a": 1}, 30)) == [SEEN]
    assert gone(unshare)


def test_namespaces_of_every_kind_that_matters(unshare: Path) -> None:
    stand_in(unshare, "open(plan['to'], 'w').write(json.dumps(sys.argv))\nprint('{\"done\": 1}')\n")
    out = unshare / "arguments"
    assert list(observations({"to": str(out)}, 30)) == []
    given = json.loads(out.read_text())
    assert {"--net", "--mount", "--pid", "--kill-child"} <= set(given)
    assert given[-2:] == ["-m", "gopatch.verify._wire.inside"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("print(json.dumps({'broken': 'no tmpfs'}))\n", "no tmpfs"),
        ("sys.exit('unshare: no permission')\n", "no permission"),
        ("", "without a word"),
    ],
)
def test_a_room_that_breaks_down_says_why(unshare: Path, body: str, words: str) -> None:
    stand_in(unshare, body)
    with pytest.raises(SourceError, match=words):
        list(observations({}, 30))
    assert gone(unshare)


def test_the_time_is_bounded(unshare: Path) -> None:
    stand_in(unshare, "time.sleep(60)\n")
    start = time.monotonic()
    with pytest.raises(SourceError, match="too long"):
        list(observations({}, 0.5))
    assert time.monotonic() - start < 10
    assert gone(unshare)


def test_who_stops_listening_ends_it(unshare: Path) -> None:
    stand_in(unshare, f"print({SEEN.line()!r}, flush=True)\ntime.sleep(60)\n")
    told = observations({}, 30)
    assert next(told) == SEEN
    told.close()  # type: ignore[attr-defined]
    assert gone(unshare)


def test_an_interrupt_ends_it(unshare: Path) -> None:
    stand_in(unshare, f"print({SEEN.line()!r}, flush=True)\ntime.sleep(60)\n")
    told = observations({}, 30)
    next(told)
    with pytest.raises(KeyboardInterrupt):
        told.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert gone(unshare)
