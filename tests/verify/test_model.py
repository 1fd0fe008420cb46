"""The judge `model`: every layout's port passes, what is not right does not."""

from __future__ import annotations

import gc
import json
import shutil
import weakref
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from gopatch.model import Options, Traits, read_traits
from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.splice import FileChange
from gopatch.verify import Bench, Opinion, verdict_of
from gopatch.verify._model import judge as _judge
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.grid import families, resolve
from gopatch.verify._model.service import EvaluatedRegistry, registry_files, repository
from gopatch.verify.model import judge
from tests.conftest import FIXTURES

pytestmark = pytest.mark.thorough

LAYOUTS = (
    "v1.8.3", "v1.10.3", "v1.11.2", "v1.12.6", "v1.13.1", "v17.06.0-ce", "v17.09.1-ce",
    "v17.12.1-ce", "v18.09.9", "v19.03.15", "v20.10.27", "v23.0.18", "v24.0.9", "v27.5.1",
    "v28.0.4", "v28.5.2", "docker-v29", "docker-ce", "debian",
)  # fmt: skip
WITHOUT_RELOAD = ("v1.8.3", "v1.10.3", "v1.11.2", "v1.12.6")
BEFORE = ("v1.3.1", "v1.4.1", "v1.7.1", "v1.8.2")
QUICK = ("v1.8.3", "v17.12.1-ce", "docker-v29")


def _ported(folder: Path, patch: str = "accept-insecure-registry") -> tuple[Port, Source]:
    source = Directory(folder)
    return work_out(load(patch), source), source


def _verdict(folder: Path, patch: str = "accept-insecure-registry") -> Opinion:
    return judge(*_ported(folder, patch), {})


