"""Traits are read off the source's structure; the Go of `newest.txtar` is written for these tests."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.go.net import GO, go_rules
from gopatch.model import PRESETS, ModelError, Traits, read_traits

HERE = Path(__file__).parent
NEWEST = {
    name: data.decode()
    for name, data in read_txtar((HERE / "newest.txtar").read_bytes())[1].items()
}
ROWS = tomllib.loads((HERE / "traits.toml").read_text(encoding="utf-8"))


def traits_of(files: dict[str, str]) -> Traits:
    def read(path: str) -> bytes | None:
        return files[path].encode() if path in files else None

    return read_traits(read)


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The newest source with `old` replaced in the one file that ends in `name`."""
    path = next(path for path in NEWEST if path.endswith(name))
    assert old in NEWEST[path]
    return NEWEST | {path: NEWEST[path].replace(old, new)}


def without(*parts: str) -> dict[str, str]:
    return {path: text for path, text in NEWEST.items() if not any(p in path for p in parts)}


def values(table: dict[str, Any]) -> dict[str, Any]:
    """As the traits hold them: a set, a tuple, or the word itself."""
    kept = {"hub_v2": frozenset, "default_cidrs": tuple}
    return {name: kept.get(name, lambda x: x)(value) for name, value in table.items()}


def test_the_newest_source() -> None:
    assert traits_of(NEWEST) == PRESETS["netip"] == Traits()


@pytest.mark.parametrize(
    ("body", "rule"),
    [("return err", "words"), ("_ = auth.ErrNoBasicAuthCredentials\n\treturn err", "unproved")],
)
def test_what_leads_a_pull_to_v1(body: str, rule: Any) -> None:
    text = f"func allowV1Fallback(err error) error {{\n\t{body}\n}}\n"
    found = traits_of(NEWEST | {"distribution/pull_v2.go": text})
    assert found == replace(Traits(), v1_after_v2=rule)
    other = text.replace("allow", "deny")
    assert traits_of(NEWEST | {"distribution/pull_v2.go": other}) == Traits()


def test_what_ends_a_push() -> None:
    text = "func (p *v2Pusher) Push() (bool, error) {\n\treturn false, p.pushV2Repository(tag)\n}\n"
    found = traits_of(NEWEST | {"graph/push_v2.go": text})
    assert found == replace(Traits(), push_ends=True)


def test_the_folder_does_not_matter() -> None:
    older = {
        path.replace("daemon/pkg/", "").replace("daemon/internal/", ""): text
        for path, text in NEWEST.items()
    }
    assert older.keys() != NEWEST.keys()
    assert traits_of(older) == Traits()


def test_comments_and_other_files_do_not_matter() -> None:
    assert traits_of(changed("config.go", "\tseen :=", "\t// why\n\tseen :=")) == Traits()
    assert traits_of({**NEWEST, "README.md": "confirmedV2 shouldV2Fallback"}) == Traits()


READS = "func ReadCertsDirectory(c *tls.Config, dir string) error {\n\tc.RootCAs = %s\n}\n"
CERTIFICATES = {
    "elsewhere": ('const CertsDir = "/etc/other-engine/certs.d"\n', {"certs_folder": "/etc/other-engine/certs.d"}),
    "below a home": ('func dir() string { return join(home, "docker/certs.d") }\n', {}),
    "in a sentence": ('var hint = "put it at /etc/other/certs.d/HOST"\n', {}),
    "alone": (READS % "x509.NewCertPool()", {"system_roots": False}),
    "beside the system's": (READS % "tlsconfig.SystemCertPool()", {}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "then"), CERTIFICATES.values(), ids=CERTIFICATES)
@pytest.mark.parametrize("file", ["registry/registry.go", "registry/config_unix.go"])
def test_certificates(file: str, text: str, then: dict[str, Any]) -> None:
    assert traits_of(NEWEST | {file: text}) == replace(Traits(), **then)
    assert traits_of(NEWEST | {"daemon/other.go": text}) == Traits()


@pytest.mark.parametrize("row", ROWS["trait"], ids=lambda row: row["id"])
def test_each_trait(row: dict[str, Any]) -> None:
    found = traits_of(changed(row["file"], row["old"], row["new"]))
    assert found == replace(Traits(), **values(row["then"]))


@pytest.mark.parametrize("row", ROWS["hosts"], ids=lambda row: row["id"])
def test_the_hosts(row: dict[str, Any]) -> None:
    """In what the roads differ from those of the newest source."""
    found = traits_of(without("hosts.go") | row.get("files", {}))
    newest = Traits()
    names = [one.name for one in fields(Traits)]
    differing = {n: getattr(found, n) for n in names if getattr(found, n) != getattr(newest, n)}
    assert differing == row.get("then", {})


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({}, ""),
        ({"plugin/distribution/pull.go": "package distribution\n"}, "first"),
        (
            {"plugin/backend_linux.go": "\treturn distribution.Pull(ctx, ref, config)\n"},
            "distribution",
        ),
        ({"plugin/backend_linux.go": "\treturn pm.fetch(ctx, ref)\n"}, ""),
        ({"plugin/registry.go": "package plugin\n"}, ""),
        ({"plugin/registry.go": NEWEST["daemon/pkg/plugin/registry.go"]}, "hosts"),
    ],
)
def test_plugins(files: dict[str, str], rule: str) -> None:
    assert traits_of(without("plugin/") | files).plugins == rule


