"""The judge `wire` as it is meant to be used: real daemons, out of Debian's packaged source."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def source() -> str:
    path = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert path, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    return path


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Go's cache and the daemons are kept between the tests of this module."""
    given = os.environ.get("GOPATCH_WORK")
    return Path(given) if given else tmp_path_factory.mktemp("work")


def command(source: str, work: Path, *more: str) -> list[str]:
    by = ["verify", "--docker-src", source, "--by", "wire", "--work", str(work)]
    docker = os.environ.get("GOPATCH_DOCKER")
    client = ["--docker", docker] if docker else []
    return [sys.executable, "-m", "gopatch", *by, *client, *more]


def built(source: str, work: Path) -> list[str]:
    """The options that name the daemons which the conversation has left in the work folder."""
    stock = next(work.glob("run/*/dockerd/stock"), None)
    if stock is None:
        # Run alone, a test builds them itself.
        return command(source, work)
    return command(
        source, work, "--dockerd", str(stock), "--dockerd-patched", str(stock.parent / "patched")
    )


def inside() -> list[str]:
    """The command lines of all processes that a room starts and nobody else here does."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if "/run/gopatch/" in words or "gopatch.verify._wire.inside" in words:
            found.append(words)
    return found


def traces() -> dict[str, Any]:
    """What a room could leave behind on the machine."""
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    return {
        "mounts": sorted(line for line in mounts if "gopatch" in line),
        "namespaces": sorted(os.listdir("/run/netns")) if Path("/run/netns").is_dir() else [],
        "folders": [
            p for p in ("/run/gopatch", "/run/docker", "/var/lib/docker") if Path(p).exists()
        ],
        "etc": sorted(os.listdir("/etc/docker")) if Path("/etc/docker").is_dir() else [],
    }


def test_the_whole_conversation(source: str, work: Path) -> None:
    before = traces()
    done = subprocess.run(
        command(source, work, "--json", "--allow-partial"),
        check=False,
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    (verdict,) = json.loads(done.stdout)["verdicts"]
    assert verdict["status"] == "pass"
    totals = {case["name"]: case["total"] for case in verdict["cases"]}
    assert totals["attempts as the model's"] >= 100
    assert totals["stock: HTTPS only"] >= 30
    assert totals["option on: login works"] >= 4
    assert totals["option on: pull-digest works"] >= 4
    assert totals["--insecure-registry: as stock"] >= 30
    assert not inside()
    assert traces() == before


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_stays_behind_when_it_is_ended_midway(
    source: str, work: Path, how: signal.Signals
) -> None:
    before = traces()
    # A shell starts what goes on in the background with SIGINT ignored, and that is inherited.
    command = ["env", "--default-signal=INT", *built(source, work)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait(lambda: any("dockerd" in words for words in inside()), 1200)
            process.send_signal(how)
            assert process.wait(30) != 0
        finally:
            process.kill()
    wait(lambda: not inside(), 30)
    assert traces() == before


def test_the_time_limit_ends_everything(source: str, work: Path) -> None:
    done = subprocess.run(
        [*built(source, work), "--time-limit", "3"],
        check=False, capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 2
    assert "took too long" in done.stderr
    wait(lambda: not inside(), 30)


def wait(until: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, inside()
        time.sleep(0.1)
