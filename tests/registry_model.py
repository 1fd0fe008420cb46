"""The model's service against Docker's own: the registry package of a source, compiled, and asked.

Accept or refuse, with the error's own words; networks, mirrors and names; then whether a host is secure
and which endpoints a pull and a push have. tests/real and benchmarks/registry.py use it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.go.net import Network, go_rules, unmap
from gopatch.model import ModelError, Options, ServiceConfig, Traits, read_traits, service_config
from gopatch.source import Source
from gopatch.source.roots import find_roots, join
from gopatch.verify._go.harness import Harness, ask, build
from gopatch.verify._go.layouts import GoSetting, prepared
from gopatch.verify._go.lookup_answers import agree, expected, heard
from gopatch.verify._go.lookup_cases import LookupCase, make
from gopatch.verify._go.toolchain import find_go, run
from gopatch.verify._go.workspace import Workspace

_NAMES = (
    "r.example",
    "localhost",
    "docker.io",
    "index.docker.io",
    "-r",
    "r-",
    "r_x",
    "R.Example",
    "é",
    "",
)
_ADDRESSES = (
    "10.1.2.3",
    "::1",
    "[::1]",
    "[2001:db8::1]",
    "010.0.0.1",
    "256.1.1.1",
    "::ffff:10.1.2.3",
    "1.2.3",
)
_PORTS = (
    *("",) * 12,
    *(":5000",) * 8,
    ":0",
    ":65535",
    ":65536",
    ":",
    ":x",
    ":05",
    ":99999999999999999999",
)
_BITS = (*("/8", "/0", "/32", "/16") * 3, "/33", "/08", "/128", "/129", "/", "/x", "/-1", "/ 8")
_BEFORE = (*("",) * 6, "http://", "https://", "HTTP://", "ftp://", "://", "//", "a://b://", " ")
_BEHIND = (*("",) * 24, "/", "/", "/", "/v2/", "?q", "#f", "//", "/a b", "%zz", " ")
_USERS = (*("",) * 24, "u@", "u:p@", "@")


class Held(NamedTuple):
    """How many configurations were asked about, how many of them Docker refuses, and each on which the
    model differs, with both answers."""

    asked: int
    refused: int
    wrong: list[str]


def configurations(dice: random.Random, count: int) -> Iterator[Options]:
    """Lists and mirrors of which about half are refused somewhere."""
    for _ in range(count):
        listed = tuple(_entry(dice) for _ in range(dice.choice((0, 1, 1, 2, 3))))
        mirrors = tuple(_mirror(dice) for _ in range(dice.choice((0, 0, 1, 1, 2))))
        yield Options(mirrors, listed)


def _entry(dice: random.Random) -> str:
    host = dice.choice(_NAMES if dice.random() < 0.5 else _ADDRESSES)
    behind = dice.choice(_BITS if dice.random() < 0.4 else _PORTS)
    plain = dice.random() < 0.85
    return f"{'' if plain else dice.choice(_BEFORE)}{host}{behind}{'' if plain else dice.choice(_BEHIND)}"


def _mirror(dice: random.Random) -> str:
    host = dice.choice(_NAMES if dice.random() < 0.6 else _ADDRESSES) + dice.choice(_PORTS)
    scheme = dice.choice(("http://", "https://")) if dice.random() < 0.93 else dice.choice(_BEFORE)
    return f"{scheme}{dice.choice(_USERS)}{host}{dice.choice(_BEHIND)}"


def hold(source: Source, work: Path, count: int, seed: int, *, go: str | None = None) -> Held:
    """Ask `count` configurations, and as many lookups."""
    engine = find_roots(source).engine or ""
    setting = GoSetting(find_go(go), work, 2)
    with prepared(source, engine, setting) as space:
        return _hold(source, engine, space, count, seed)


def _hold(source: Source, engine: str, space: Workspace, count: int, seed: int) -> Held:
    module = source.entry(join(engine, "go.mod")) is not None and "GO111MODULE" in space.env
    asks = _go_line(source, engine) if module and space.env["GO111MODULE"] == "on" else ""
    traits = _traits(source, engine)
    traits = replace(traits, go=go_rules(".".join(map(str, space.go.version)), asks))
    made = _harness(source, engine, space)
    questions = [LookupCase("r.example", o) for o in configurations(random.Random(seed), count)]
    answers = _ask_configurations(made, [one.question(traits) for one in questions])
    wrong, refused = [], 0
    for question, answer in zip(questions, answers, strict=True):
        docker, ours = _told(answer), _model(question.options, traits)
        refused += "error" in docker
        if docker != ours:
            wrong.append(f"{question}\n  docker: {docker}\n  model:  {ours}")
    wrong += _lookups(made, traits, count, seed)
    return Held(len(questions), refused, wrong)


def _lookups(made: Harness, traits: Traits, count: int, seed: int) -> list[str]:
    cases = make(count, seed, traits)
    cases = [replace(c, options=replace(c.options, accept_insecure_registry=False)) for c in cases]
    found = zip(cases, ask(made, [one.question(traits) for one in cases]), strict=True)
    pairs = [(one, expected(one, traits), heard(answer)) for one, answer in found]
    return [
        f"{one}\n  docker: {got}\n  model:  {want}"
        for one, want, got in pairs
        if not agree(want, got)
    ]


def _traits(source: Source, engine: str) -> Traits:
    def read(path: str) -> bytes | None:
        full = join(engine, path)
        return source.read(full) if source.entry(full) is not None else None

    return read_traits(read, lookups=True)


def _go_line(source: Source, engine: str) -> str:
    text = source.read(join(engine, "go.mod")).decode()
    return next((line[3:].strip() for line in text.splitlines() if line.startswith("go ")), "")


def _harness(source: Source, engine: str, space: Any) -> Harness:
    folders = ("daemon/pkg/registry", "registry")
    folder = next(f for f in folders if source.entry(join(engine, f"{f}/config.go")) is not None)
    at = join(engine, folder)
    package = {
        entry.name: source.read(f"{at}/{entry.name}")
        for entry in source.listdir(at)
        if entry.kind == "file" and entry.name.endswith(".go")
    }
    ours = Path(__file__).with_name("registry_config_test.go").read_bytes()
    return build(space, "model", folder, {f"{folder}/gopatch_config_test.go": ours}, package)


def _ask_configurations(made: Harness, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked, answered = (made.program.with_suffix(f".config.{n}.json") for n in ("cases", "answers"))
    asked.write_text(json.dumps(cases))
    env = {**made.workspace.env, "GOPATCH_CASES": str(asked), "GOPATCH_ANSWERS": str(answered)}
    ran = run([str(made.program), "-test.run=^TestGopatchConfig$"], made.folder, env, 600)
    assert ran.code == 0, ran.out + ran.err
    found: list[dict[str, Any]] = json.loads(answered.read_bytes())
    return found


def _told(answer: dict[str, Any]) -> dict[str, Any]:
    """Docker's configuration, or its error."""
    if "error" in answer:
        return {"error": answer["error"]}
    networks = [ip_network(text) for text in answer["InsecureRegistryCIDRs"] or ()]
    names = {name for name, index in (answer["IndexConfigs"] or {}).items() if not index["Secure"]}
    return {
        "networks": sorted(map(_plain, networks)),
        "mirrors": answer.get("Mirrors") or [],
        "names": sorted(names),
    }


def _model(options: Options, traits: Traits) -> dict[str, Any]:
    try:
        made: ServiceConfig = service_config(options, traits)
    except ModelError as error:
        return {"error": str(error)}
    return {
        "networks": sorted(map(_plain, made.insecure_cidrs)),
        "mirrors": list(made.mirrors),
        "names": sorted(made.insecure_hosts),
    }


def _plain(network: Network) -> str:
    """Go prints an IPv4 network in IPv6 clothes as what it means."""
    address = unmap(network.network_address)
    bits = network.prefixlen - (network.max_prefixlen - address.max_prefixlen)
    return f"{address}/{bits}" if bits >= 0 else str(network)