def test_the_lookups_alone() -> None:
    """What the lookups do not depend on is not even read."""
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return NEWEST[path].encode() if path in NEWEST else None

    assert read_traits(read, lookups=True) == Traits()
    assert asked
    assert not [path for path in asked if "daemon/daemon.go" in path or "containerd" in path]
    without_roads = without("hosts.go", "plugin/", "containerd/", "pull.go")
    assert traits_of(without_roads) != Traits()
    found = read_traits(lambda path: without_roads.get(path, "").encode(), lookups=True)
    assert found == Traits()


def test_no_store_without_its_resolver() -> None:
    assert traits_of(without("containerd/resolver.go")).store == ""


def test_mirrors_taken_out_afterwards_or_never() -> None:
    lookup = changed("service_v2.go", "includeMirrors", "unused")
    service = "daemon/pkg/registry/service.go"
    text = lookup[service].replace("return s.", "if !e.Mirror {\n\t}\n\treturn s.")
    kept, filtered = traits_of(lookup), traits_of(lookup | {service: text})
    assert (kept.include_mirrors, kept.push_keeps_mirrors) == (False, True)
    assert (filtered.include_mirrors, filtered.push_keeps_mirrors) == (False, False)


LOAD = "func (s *Service) LoadInsecureRegistries(registries []string) error {\n\treturn nil\n}\n"
REPLACES = "func (s *Service) ReplaceConfig(options ServiceOptions) (commit func(), _ error) {\n\treturn nil, nil\n}\n"
DROPS = "loadMirrors(mirrors []string) error {\n\tconfig.IndexConfigs = map[string]*IndexInfo{}\n"
LIST, MIRRORS = "daemon.reloadInsecureRegistries(conf)", "daemon.reloadRegistryMirrors(conf)"


@pytest.mark.parametrize(
    ("steps", "drops", "rule"),
    [
        ((), False, "list"),
        ((), True, "list"),
        ((LIST, MIRRORS), False, "list-first"),
        ((LIST, MIRRORS), True, "dropping"),
        ((MIRRORS, LIST), True, "mirrors-first"),
        ((MIRRORS, LIST), False, "list-first"),
    ],
)
def test_reloads_step_by_step(steps: tuple[str, ...], drops: bool, rule: str) -> None:
    body = "".join(f"\tif err := {step}; err != nil {{\n\t\treturn err\n\t}}\n" for step in steps)
    files = changed("service.go", REPLACES, LOAD) | {
        "daemon/reload.go": f"func (daemon *Daemon) Reload(conf *Config) error {{\n{body}}}\n"
    }
    if drops:
        config = "daemon/pkg/registry/config.go"
        files[config] = files[config].replace("loadMirrors(mirrors []string) error {\n", DROPS)
    assert traits_of(files).reload == rule


@pytest.mark.parametrize(
    ("docker", "module", "rules"),
    [
        ("ENV GO_VERSION 1.7.5\n", "", go_rules("1.7.5")),
        ("ARG GO_VERSION=1.24.9\n", "go 1.24.0\n", go_rules("1.24.9", "1.24")),
        ("ARG GO_VERSION=1.26.3\n", "go 1.25.5\n", go_rules("1.26.3", "1.25")),
        ("FROM scratch\n", "go 1.26\n", GO),
        ("", "", GO),
    ],
)
def test_which_go(docker: str, module: str, rules: object) -> None:
    assert traits_of(NEWEST | {"Dockerfile": docker, "go.mod": module}).go == rules


V1 = """package registry

func (s *Service) lookupV1Endpoints(hostname string) ([]APIEndpoint, error) {
	if hostname == DefaultNamespace || hostname == DefaultV2Registry.Host || hostname == IndexHostname {
		return nil, nil
	}
	return nil, nil
}
"""


def with_v1(text: str = V1) -> dict[str, str]:
    call = "\tlegacy, err := s.lookupV1Endpoints(hostname)\n\treturn s."
    files = changed("service.go", "\treturn s.", call)
    return files | {"daemon/pkg/registry/service_v1.go": text}


def test_v1() -> None:
    three = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
    assert traits_of(with_v1()) == replace(Traits(), v1=True, hub_v1=three)
    hub = traits_of(with_v1(V1.replace("return nil, nil", "return x{Official: true}, nil", 1)))
    assert hub.v1_hub_endpoint


def test_a_v1_lookup_that_nothing_calls_is_none() -> None:
    assert traits_of(NEWEST | {"daemon/pkg/registry/service_v1.go": V1}) == Traits()


@pytest.mark.parametrize("default", [True, False])
def test_the_default_of_v1(default: bool) -> None:
    flag = f'flags.BoolVar(&o.V2Only, "disable-legacy-registry", {str(default).lower()}, "text")'
    assert traits_of(with_v1() | {"cmd/dockerd/config.go": flag}).v1_off_by_default is default


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"registry/service_v2.go": "package registry\n"}, id="no lookup"),
        pytest.param(
            {path: text for path, text in NEWEST.items() if "v2" not in path}, id="no file"
        ),
    ],
)
def test_a_source_without_the_lookup_is_refused(files: dict[str, str]) -> None:
    with pytest.raises(ModelError) as caught:
        traits_of(files)
    assert caught.value.kind == "source"


def test_presets_differ() -> None:
    assert len(set(PRESETS.values())) == len(PRESETS)
