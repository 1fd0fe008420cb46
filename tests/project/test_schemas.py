"""What is written for programs is as docs/schema says, and the schemas say all of it."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gopatch.fleet.run import Run, run_into
from tests.backport.conftest import History, history
from tests.cli.running import run
from tests.conftest import FIXTURES, Git
from tests.documents import ROOT
from tests.output.test_html import verdicts_of

__all__ = ["history"]

FOLDER = ROOT / "docs/schema"
Json = Any


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads((FOLDER / f"{name}.schema.json").read_bytes())
    )


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_a_schema_is_one(file: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(file.read_bytes()))


def described(rules: Json, node: Json) -> set[str]:
    """All names of properties anywhere in a schema."""
    found: set[str] = set()
    if isinstance(node, dict):
        found |= set(node.get("properties", {}))
        for inner in node.values():
            found |= described(rules, inner)
    elif isinstance(node, list):
        for inner in node:
            found |= described(rules, inner)
    return found


def keys(value: Json, skipped: tuple[str, ...] = ("summary", "rungs")) -> Iterator[str]:
    """All keys in a value; those of `summary` are names of outcomes, of `rungs` paths."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in skipped:
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def report(repository: Path, git: Git, tmp_path: Path) -> Json:
    """A report with refs that are applied, failed, no Docker and there already."""
    (repository / "registry/service_v2.go").write_bytes(b"package registry\n")
    git(repository, "commit", "-q", "-a", "-m", "broken")
    git(repository, "branch", "v2-broken")
    git(repository, "rm", "-q", "-r", ".")
    (repository / "README").write_text("nothing\n")
    git(repository, "add", "README")
    git(repository, "commit", "-q", "-m", "empty")
    git(repository, "branch", "v3-empty")
    run_into(
        Run(repository, "accept-insecure-registry", ["v*"], tmp_path / "out", judges=["model"])
    )
    return json.loads((tmp_path / "out/report.json").read_bytes())


def port(tree: Path, tmp_path: Path) -> Json:
    (tmp_path / "verdicts.json").write_text(verdicts_of(tree))
    out = tmp_path / "port.json"
    arguments = ("apply", "--docker-src", tree, "--format", "json", "--output", out)
    assert run(*arguments, "--verdicts", tmp_path / "verdicts.json") == 0
    return json.loads(out.read_bytes())


def check(tree: Path, capsys: pytest.CaptureFixture[str]) -> Json:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    assert run("check", "--docker-src", tree, "--json") == 1
    return json.loads(capsys.readouterr().out)


def backport(history: History, tmp_path: Path) -> Json:
    """A report with targets that are ported by structure, refused, and there already."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/store.go").write_text("package store\n")
    onto = [w for name in ("v1.0.0", "v2.0.1", tmp_path / "empty") for w in ("--onto", name)]
    words = ("backport", history.fix, "--docker-src", history.path, *onto)
    assert run(*words, "--output", tmp_path / "ports") == 1
    return json.loads((tmp_path / "ports/report.json").read_bytes())


@pytest.fixture(scope="module")
def made() -> dict[str, Json]:
    """What was written, once for all tests; made by the first that asks, which is sealed."""
    return {}


@pytest.fixture
def sources(repository: Path, git: Git, history: History) -> tuple[Path, Git, History]:
    return repository, git, history


@pytest.fixture
def outputs(
    made: dict[str, Json],
    sources: tuple[Path, Git, History],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, Json]:
    if not made:
        repository, git, history = sources
        other = Path(shutil.copytree(FIXTURES / "v20.10.27", tmp_path / "other"))
        made |= {"port": port(other, tmp_path), "check": check(other, capsys)}
        made["backport"] = backport(history, tmp_path)
        made["report"] = report(repository, git, tmp_path)
    return made


@pytest.mark.thorough
def test_what_is_written_is_as_described(outputs: dict[str, Json]) -> None:
    assert {f"{name}.schema.json" for name in outputs} == {f.name for f in FOLDER.iterdir()}
    for name, value in outputs.items():
        rules = schema(name)
        rules.validate(value)
        assert set(keys(value)) <= described(rules.schema, rules.schema), name
    assert [t["outcome"] for t in outputs["backport"]["targets"]] == [
        "applied",
        "already",
        "failed",
    ]
    assert set(outputs["report"]["summary"]) == {"applied", "not-docker", "failed"}


def test_one_backport_is_a_port(history: History, tmp_path: Path) -> None:
    out = tmp_path / "port.json"
    words = ("backport", history.fix, "--docker-src", history.path, "--onto", "v1.0.0")
    assert run(*words, "--format", "json", "--output", out) == 0
    value = json.loads(out.read_bytes())
    schema("port").validate(value)
    assert set(keys(value)) <= described({}, schema("port").schema)


SPOILT = [
    ("report", ("schema",), 2),
    ("report", ("refs", 0, "outcome"), "fine"),
    ("report", ("refs", 0, "commit"), "HEAD"),
    ("report", ("refs", -1, "file"), None),
    ("report", ("refs", 0, "edits", 0, "line"), 0),
    ("report", ("families", 0, "refs"), []),
    ("report", ("summary", "broken"), 1),
    ("port", ("diff",), {"text": "", "base64": ""}),
    ("port", ("files", 0, "mode"), "644"),
    ("port", ("edits", 0, "outcome"), "failed"),
    ("report", ("refs", 0, "roads", 0, "outcome"), "closed"),
    ("report", ("refs", -1, "roads", 0, "edits"), []),
    ("port", ("roads", 0, "sites"), []),
    ("port", ("roads", 7, "reason"), ""),
    ("check", ("roads", 0, "edits"), ["guard-v2"]),
    ("port", ("verdicts", 0, "status"), "ok"),
    ("check", ("status",), "ok"),
    ("check", ("files",), ["a.go"]),
    ("check", ("edits", 0, "sites"), None),
    ("backport", ("targets", 0, "outcome"), "failed"),
    ("backport", ("targets", 0, "file"), None),
    ("backport", ("targets", 0, "rungs", "store.go"), "luck"),
    ("backport", ("targets", 0, "adaptations", 0, "evidence"), ""),
    ("backport", ("targets", 1, "refusals"), [{}]),
    ("backport", ("targets", 2, "refusals"), []),
    ("backport", ("change", "commit"), "HEAD"),
]


@pytest.mark.thorough
def test_what_is_not_so_is_refused(outputs: dict[str, Json]) -> None:
    for name, path, value in SPOILT:
        spoilt = copy.deepcopy(outputs[name])
        inner = spoilt
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        assert not schema(name).is_valid(spoilt), (name, path)
    for name, whole in outputs.items():
        for key in whole:
            assert not schema(name).is_valid({k: v for k, v in whole.items() if k != key}), key
