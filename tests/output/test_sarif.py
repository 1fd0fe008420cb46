"""SARIF of `check`: the rules of the standard, and what it tells a reviewer."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gopatch.output._port_view import view
from gopatch.output.sarif import log
from gopatch.port.outcome import Site
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from tests.cli.running import run
from tests.conftest import FIXTURES

COUNT = {"type": "integer", "minimum": 1}
TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}


def of(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    known = {name: {} for name in (required + " " + optional).split()} | properties
    return {
        "type": "object",
        "required": required.split(),
        "properties": known,
        "additionalProperties": False,
    }


# What SARIF 2.1.0 demands of the parts that we write, by the sections of the standard.
REGION = of("startLine", "startColumn", startLine=COUNT, startColumn=COUNT)  # 3.30
ARTIFACT = of(  # 3.4; 3.10: a relative reference, its base named
    "uri uriBaseId", uri={"type": "string", "pattern": "^[^/:\\\\ ][^:\\\\ ]*$"}
)
LOCATION = of(  # 3.28
    "physicalLocation",
    physicalLocation=of("artifactLocation region", artifactLocation=ARTIFACT, region=REGION),
)
RESULT = of(  # 3.27
    "ruleId ruleIndex kind level message locations partialFingerprints properties",
    message=TEXT,
    locations={"type": "array", "items": LOCATION},
    kind={"enum": ["pass", "open", "informational", "notApplicable", "review", "fail"]},
    level={"enum": ["none", "note", "warning", "error"]},
) | {
    # 3.27.10: where the kind is not "fail", the level is "none".
    "if": {"properties": {"kind": {"const": "fail"}}},
    "then": {"properties": {"level": {"not": {"const": "none"}}}},
    "else": {"properties": {"level": {"const": "none"}}},
}
RULE = of(  # 3.49
    "id shortDescription fullDescription defaultConfiguration properties",
    shortDescription=TEXT,
    fullDescription=TEXT,
    defaultConfiguration=of("level", level={"enum": ["none", "note", "warning", "error"]}),
)
DRIVER = of("name version rules", rules={"type": "array", "items": RULE, "uniqueItems": True})
LOG = of(  # 3.13, 3.14
    "$schema version runs",
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": of(
            "tool columnKind results properties",
            tool=of("driver", driver=DRIVER),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={"type": "array", "items": RESULT},
        ),
    },
)


def checked(source: Path, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, Any]:
    assert run("check", "--docker-src", source, "--sarif") == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(LOG).validate(found)
    return found


def results(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (one,) = found["runs"]
    rules = one["tool"]["driver"]["rules"]
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert len({r["ruleId"] for r in one["results"]}) == len(one["results"])
    return {r["ruleId"].partition("/")[2]: r for r in one["results"]}


@pytest.mark.parametrize("fixture", ["v1.3.1", "v1.13.1", "docker-v29", "debian"])
def test_what_fits_passes(fixture: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = results(checked(FIXTURES / fixture, capsys, 0))
    assert {r["kind"] for r in found.values()} <= {"pass", "notApplicable"}
    assert found["guard-v2"]["kind"] == "pass"
    assert found["guard-v2"]["locations"]


@pytest.fixture
def broken(tree: Path) -> Path:
    file = tree / "registry/service_v2.go"
    text = file.read_text()
    file.write_text(text.replace("\tif tlsConfig.Insecure", "\t/* é */ if tlsConfig.Other"))
    assert file.read_text() != text
    return tree


def test_what_fails_is_an_error_at_its_place(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = results(checked(broken, capsys, 1))
    (failed,) = [r for r in found.values() if r["level"] == "error"]
    assert failed["ruleId"] == "accept-insecure-registry/guard-v2"
    assert "stands there" in failed["message"]["text"]
    (place,) = [location["physicalLocation"] for location in failed["locations"]]
    assert place["artifactLocation"] == {
        "uri": "registry/service_v2.go",
        "uriBaseId": "%SRCROOT%",
    }
    line = (
        (broken / "registry/service_v2.go")
        .read_text()
        .splitlines()[place["region"]["startLine"] - 1]
    )
    # The column is one of characters, though the engine counts bytes.
    assert line[place["region"]["startColumn"] - 1 :].startswith("OtherSkipVerify")


def test_no_path_of_the_machine_is_told(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert str(broken.parent) not in json.dumps(checked(broken, capsys, 1))


def test_odd_paths_are_escaped() -> None:
    port = view(work_out(load("accept-insecure-registry"), open_source(FIXTURES / "v20.10.27")))
    first = port.edits[0]
    site = Site("a b/ä%.go", 3, 1)
    odd = first._replace(outcome=first.outcome._replace(sites=(site,)))
    found = log(port._replace(edits=(odd,)), "1", lambda _: None)
    jsonschema.Draft202012Validator(LOG).validate(found)
    place = found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%A4%25.go"
    assert place["region"] == {"startLine": 3}


def test_json_and_sarif_exclude_each_other(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--docker-src", tree, "--json", "--sarif") == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0.0"),
        (("runs", 0, "results", 0, "kind"), "failed"),
        (("runs", 0, "results", 0, "level"), "error"),
        (("runs", 0, "results", 0, "message"), {}),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region"), {"startLine": 0}),
    ],
)
def test_the_rules_refuse_what_is_no_sarif(
    path: tuple[str | int, ...], value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    found: Any = checked(FIXTURES / "v20.10.27", capsys, 0)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not jsonschema.Draft202012Validator(LOG).is_valid(found)


@pytest.mark.real
def test_the_published_schema_accepts_it(
    broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the schema of the standard, as the npm package of its test tools carries it."""
    npm = shutil.which("npm")
    assert npm, "install npm"
    command = [npm, "pack", "--silent", "@microsoft/jest-sarif@1.0.0-beta.0"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    (archive,) = tmp_path.glob("*.tgz")
    shutil.unpack_archive(archive, tmp_path / "schema", filter="data")
    (file,) = (tmp_path / "schema").rglob("sarif-2.1.0*.json")
    validator = jsonschema.Draft4Validator(json.loads(file.read_bytes()))
    validator.validate(checked(broken, capsys, 1))
    validator.validate(checked(FIXTURES / "v1.13.1", capsys, 0))
    assert not validator.is_valid({"version": "2.1.0"})