def _changed(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_passes(layout: str) -> None:
    verdict = _verdict(FIXTURES / layout)
    assert verdict.status == "pass", "\n".join((*verdict.summary, verdict.counterexample))
    said = "\n".join(verdict.summary)
    for step in ("flag: ", "option: ", "store: NewService carries it", "guard: "):
        assert step in said
    assert ("reload: " in said) == (layout not in WITHOUT_RELOAD)
    assert sum(case.total for case in verdict.cases) > 400


@pytest.mark.parametrize("layout", BEFORE)
def test_what_pings_is_judged_whole(layout: str) -> None:
    port, source = _ported(FIXTURES / layout)
    verdict = verdict_of([judge(port, source, {})], port, source)
    # Two statements of what reads an error are for errors that no ping ends in.
    said = verdict.unjudged, verdict.opinions[0].summary
    assert {subject.name for subject in verdict.unjudged} <= {"https-answer"}, said
    assert verdict.opinions[0].status == "pass", said


def test_a_registry_package_without_an_endpoint_is_not_modelled(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "v1.7.1", tmp_path / "tree")
    port, _ = _ported(tmp_path / "tree")
    changes = tuple(
        c._replace(before=(c.before or b"").replace(b"NewEndpoint", b"Endpoint"))
        for c in port.changes
    )
    for change in changes:
        if change.before:
            (tmp_path / "tree" / change.path).write_bytes(change.before)
    found = judge(port._replace(changes=changes), Directory(tmp_path / "tree"), {})
    assert found.status == "inconclusive"
    assert "not modelled" in found.summary[0]


@pytest.mark.parametrize("layout", QUICK)
@pytest.mark.parametrize("patch", ["always-http", "skip-verify"])
def test_crude_patches_are_condemned(layout: str, patch: str) -> None:
    verdict = _verdict(FIXTURES / layout, patch)
    assert verdict.status == "fail"
    assert "http://reg.test" in verdict.counterexample.partition("the Go:")[2]
    assert "http://reg.test" not in verdict.counterexample.partition("the Go:")[0]


def test_a_tree_that_is_patched_already_passes(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    assert main(["verify", "--docker-src", str(tree), "--allow-partial"]) == 0
    assert "the original is not at hand" in capsys.readouterr().out


def test_a_tree_patched_by_somebody_else(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = shutil.copytree(tree, tmp_path / "stock")
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    for file in tree.rglob("*.go"):
        if "AcceptInsecureRegistry" in file.read_text():
            _changed(tree, str(file), "AcceptInsecureRegistry", "AllowPlainHTTP")
    given = ["verify", "--docker-src", str(tree), "--against", str(stock)]
    assert main([*given, "--allow-partial"]) == 0
    assert "ServiceOptions.AllowPlainHTTP" in capsys.readouterr().out


def test_a_package_variable_will_do(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = shutil.copytree(tree, tmp_path / "stock")
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    capsys.readouterr()
    _changed(tree, "cmd/dockerd/config.go", "&options.Accept", "&registry.Accept")
    _changed(tree, "registry/service_v2.go", "s.acceptInsecureRegistry", "AcceptInsecureRegistry")
    with (tree / "registry/docker_hub.go").open("a") as hub:
        hub.write("\nvar AcceptInsecureRegistry bool\n")
    given = ["verify", "--docker-src", str(tree), "--against", str(stock), "--json"]
    main(given)
    found = {f["name"]: f["status"] for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["flag"] == found["option"] == found["hub"] == "pass"
    assert found["search"] == "fail", "the search still asks the service, which nobody tells"


def test_json_has_the_cases(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["verify", "--docker-src", str(tree), "--patch", "always-http", "--by", "model"]
    assert main([*given, "--json"]) == 1
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    assert verdict["status"] == "fail"
    assert {case["status"] for case in verdict["cases"]} == {"fail"}
    assert verdict["counterexample"].startswith('LookupPullEndpoints("reg.test") without options')


UNKNOWN = {
    "channel": ("tlsConfig, err = ", "lookups <- hostname\n\ttlsConfig, err = ", "a send statement"),
    "foreign call": ("tlsConfig, err = ", "strings.Title(``)\n\ttlsConfig, err = ", "`strings.Title`"),
    "generic type": ("tlsConfig, err = ", "_ = any(err).(List[int])\n\ttlsConfig, err = ", "List[int]"),
    "no such name": ("tlsConfig, err = ", "missing()\n\ttlsConfig, err = ", "`missing`"),
    "a loop without end": ("tlsConfig, err = ", "for {\n\t}\n\ttlsConfig, err = ", "too long"),
    "not Go": ("tlsConfig, err = ", "%% =\n\ttlsConfig, err = ", "ERROR"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_evaluated_is_inconclusive_with_its_place(tree: Path, name: str) -> None:
    port, source = _ported(tree)
    old, new, says = UNKNOWN[name]
    path = "registry/service_v2.go"
    changes = []
    for change in port.changes:
        after = change.after
        if change.path == path:
            assert after is not None
            after = after.replace(old.encode(), new.encode(), 1)
            assert after != change.after
        changes.append(FileChange(change.path, change.before, after))
    verdict = judge(port._replace(changes=tuple(changes)), source, {})
    assert verdict.status == "inconclusive"
    assert says in verdict.summary[0]
    assert f"{path}:" in verdict.summary[0]


def test_an_original_that_is_not_as_the_model_says_is_inconclusive(tree: Path) -> None:
    checks = "tlsConfig.InsecureSkipVerify = !isSecure"
    _changed(tree, "registry/registry.go", checks, f"{checks}\n\ttlsConfig.ServerName = hostname")
    verdict = _verdict(tree)
    assert verdict.status == "inconclusive"
    assert "the original itself" in verdict.summary[0]
    assert "https://reg.test ServerName" in verdict.counterexample


def test_what_is_judged_once_is_not_judged_again(tree: Path) -> None:
    bench = Bench(["model"])
    first = bench.judge(*_ported(tree))
    _changed(tree, "daemon/config/config.go", "package config", "package config // no matter")
    (again,) = bench.judge(*_ported(tree))
    assert again is first[0]
    _changed(tree, "registry/auth.go", "package registry", "package registry // another file")
    (other,) = bench.judge(*_ported(tree))
    assert other is not first[0]
    assert other == first[0]


def test_what_was_run_for_one_port_is_let_go(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that judges hundreds of ports must not grow by a hundred MiB with each."""
    started: list[weakref.ref[EvaluatedDaemon]] = []
    real = EvaluatedDaemon.__init__

    def noted(self: EvaluatedDaemon, *given: Any) -> None:
        real(self, *given)
        started.append(weakref.ref(self))

    monkeypatch.setattr(EvaluatedDaemon, "__init__", noted)
    Bench(["model"]).judge(*_ported(tree))
    gc.collect()
    assert len(started) == 2
    assert [daemon for daemon in started if daemon() is not None] == []


def test_answers_of_the_last_originals_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answers(name: str) -> str:
        asked.append(name)
        return f"of {name}"

    memo: dict[Any, Any] = {}
    monkeypatch.setattr(_judge, "ask", answers)
    given = ["a", "b", "a", "c", "d", "a", "e", "a", "b"]
    found: list[Any] = [_judge._remembered(memo, n, n) for n in given]  # type: ignore[arg-type]
    assert found == [f"of {name}" for name in given]
    assert asked == ["a", "b", "c", "d", "e", "b"]
    assert len(memo["model"]) == _judge._KEPT


# Branches that no option and no host can turn: errors of what cannot fail here, and those of
# the V1 lookup that the V2 lookup has turned before.
_ONE_WAY = {
    "slashIndex <= 0",
    "ctx.Err() != nil",
    "err != nil",
    "isSecure",
    "ipnet == nil",
    "network == nil",
}


@pytest.mark.parametrize("layout", ["v1.8.3", "v1.13.1", "v20.10.27", "docker-v29"])
def test_the_grid_turns_every_branch_of_the_lookups(layout: str) -> None:
    port, source = _ported(FIXTURES / layout)
    from gopatch.source.overlay import Overlay

    patched = Overlay(source, port.changes)
    traits = read_traits(lambda path: patched.read(path) if patched.entry(path) else None)
    registry = EvaluatedRegistry(registry_files(patched, ""), traits, "AcceptInsecureRegistry")
    seen = registry.machine.seen
    for family in families(traits):
        for accept in (False, True):
            options = Options(
                family.options.mirrors,
                family.options.insecure_registries,
                accept,
                family.options.disable_legacy_registry,
            )
            service = registry.start(options)
            for host in family.hosts if service is not None else ():
                name = repository(host) if traits.by_repository else host
                assert name is not None
                registry.lookup(service, "pull", host)
                registry.lookup(service, "push", host)
    files = dict(registry.files)
    both = {branch[:2] for branch in seen if (*branch[:2], not branch[2]) in seen}
    one_way = {branch[:2] for branch in seen} - both
    left = {
        files[path][at:].partition(b" {\n")[0].decode()
        for path, at in one_way
        if "service_v" in path or "docker_hub" in path
    }
    assert {text for text in left if not text.startswith("case ")} <= _ONE_WAY


def test_the_grid_names_are_those_of_its_world() -> None:
    assert list(resolve("v6.test")) == ["fd00::1"]
    with pytest.raises(LookupError):
        resolve("reg.test")
    known = list(families(Traits()))
    assert len({(family.name, family.files) for family in known}) == len(known)
