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
    """The port of a fork with one change to one file."""
    files = dict(_fixture("v20.10.27"))
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode())
    return work_out(select(PATCHES[OPTION], asked(**parts)), FilesInMemory(files))


REBUILT = APPEND.replace(", endpoint)", f", {COPY})") % ("endpoint", "endpoint")


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "leave"),
    [
        pytest.param(SERVICE, APPEND, REBUILT, f"{SERVICE}:193:35: `LookupPushEndpoints` builds", "LookupPushEndpoints", id="in-a-lookup"),
        pytest.param(PULL, "range endpoints {\n", f"range endpoints {{\n\t\tendpoint := registry.{COPY}\n" % ("endpoint", "endpoint"), f"{PULL}:43:15: `Pull` builds", "pull", id="in-a-loop"),
        pytest.param(PLUGIN, CLIENT, f"ep = registry.{COPY}\n\t\t\t{CLIENT}" % ("ep", "ep"), f"{PLUGIN}:41:9: `registryHostsFn` builds", "plugin", id="before-a-client"),
        pytest.param(LOOKUP, END, f"\ts.last = endpoints\n{END}", f"{LOOKUP}:81:11: `lookupV2Endpoints` opens", "lookupV2Endpoints", id="kept"),
        pytest.param(PLUGIN, CLIENT, f"{CLIENT}\t\t\tclient.Transport = &http.Transport{{}}\n", f"{PLUGIN}:27:41: `registryHostsFn` uses", "plugin", id="another-transport"),
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
