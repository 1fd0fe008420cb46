"""Sources that are no release: commits between two of them, forks, files that go by other names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pytest
from tree_sitter import Node

from gopatch.go.tree import parse
from gopatch.port.outcome import Outcome, Port
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from gopatch.splice import FileChange, Splice, splice
from tests.conftest import FIXTURES, files
from tests.drawing import few
from tests.patches.world import ABSENT, OPTION, PATCHES, whole

Changes = dict[str, list[tuple[str, str]]]

SERVICE, PING, CONFIG = "registry/service.go", "registry/endpoint.go", "registry/config.go"
ZSH = "contrib/completion/zsh/_docker"


def fork(fixture: str, changes: Mapping[str, list[tuple[str, str]]]) -> FilesInMemory:
    content = files(FIXTURES / fixture)
    for path, pairs in changes.items():
        for old, new in pairs:
            assert old.encode() in content[path], old
            content[path] = content[path].replace(old.encode(), new.encode())
    return FilesInMemory(content)


def outcome(port: Port, edit: str) -> Outcome:
    return next(o for o in port.outcomes if o.edit == edit)


def after(port: Port, path: str) -> str:
    (found,) = (c.after for c in port.changes if c.path == path)
    assert found is not None
    return found.decode()


# One structure, in another state than any release has it --------------------------------------

USER_AGENT: Changes = {
    SERVICE: [
        ("NewEndpoint(index, nil, endpointVersion)", "NewEndpoint(index, agent, nil, v)"),
        ("NewEndpoint(index, http.Header(headers),", "NewEndpoint(index, agent, headers,"),
        ("headers map[string][]string)", "agent string, headers map[string][]string)"),
    ],
    PING: [("IndexInfo, metaHeaders http.Header,", "IndexInfo, agent string, h http.Header,")],
}
SHARED_SEARCH: Changes = {
    SERVICE: [
        ("Search(term string,", "searchOne(term string,"),
        ("headers map[string][]string) (", "headers map[string][]string, all bool) ("),
    ]
}
TEXTS: Changes = {
    "graph/pull.go": [
        ("lastErr error\n", "errors []string\n"),
        ("lastErr = err\n\t\t\tcontinue", "errors = append(errors, err.Error())\n\t\t\tcontinue"),
        ("lastErr = err\n", "errors = append(errors, err.Error())\n"),
    ]
}
LOGRUS: Changes = {
    SERVICE: [
        ('"github.com/containerd/log"', '"github.com/sirupsen/logrus"'),
        ("log.G(ctx)", "logrus"),
    ]
}
LOOP = "\tfor _, endpoint := range endpoints {\n"
GIVES_UP = ("return err\n\t\t}\n\n", "lastErr = err\n\t\t\tcontinue\n\t\t}\n\n")
STATES = {
    "search, with a user agent": ("v1.10.3", USER_AGENT, "search", "agent, nil, v, s.accept"),
    "search, one term of several": ("v1.10.3", SHARED_SEARCH, "search", "Unknown, s.accept"),
    "search, endpoints from texts": (
        "v1.10.3",
        {PING: [("newEndpoint(", "newEndpointFromStr(")]},
        "search",
        "watchHTTPS(endpoint.client",
    ),
    "search, an exported configuration": (
        "v1.11.2",
        {SERVICE: [("newIndexInfo(s.config,", "newIndexInfo(s.Config,")]},
        "search",
        "http.Header(headers), s.accept",
    ),
    "login, without a token": (
        "v1.11.2",
        {SERVICE: [("status, token, err = login", "status, err = login")]},
        "no-downgrade-login",
        "first.Skips(endpoint, err, logrus.Warnf)",
    ),
    "login, options by another name": (
        "v1.11.2",
        {SERVICE: [("ServiceOptions", "Options")], CONFIG: [("ServiceOptions", "Options")]},
        "no-downgrade-login",
        "first.Skips(endpoint, err, logrus.Warnf)",
    ),
    "pull, errors as texts": ("v1.8.3", TEXTS, "no-downgrade-pull", "failed = err"),
    "pull, told at another level": (
        "v1.13.1",
        {"distribution/pull.go": [("logrus.Debugf(", "logrus.Infof(")]},
        "no-downgrade-pull",
        "endpoint.SkipsPlainHTTP(tried, logrus.Warnf)",
    ),
    "pull, on after any error": (
        "v1.13.1",
        {"distribution/pull.go": [GIVES_UP]},
        "no-downgrade-pull",
        "first.Skips(endpoint, lastErr, logrus.Warnf)",
    ),
    "pull, with its index": (
        "v1.13.1",
        {"distribution/pull.go": [("for _, endpoint", "for i, endpoint")]},
        "no-downgrade-pull",
        "endpoint.SkipsPlainHTTP(tried, logrus.Warnf)",
    ),
    "inspect, with its index": (
        "v24.0.9",
        {"distribution/repository.go": [("for _, endpoint", "for i, endpoint")]},
        "no-downgrade-inspect",
        "endpoint.NoteHTTPS(tried, lastError)",
    ),
    "login, told of each endpoint": (
        "v28.5.2",
        {SERVICE: [(LOOP, LOOP.replace("_", "i") + '\t\tlog.G(ctx).Debugf("%d", i)\n')]},
        "no-downgrade-login",
        "first.Skips(endpoint, lastErr, log.G(ctx).Warnf)",
    ),
    "test, names of another package": (
        "v1.10.3",
        {SERVICE: [("docker/docker/reference", "docker/distribution/reference")]},
        "test",
        '"github.com/docker/distribution/reference"',
    ),
    "hosts, asked another way": (
        "v28.5.2",
        {"daemon/hosts.go": [("daemon.config().Config", "daemon.Config()")]},
        "hosts",
        "daemon.letFallBack(host, hosts)",
    ),
    "reload, logged by logrus": (
        "v27.5.1",
        LOGRUS,
        "warn-reload",
        "logrus.Warn(AcceptInsecureRegistryWarning)",
    ),
    "zsh, before it knew help": (
        "v1.13.1",
        {ZSH: [('"($help)*--insecure-registry=[', "'*--insecure-registry=-[")]},
        "completion-zsh",
        "'--accept-insecure-registry[Also",
    ),
}


@pytest.mark.parametrize(("fixture", "changes", "edit", "text"), STATES.values(), ids=STATES)
def test_one_structure_in_another_state(
    fixture: str, changes: Changes, edit: str, text: str
) -> None:
    """Each edit is worked out alone: what stands around it in such a source may fail."""
    source = fork(fixture, changes)
    needed = load(OPTION)
    alone = needed._replace(edits=tuple(e for e in needed.edits if e.name == edit))
    port = work_out(alone, source)
    port.demand()
    assert outcome(port, edit).status == "applied"
    assert any(text in after(port, change.path) for change in port.changes)


def test_a_fork_may_declare_what_only_old_releases_do() -> None:
    """A fork of v1.12 has a function IndexServerAddress, as v1.7 had: it has no ping to guard."""
    name = "\n\nfunc IndexServerAddress() string { return IndexServer }\n"
    port = work_out(
        PATCHES[OPTION], fork("v1.12.6", {SERVICE: [("\n\n// Auth ", f"{name}\n// Auth ")]})
    )
    port.demand()
    found = outcome(port, "no-downgrade-ping")
    assert (found.status, found.reason) == (
        "absent",
        "nothing declares `registry.NewEndpoint` here",
    )


def test_a_ping_beside_a_lookup_is_no_road_of_its_own() -> None:
    found = outcome(whole("v1.10.3", OPTION), "no-downgrade-ping")
    assert (found.status, found.reason) == ("absent", "`LookupPushEndpoints` is declared here")


# Files by other names -------------------------------------------------------------------------


def _renamed(path: str) -> str:
    folder, _, name = path.rpartition("/")
    if not name.endswith(".go") or "third_party" in path or name in ("pull.go", "push.go"):
        return path
    return f"{folder}/zz_{name}" if folder else path


@pytest.mark.parametrize("fixture", few(ABSENT))
def test_go_files_may_have_any_name(fixture: str) -> None:
    """The same files by other names get the same changes; new files keep their own names."""
    content = files(FIXTURES / fixture)
    port = work_out(
        PATCHES[OPTION], FilesInMemory({_renamed(p): data for p, data in content.items()})
    )
    port.demand()
    wanted = {
        (_renamed(c.path) if c.before is not None else c.path): c.after
        for c in whole(fixture, OPTION).changes
    }
    assert {c.path: c.after for c in port.changes} == wanted


def test_pull_and_push_are_told_apart_by_what_they_call() -> None:
    content = files(FIXTURES / "v20.10.27")
    content["distribution/zz_pull.go"] = content.pop("distribution/pull.go")
    port = work_out(PATCHES[OPTION], FilesInMemory(content))
    places = {
        o.edit: [s.path for s in o.sites] for o in port.outcomes if "no-downgrade-pu" in o.edit
    }
    assert port.failed == ()
    assert set(places["no-downgrade-pull"]) == {"distribution/zz_pull.go"}
    assert set(places["no-downgrade-push"]) == {"distribution/push.go"}


def test_what_is_refused_is_looked_for_in_the_whole_package() -> None:
    content = files(FIXTURES / "v20.10.27")
    content["daemon/buildkit_hosts.go"] = content.pop("daemon/daemon.go").replace(
        b"resolver.NewRegistryConfig(m)", b"resolver.NewConfig(m)"
    )
    port = work_out(PATCHES[OPTION], FilesInMemory(content))
    assert [o.edit for o in port.failed] == ["hosts"]
    assert port.changes == ()
    assert re.search(
        r"nearest is hosts/\S+ at daemon/buildkit_hosts\.go:\d+:\d+", port.failed[0].reason
    )


LAYOUTS = (
    "v1.5.0",
    "v1.10.3",
    "v1.13.1",
    "v18.09.9",
    "v20.10.27",
    "v24.0.9",
    "v28.5.2",
    "docker-v29",
)


def _touch(one: Node, other: Node) -> bool:
    return one.end_point[0] == other.start_point[0] - 1


def _turned(data: bytes) -> bytes:
    """The functions of a file in reverse order, each with the comment above it."""
    nodes = parse(data).tree.root_node.children
    spans: list[tuple[int, int]] = []
    for at, node in enumerate(nodes):
        if node.type in ("function_declaration", "method_declaration"):
            first = at
            while nodes[first - 1].type == "comment" and _touch(nodes[first - 1], nodes[first]):
                first -= 1
            spans.append((nodes[first].start_byte, node.end_byte))
    return splice(
        data,
        [
            Splice(*span, data[slice(*other)])
            for span, other in zip(spans, reversed(spans), strict=True)
        ],
    )


@pytest.mark.parametrize("fixture", few(LAYOUTS))
def test_functions_may_stand_in_any_order(fixture: str) -> None:
    """Each line that comes, and each that goes, is the same as in the order that Docker has."""
    content = files(FIXTURES / fixture)
    turned = {p: _turned(d) if p.endswith(".go") else d for p, d in content.items()}
    assert turned != content
    port = work_out(PATCHES[OPTION], FilesInMemory(turned))
    port.demand()
    wanted = {c.path: c for c in whole(fixture, OPTION).changes}
    assert {c.path for c in port.changes} == set(wanted)
    for change in port.changes:
        assert _moves(change) == _moves(wanted[change.path])


def _moves(change: FileChange) -> tuple[Counter[bytes], Counter[bytes]]:
    """Which lines come and go; blank ones depend on the neighbours."""
    before, after = (Counter((data or b"").split(b"\n")) for data in (change.before, change.after))
    come, gone = after - before, before - after
    del come[b""], gone[b""]
    return come, gone
