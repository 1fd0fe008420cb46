"""Forks that have said the same in other words than any release: the port is made, and has its rail."""

from __future__ import annotations

import pytest

from gopatch.port.work import work_out
from gopatch.source.memory import FilesInMemory
from tests.patches.test_forks import Changes, after, fork
from tests.patches.world import OPTION, PATCHES, _fixture

PULL, V2, DAEMON = "distribution/pull.go", "registry/service_v2.go", "daemon/daemon.go"
DEBUG = '\t\tlogrus.Debugf("%s: asking %s, protocol %d", ref, endpoint.URL, endpoint.Version)\n'
ENTRY = '\tentry := logrus.WithField("ref", ref)\n\n\tvar (\n'
LOOP = "for _, endpoint := range endpoints {\n"
OLD = "\t\tif imagePullConfig.isOld(endpoint) {\n\t\t\tcontinue\n\t\t}\n"
IS_OLD = "func (c *Config) isOld(e registry.APIEndpoint) bool { return e.Version == c.least }\n\n// Pull f"
RETURN = "return resolver.NewRegistryConfig(m)"
KEPT = "kept := resolver.NewRegistryConfig(m)\n\treturn kept"
RAIL = "endpoint.SkipsPlainHTTP(tried, logrus.Warnf)"
GUARD = "!IsDockerHub(hostname) || tlsConfig.InsecureSkipVerify"
FALLING = "kept := daemon.fallingBack(resolver.NewRegistryConfig(m))"

FORKS: dict[str, tuple[str, Changes, str]] = {
    "a result by another name": ("v1.13.1", {V2: [("endpoints", "eps")]}, GUARD),
    "told of no endpoint": ("v1.13.1", {PULL: [(DEBUG, "")]}, RAIL),
    "a logger of its own": ("v20.10.27", {PULL: [("logrus.Debugf", "entry.Debugf"), ("\tvar (\n", ENTRY)]}, RAIL),
    "asked at once, and told of nothing": ("v28.5.2", {PULL: [('\t\tlog.G(ctx).Debugf("%s: asking %s", ref, endpoint.URL)\n\n\t\tif', "\t\tif")]}, "endpoint.SkipsPlainHTTP(tried, log.G(context.TODO()).Warnf)"),
    "a method is asked before": ("v20.10.27", {PULL: [(LOOP, LOOP + OLD), ("// Pull f", IS_OLD)]}, RAIL),
    "a copy of which a field is set": ("v20.10.27", {PULL: [(LOOP, f"{LOOP}\t\tendpoint := endpoint\n\t\tendpoint.TrimHostname = false\n")]}, RAIL),
    "hosts, kept first": ("v20.10.27", {DAEMON: [(RETURN, KEPT)]}, FALLING),
    "hosts, kept and called": ("v27.5.1", {DAEMON: [(RETURN, KEPT)]}, FALLING),
}  # fmt: skip


@pytest.mark.parametrize(("fixture", "changes", "text"), FORKS.values(), ids=FORKS)
def test_other_words_for_the_same(fixture: str, changes: Changes, text: str) -> None:
    port = work_out(PATCHES[OPTION], fork(fixture, changes))
    port.demand()
    (path,) = changes
    assert text in after(port, path)


ADDS = "\tif tlsConfig.InsecureSkipVerify {\n"
END = "\n\treturn endpoints, nil\n}\n"
SIFTED = '\n\tfor _, e := range endpoints {\n\t\tif e.URL.Scheme == "http" {\n\t\t\tall = append(all, e)\n\t\t}\n\t}\n\treturn all, nil\n}\n'
OVER = '\t\tif endpoint.URL.Scheme == "https" {\n\t\t\tcontinue\n\t\t}\n'
MIRRORS = "if !endpoint.Mirror {"

REFUSED: dict[str, tuple[str, Changes, str]] = {
    "hosts, kept and others given": ("v20.10.27", {DAEMON: [(RETURN, "kept := resolver.NewRegistryConfig(m)\n\tuse(kept)\n\treturn other")]}, "hosts"),
    "a lookup that leaves HTTPS out": ("v20.10.27", {V2: [(END, SIFTED)]}, "guard-v2"),
    "a lookup that gives all but the first": ("v1.13.1", {V2: [(END, "\n\treturn endpoints[1:], nil\n}\n")]}, "guard-v2"),
    "a lookup that forgets HTTPS": ("v28.5.2", {V2: [(ADDS, f"\tendpoints = nil\n{ADDS}")]}, "guard-v2"),
    "a lookup for pushes that leaves HTTPS out": ("v24.0.9", {"registry/service.go": [(MIRRORS, f'{MIRRORS[:-1]}&& endpoint.URL.Scheme == "http" {{')]}, "guard-v2"),
    "a pull that passes HTTPS over": ("v20.10.27", {PULL: [(LOOP, LOOP + OVER)]}, "guard-v2"),
    "asked before it is told": ("v20.10.27", {PULL: [(DEBUG, "\t\tping(endpoint)\n")]}, "guard-v2"),
}  # fmt: skip


@pytest.mark.parametrize(("fixture", "changes", "edit"), REFUSED.values(), ids=REFUSED)
def test_what_only_looks_like_it_is_refused(fixture: str, changes: Changes, edit: str) -> None:
    port = work_out(PATCHES[OPTION], fork(fixture, changes))
    assert edit in [outcome.edit for outcome in port.failed]
    assert port.changes == ()


@pytest.mark.parametrize(("fixture", "place"), [("v1.13.1", f"{V2}:62:33"), ("v20.10.27", f"{V2}:68:33")])  # fmt: skip
def test_a_type_by_another_name_is_told_with_its_place(fixture: str, place: str) -> None:
    """What an edit needs and lacks says less than why another one has failed."""
    renamed = {p: d.replace(b"APIEndpoint", b"RegEndpoint") for p, d in _fixture(fixture).items()}
    failed = {o.edit: o.reason for o in work_out(PATCHES[OPTION], FilesInMemory(renamed)).failed}
    assert f"at {place}: wanted `APIEndpoint`" in failed["guard-v2"]


def test_what_an_edit_has_written_is_not_told_as_the_source_s() -> None:
    by_index = "for i := range endpoints {\n\t\tendpoint := endpoints[i]\n"
    port = work_out(PATCHES[OPTION], fork("v20.10.27", {PULL: [(LOOP, by_index)]}))
    (reason,) = (o.reason for o in port.failed if o.edit == "no-downgrade-pull")
    stands = reason.partition(", `")[2].partition("` stands there")[0]
    assert stands.encode() in b"".join(_fixture("v20.10.27").values())
    assert stands


def test_what_gets_past_its_rail_is_told_so() -> None:
    """The rail stands there: to say that it does not would be no help."""
    early = f"{LOOP}\t\tping(endpoint)\n"
    (failed,) = work_out(PATCHES[OPTION], fork("v20.10.27", {PULL: [(LOOP, early)]})).failed
    said = "`Pull` uses what `LookupPullEndpoints` gives before its rail `no-downgrade-pull`, or beside it"
    assert failed.reason == f"{PULL}:28:52: {said}"
    assert failed.hint.startswith("do no more than look at an address before its rail, or `--leave")
