"""Forks that build endpoints anew, or use them where they are made: refused, with the place; on request left."""

from __future__ import annotations

import pytest

from gopatch.port.outcome import Port
from gopatch.port.work import work_out
from gopatch.recipe.selection import asked, select
from gopatch.source.memory import FilesInMemory
from tests.patches.world import OPTION, PATCHES, _fixture

SERVICE, LOOKUP = "registry/service.go", "registry/service_v2.go"
PULL, PLUGIN = "distribution/pull.go", "plugin/registry.go"
APPEND, END = "endpoints = append(endpoints, endpoint)", "\treturn endpoints, nil\n}"
CLIENT = "client := registryHTTPClient(ep.TLSConfig)\n"
COPY = "APIEndpoint{URL: %s.URL, TLSConfig: %s.TLSConfig}"


def ported(path: str, old: str, new: str, **parts: list[str]) -> Port:
    """The port of a fork with one change to one file, which may be new."""
    files = {path: b"", **_fixture("v20.10.27")}
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode(), 1)
    return work_out(select(PATCHES[OPTION], asked(**parts)), FilesInMemory(files))


REBUILT = APPEND.replace(", endpoint)", f", {COPY})") % ("endpoint", "endpoint")

ALIAS = REBUILT.replace("APIEndpoint{", "other{") + "\n\t\t\t\ttype other = APIEndpoint"
HELD = "type held struct{ one APIEndpoint }\n\nfunc (h held) again() APIEndpoint { return APIEndpoint{URL: h.one.URL} }\n\n"
WARM, REFLECTS = (
    "own/warm.go",
    'package own\n\nimport "reflect"\n\nvar looked = reflect.ValueOf(service).MethodByName("LookupPullEndpoints")\n',
)


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "leave"),
    [
        pytest.param(SERVICE, APPEND, REBUILT, f"{SERVICE}:193:35: `LookupPushEndpoints` builds", "LookupPushEndpoints", id="in-a-lookup"),
        pytest.param(PULL, "range endpoints {\n", f"range endpoints {{\n\t\tendpoint := registry.{COPY}\n" % ("endpoint", "endpoint"), f"{PULL}:43:15: `Pull` builds", "pull", id="in-a-loop"),
        pytest.param(PLUGIN, CLIENT, f"ep = registry.{COPY}\n\t\t\t{CLIENT}" % ("ep", "ep"), f"{PLUGIN}:41:9: `registryHostsFn` builds", "plugin", id="before-a-client"),
        pytest.param(LOOKUP, END, f"\ts.last = endpoints\n{END}", f"{LOOKUP}:81:11: `lookupV2Endpoints` opens", "lookupV2Endpoints", id="kept"),
        pytest.param(PLUGIN, CLIENT, f"{CLIENT}\t\t\tclient.Transport = &http.Transport{{}}\n", f"{PLUGIN}:27:41: `registryHostsFn` uses", "plugin", id="another-transport"),
        pytest.param(SERVICE, APPEND, ALIAS, f"{SERVICE}:193:35: `LookupPushEndpoints` builds", "LookupPushEndpoints", id="by-another-name"),
        pytest.param(SERVICE, "// TLSConfig is", f"{HELD}// TLSConfig is", f"{SERVICE}:161:44: `again` builds", "again", id="of-a-field"),
        pytest.param(WARM, "", REFLECTS, f"{WARM}:5:52: the package names `LookupPullEndpoints` in a text", WARM, id="by-reflection"),
    ],
)  # fmt: skip
def test_what_loses_its_rail_is_refused_or_left(
    path: str, old: str, new: str, place: str, leave: str
) -> None:
    port = ported(path, old, new)
    assert [outcome.edit for outcome in port.failed] == ["guard-v2"]
    assert place in port.failed[0].reason
    assert f"`--leave {leave}`" in port.failed[0].hint
    assert port.changes == ()
    left = ported(path, old, new, leave=[leave])
    assert not left.failed
    assert [road.name for road in left.roads if road.left] == [leave]


OWN = f"{APPEND}\n\t\t\t\tendpoints = append(endpoints, APIEndpoint{{URL: s.own, TLSConfig: own}})"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(SERVICE, APPEND, OWN, id="an-endpoint-of-its-own"),
        pytest.param(LOOKUP, END, f"\tlogrus.Debug(endpoints)\n{END}", id="logged"),
        pytest.param(PLUGIN, CLIENT, f"{CLIENT}\t\t\tclient.Timeout = short\n", id="set-before-its-rail"),
    ],
)  # fmt: skip
def test_what_keeps_it_is_made(path: str, old: str, new: str) -> None:
    ported(path, old, new).demand()


def test_a_caller_is_told_by_the_line_that_it_has_in_the_source() -> None:
    """The edits have put lines above it."""
    own = "\n\nfunc (s *DefaultService) own() { get(s.lookupV2Endpoints(host)) }\n"
    old = "// TLSConfig is how"
    (failed,) = ported(SERVICE, old, f"{own.strip()}\n\n{old}").failed
    line = _fixture("v20.10.27")[SERVICE].decode().split(old)[0].count("\n") + 1
    assert f"{SERVICE}:{line}:" in failed.reason


def test_what_would_not_compile_cannot_be_left() -> None:
    new = "\n\n// LookupEndpoints gives texts.\nfunc (s *DefaultService) LookupEndpoints(h string) []string { return urls(s.lookupV2Endpoints(h)) }\n"
    for leave in ([], ["LookupEndpoints"]):
        (failed,) = ported(LOOKUP, END, END + new, leave=leave).failed
        assert "`LookupEndpoints` gives no `APIEndpoint`, which has the rails" in failed.reason
        assert failed.hint == "use `APIEndpoint` itself"
    ported(LOOKUP, END, END + new.replace("s.lookupV2Endpoints(h)", "s.own"), leave=leave).demand()
