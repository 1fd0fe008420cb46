"""daemon.json, held against what Docker's own readers said of the same bytes.

`daemon_json.json` holds files and, for a preset, the answer of the reader of the release that stands for
it, compiled with Go 1.21; benchmarks/daemon_json.py asks them about thousands more.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from gopatch.go.net import go_rules
from gopatch.model import ModelError, Options, patched, preset_rules, read_daemon_json

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("daemon_json.json").read_text())
GO = go_rules("1.21.13")


def data_of(case: dict[str, Any]) -> bytes:
    return case["data"].encode() if "data" in case else base64.b64decode(case["base64"])


def given_of(case: dict[str, Any]) -> dict[str, str]:
    """The flags as Go prints them: a list has brackets."""
    return {n: v if n == "debug" else f"[{v}]" for n, v in case["given"].items()}


@pytest.mark.parametrize("preset", ["v2-only", "mirror-paths"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(data_of(case))[:60])
def test_as_dockers_own_reader(case: dict[str, Any], preset: str) -> None:
    assert answer(data_of(case), given_of(case), preset) == case[preset]


def answer(data: bytes, given: dict[str, str], preset: str) -> dict[str, Any]:
    """The model's answer as the cases have it; which of two values is shown, Go's maps leave open."""
    try:
        found = read_daemon_json(data, preset_rules(preset), given, go=GO)
    except ModelError as error:
        return {"error": re.sub(r"from file: .*?\)", "from file", str(error))}
    return {
        "listed": list(found.options.insecure_registries),
        "mirrors": list(found.options.mirrors),
        "present": sorted(found.present),
    }


@pytest.mark.parametrize(
    ("data", "kind", "options"),
    [
        (b'{"accept-insecure-registry": true}', "netip", Options(accept_insecure_registry=True)),
        (b'{"accept-insecure-registry": false}', "netip", Options()),
        (b'{"accept-insecure-registry": null}', "netip", Options()),
        # Inside of an object the key still sets the flag.
        (b'{"x": {"accept-insecure-registry": true}}', "netip", Options((), (), True)),
        # Up to v1.10 the registry's options are flags alone, set by whatever text a value has.
        (b'{"accept-insecure-registry": "true"}', "ping-login", Options((), (), True)),
        (b'{"accept-insecure-registry": "yes"}', "ping-login", Options()),
        (b'{"disable-legacy-registry": true}', "ping-login", Options((), (), False, True)),
        (b'{"disable-legacy-registry": false}', "v1-hub", Options((), (), False, False)),
        (b'{"insecure-registry": ["a"]}', "ping-login", Options()),
        # What other keys hold may be as loose as Go's own reader is.
        (b'{"log-level": ""}', "netip", Options()),
        (b'{"log-level": "WARN"}', "v2-only", Options()),
        (b'{"log-level": null, "mtu": null}', "mirror-paths", Options()),
        (b'{"max-concurrent-uploads": 0, "max-concurrent-downloads": 3}', "v2-only", Options()),
        (b'{"mtu": -1}', "v2-only", Options()),
        (b'{"runtimes": {"a": {"path": "b"}, "c": null}}', "v2-only", Options()),
        (b'{"default-ulimits": {"nofile": {"Name": "nofile"}}}', "netip", Options()),
        (b'{"default-runtime": "runc"}', "v1-hub", Options()),
        (b'{"default-runtime": ""}', "v2-only", Options()),
        (b'{"default-runtime": "io.containerd.runtime.v1.linux"}', "v2-only", Options()),
        (b'{"default-runtime": "own.v1"}', "mirror-paths", Options()),
        (b'{"default-runtime": "a", "runtimes": {"a": {"path": "b"}}}', "v2-only", Options()),
        (b'{"default-cgroupns-mode": "host"}', "v2-only", Options()),
        (b'{"default-cgroupns-mode": ""}', "netip", Options()),
        (b'{"node-generic-resources": ["a=1", "b=x", "b=y", " c = 2 "]}', "netip", Options()),
        (b'{"node-generic-resources": []}', "v2-only", Options()),
        (b'{"default-shm-size": "64M"}', "v2-only", Options()),
        (b'{"default-shm-size": "1.5 GiB"}', "netip", Options()),
        (b'{"api-cors-header": ""}', "loopback-v6", Options()),
        (b'{"api-cors-header": "*"}', "mirror-paths", Options()),
        (b'{"allow-nondistributable-artifacts": ["a:5000"]}', "bracketed", Options()),
        (b'{"allow-nondistributable-artifacts": ["http://a"]}', "loopback-v6", Options()),
    ],
)
def test_the_patched_daemon(data: bytes, kind: str, options: Options) -> None:
    assert read_daemon_json(data, patched(preset_rules(kind))).options == options


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b'{"accept-insecure-registry": "true"}', "netip", "string into Go struct field"),
        (b'{"accept-insecure-registry": 1}', "v2-only", "number into Go struct field"),
        (b'{"insecure-registries": ["a"]}', "ping-login", "any configuration option"),
        (b'{"disable-legacy-registry": true}', "v2-only", "any configuration option"),
        (b"{", "netip", "invalid JSON: unexpected end of JSON input"),
        (b'{"debug": 1}', "netip", "field Config.CommonConfig.debug of type bool"),
        (b'{"debug": 1}', "ping-login", "into Go value of type bool"),
        (b"[" * 100_000, "v2-only", "exceeded max depth"),
        (b'{"log-level": "loud"}', "v2-only", "unable to parse logging level: loud"),
        (b'{"log-level": "loud"}', "netip", "invalid logging level: loud"),
        (b'{"max-concurrent-uploads": -1}', "v2-only", "invalid max concurrent uploads: -1"),
        (b'{"mtu": -1}', "mirror-paths", "invalid default MTU: -1"),
        (b'{"runtimes": {"a": "b"}}', "v2-only", "string into Go"),
        (b'{"default-ulimits": {"nofile": 1}}', "netip", "number into Go"),
        (b'{"default-shm-size": 1}', "netip", 'invalid size: "1"'),
        (b'{"default-address-pools": 1}', "netip", "of type []*ipamutils.NetworkToSplit"),
        (b'{"log-format": 1}', "netip", "number into Go"),
        (b'{"default-runtime": "0"}', "v1-hub", "specified default runtime '0' does not exist"),
        (b'{"default-runtime": "0"}', "netip", "specified default runtime '0' does not exist"),
        (b'{"default-runtime": "own.v1"}', "v2-only", "default runtime 'own.v1' does not exist"),
        (b'{"default-runtime": "/own.v1"}', "netip", "default runtime '/own.v1' does not exist"),
        (b'{"default-runtime": ".v1"}', "mirror-paths", "default runtime '.v1' does not exist"),
        (b'{"runtimes": {"runc": {"path": "a"}}}', "v2-only", "runtime name 'runc' is reserved"),
        (b'{"default-cgroupns-mode": "0"}', "v2-only", "namespace mode (0) is invalid"),
        (b'{"default-cgroupns-mode": "Host"}', "netip", "invalid default cgroup namespace (Host)"),
        (b'{"node-generic-resources": ["a"]}', "v2-only", "incorrect term a, missing '='"),
        (b'{"node-generic-resources": ["a=1=2"]}', "netip", "incorrect term a=1=2, missing '='"),
        (b'{"node-generic-resources": [null]}', "netip", "incorrect term , missing '='"),
        (b'{"node-generic-resources": ["a=-1"]}', "netip", "cannot ask for negative resource a"),
        (b'{"node-generic-resources": ["a=b", "a=1"]}', "netip", "in expression 'a=[b 1]'"),
        (b'{"default-shm-size": "big"}', "v2-only", "invalid size: 'big'"),
        (b'{"default-shm-size": ""}', "netip", r'invalid size: "\"\""'),
        (b'{"default-shm-size": "1x"}', "netip", "invalid suffix: 'x'"),
        (b'{"api-cors-header": "*"}', "loopback-v6", "option have been removed"),
        (
            b'{"allow-nondistributable-artifacts": ["http://a"]}',
            "bracketed",
            "registry http://a should not contain '://'",
        ),
    ],
)
def test_it_does_not_start(data: bytes, kind: str, words: str) -> None:
    from gopatch.model import PRESETS

    with pytest.raises(ModelError, match=re.escape(words)):
        read_daemon_json(data, patched(preset_rules(kind)), go=PRESETS[kind].go)


def test_before_there_was_a_file() -> None:
    found = read_daemon_json(b"{not looked at", preset_rules("first-lookups"))
    assert (found.options, found.present) == (Options(), frozenset())
    assert "reads no daemon.json" in found.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"insecure-registry": ["a"]}', "the key is insecure-registries"),
        (b'{"registry-mirror": "m"}', "the key is registry-mirrors"),
        (b'{"registry": {"insecure-registries": ["a"]}}', "inside of an object"),
    ],
)
def test_what_is_taken_without_a_word(data: bytes, words: str) -> None:
    found = read_daemon_json(data, preset_rules("v2-only"))
    assert found.options == Options()
    assert words in " ".join(found.notes)


def test_the_option_is_added_once() -> None:
    rules = patched(preset_rules("netip"))
    assert patched(rules) == rules != preset_rules("netip")
