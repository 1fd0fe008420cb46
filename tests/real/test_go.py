"""The judge `go` with a real toolchain: on fixtures, on wrong ports, and on Debian's source."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from gopatch.verify._go import visits
from tests.conftest import FIXTURES, files
from tests.drawing import one_of

pytestmark = pytest.mark.real

OPTION = "accept-insecure-registry"
SECOND = ("road: ", "start: ")
ANSWERED = "return timedOut(err) || isPlainHTTP(err) || readsLikeNoAnswer(err.Error(), refuses)"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the servers that let everybody wait: Debian's source is asked about them."""
    few = tuple(registry for registry in visits.REGISTRIES if not registry.slow)
    monkeypatch.setattr(visits, "REGISTRIES", few)


@pytest.fixture
def verify(work: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the judge: its opinion, and the cases that are no pass, but for those of the second harness."""

    def run(source: Path, *more: str) -> tuple[dict[str, Any], dict[str, str]]:
        command = ["verify", "--docker-src", str(source), "--by", "go", "--json", "--allow-partial"]
        code = main([*command, "--work", str(work), *more])
        found = json.loads(capsys.readouterr().out)
        (opinion,) = found["verdicts"]
        assert (code == 0) == (found["verdict"] in ("pass", "partial"))
        bad = {c["name"]: c["status"] for c in opinion["cases"] if c["status"] != "pass"}
        return opinion, {name: bad[name] for name in bad if not name.startswith(SECOND)}

    return run


def second(opinion: dict[str, Any]) -> dict[str, str]:
    """The cases of the second harness that are no pass."""
    found = {c["name"]: c["status"] for c in opinion["cases"] if c["name"].startswith(SECOND)}
    return {name: status for name, status in found.items() if status != "pass"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fixture", ["v1.8.3", *one_of(["v1.10.3", "v23.0.18"]), "docker-v29"])
def test_a_right_port_passes(fixture: str, verify: Any) -> None:
    before = files(FIXTURES / fixture)
    verdict, bad = verify(FIXTURES / fixture)
    assert bad == {}, verdict
    totals = {case["name"]: case["total"] for case in verdict["cases"]}
    assert totals["harness: original"] == totals["harness: port"] == 5000
    assert any(total for name, total in totals.items() if name.endswith("registry"))
    assert any("TestAcceptInsecureRegistry" in line for line in verdict["summary"])
    assert second(verdict) == {}
    assert {"road: pull", "road: push", "start: flag", "start: key"} <= totals.keys()
    assert files(FIXTURES / fixture) == before


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fixture", one_of(["v1.3.1", "v1.4.1", "v1.5.0", "v1.7.1", "v1.8.2"]))
def test_a_right_port_of_old_passes_and_without_its_rail_it_leaks(
    fixture: str, tmp_path: Path, verify: Any
) -> None:
    verdict, bad = verify(FIXTURES / fixture, "--cases", "1")
    assert bad == second(verdict) == {}, verdict
    road = "road: pull" if fixture == "v1.8.2" else "road: ping"
    assert next(c["total"] for c in verdict["cases"] if c["name"] == road) > 50
    tree = Path(shutil.copytree(FIXTURES / fixture, tmp_path / "docker"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    path = tree / "registry" / "https_answer.go"
    text = path.read_text()
    assert ANSWERED in text
    path.write_text(text.replace(ANSWERED, "return true"))
    verdict, _ = verify(tree, "--against", str(FIXTURES / fixture), "--cases", "1")
    assert second(verdict)[road] == "fail"
    assert any("a leak: " in line for line in verdict["summary"])


@pytest.mark.usefixtures("quick")
def test_a_ref_is_judged_like_a_folder(repository: Path, verify: Any) -> None:
    _, bad = verify(repository, "--ref", "v20.10.27", "--cases", "1")
    assert bad == {}


TALKS = {"traffic: login": "fail", "traffic: search": "fail"}
LOGIN = {"traffic: login": "fail"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("patch", ["always-http", "skip-verify"])
def test_the_crude_patches_are_condemned(patch: str, verify: Any) -> None:
    verdict, bad = verify(FIXTURES / "v20.10.27", "--patch", patch, "--cases", "1")
    assert bad == {"harness: option": "fail", "harness: port": "fail", **TALKS}
    assert "--case '" in verdict["counterexample"]


GUARD = "s.acceptInsecureRegistry && !IsDockerHub(hostname) || tlsConfig.InsecureSkipVerify"
V2, SERVICE = "registry/service_v2.go", "registry/service.go"
BOTH = {"harness: port": "fail", "tests: registry": "fail"}
CLOSED = {**BOTH, **LOGIN}  # the option opens nothing, and a login shows it
MUTANTS = [
    pytest.param(V2, GUARD, "tlsConfig.InsecureSkipVerify", CLOSED, id="guard-lost"),
    pytest.param(V2, GUARD, GUARD.replace("s.a", "!s.a"), CLOSED, id="negated"),
    pytest.param(V2, GUARD, GUARD.replace("||", "&&"), CLOSED, id="and-for-or"),
    pytest.param(V2, " && !IsDockerHub(hostname)", "", BOTH, id="docker-hub-too"),
    pytest.param(
        V2, "!IsDockerHub(hostname)", 'hostname != "docker.io"', BOTH, id="one-name-of-docker-hub"
    ),
    pytest.param(
        V2, f"\tif {GUARD}", f"\ttlsConfig.InsecureSkipVerify = true\n\tif {GUARD}", CLOSED, id="tls-off"
    ),
    pytest.param(V2, 'Scheme: "http",', 'Scheme: "https",', CLOSED, id="https-twice"),
    pytest.param(V2, GUARD, f"({GUARD}", {"gofmt": "fail", "build": "fail", "tests: daemon": "fail", **BOTH}, id="no-go"),
    pytest.param(V2, GUARD, GUARD.replace(" && ", "&&"), {"gofmt": "fail"}, id="not-formatted"),
]  # fmt: skip


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("path", "old", "new", "expected"), MUTANTS)
def test_a_wrong_port_is_condemned(  # noqa: PLR0913 - a row of the table, and fixtures
    path: str, old: str, new: str, expected: dict[str, str], tmp_path: Path, verify: Any
) -> None:
    tree = Path(shutil.copytree(FIXTURES / "v20.10.27", tmp_path / "docker"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    text = (tree / path).read_text()
    assert old in text
    (tree / path).write_text(text.replace(old, new))
    verdict, bad = verify(tree, "--against", str(FIXTURES / "v20.10.27"), "--cases", "1")
    assert bad == expected, verdict
    assert verdict["status"] == "fail"


@pytest.mark.usefixtures("quick")
def test_a_difference_while_the_option_is_off_is_found_by_a_search(
    tmp_path: Path, verify: Any
) -> None:
    tree = Path(shutil.copytree(FIXTURES / "v20.10.27", tmp_path / "docker"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    original = ["--against", str(FIXTURES / "v20.10.27"), "--cases", "1", "--fuzz", "3"]
    right, bad = verify(tree, *original)
    assert bad == {}, right
    assert next(c["total"] for c in right["cases"] if c["name"] == "fuzz") >= 2000
    text = (tree / V2).read_text()
    (tree / V2).write_text(text.replace(GUARD, f'hostname == "zq9x.example:4711" || {GUARD}'))
    wrong, bad = verify(tree, *original)
    assert bad == {"fuzz": "fail"}, wrong
    assert """--case '{"host": "zq9x.example:4711"}'""" in wrong["counterexample"]


LEAKS = [
    pytest.param(SERVICE, "first.Skips(", "false && first.Skips(", "login", id="no-rail-at-login"),
    pytest.param(
        "registry/https_answer.go", ANSWERED, "return true", "search", id="all-is-no-answer"
    ),
]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("path", "old", "new", "road"), LEAKS)
def test_a_leak_on_a_road_is_seen(  # noqa: PLR0913 - a row of the table, and fixtures
    path: str, old: str, new: str, road: str, tmp_path: Path, verify: Any
) -> None:
    tree = Path(shutil.copytree(FIXTURES / "v20.10.27", tmp_path / "docker"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    text = (tree / path).read_text()
    assert old in text
    (tree / path).write_text(text.replace(old, new))
    opinion, bad = verify(tree, "--against", str(FIXTURES / "v20.10.27"), "--cases", "1")
    assert bad[f"traffic: {road}"] == "fail"
    assert any("a leak: " in line for line in opinion["summary"])


@pytest.mark.usefixtures("quick")
def test_a_counterexample_can_be_replayed(tmp_path: Path, verify: Any) -> None:
    verdict, _ = verify(FIXTURES / "v20.10.27", "--patch", "always-http", "--cases", "1")
    (line,) = (s for s in verdict["counterexample"].splitlines() if s.startswith("--case '"))
    case = line.removeprefix("--case '").removesuffix("'")
    again, bad = verify(FIXTURES / "v20.10.27", "--patch", "always-http", "--case", case)
    assert bad["harness: port"] == "fail"
    assert again["counterexample"] == verdict["counterexample"]
    right, bad = verify(FIXTURES / "v20.10.27", "--case", case)
    assert (right["status"], bad) == ("pass", {})


@pytest.mark.usefixtures("quick")
def test_new_findings_of_vet_and_lost_tests_are_told(tmp_path: Path, verify: Any) -> None:
    tree = Path(shutil.copytree(FIXTURES / "v20.10.27", tmp_path / "docker"))
    (tree / "registry" / "own_test.go").write_text(
        'package registry\n\nimport "testing"\n\nfunc TestOwn(t *testing.T) {}\n'
    )
    original = Path(shutil.copytree(tree, tmp_path / "original"))
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    (tree / "registry" / "own_test.go").unlink()
    with (tree / V2).open("a") as file:
        file.write("\nfunc same(a int) { a = a }\n")
    verdict, bad = verify(tree, "--against", str(original), "--cases", "1")
    assert bad == {"vet": "fail", "tests: registry": "fail"}, verdict


def test_debians_source_passes(verify: Any) -> None:
    path = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert path, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    verdict, bad = verify(Path(path))
    assert bad == second(verdict) == {}, verdict
