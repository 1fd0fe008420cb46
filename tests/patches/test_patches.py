"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from gopatch.errors import ApplyError, PatchError, SourceError, UsageError
from gopatch.go.gofmt import realign
from gopatch.go.tree import parse
from gopatch.port.work import OutsideError, Port, work_out
from gopatch.recipe.read import load, names
from gopatch.recipe.values import NewFiles, Patch
from gopatch.source import Entry
from tests.conftest import FIXTURES, files

OPTION = "accept-insecure-registry"
CRUDE = ("always-http", "skip-verify")
PATCHES = {name: load(name) for name in (OPTION, *CRUDE)}

BASH, ZSH, FISH = "completion-bash", "completion-zsh", "completion-fish"
PAPERS = {"man", "docs", BASH, ZSH, FISH}
TEST = {"test"}  # it is about the lookups
V1 = {"guard-v1"}
NO_LIST = {"warn-info"}
# Before BuildKit, nobody keeps hosts.
ASK = {"ask", "hosts", "http-fallback"} | NO_LIST
RELOAD = {"reload", "warn-reload"} | ASK
SEARCH = {"search", "https-watch"}  # before the lookup, the ping is the only road

# Which edits of the option find nothing to do in a fixture; all others are applied.
ABSENT: dict[str, set[str]] = {
    "v1.3.1": TEST | V1 | RELOAD | SEARCH | PAPERS - {"docs"},
    "v1.4.1": TEST | V1 | RELOAD | SEARCH | PAPERS - {"docs"},
    "v1.5.0": TEST | V1 | RELOAD | SEARCH | {"man", ZSH},
    "v1.7.1": TEST | V1 | RELOAD | SEARCH | {"man", ZSH},
    "v1.8.2": TEST | V1 | RELOAD,
    "v1.8.3": RELOAD,
    "v1.10.3": RELOAD,
    "v1.11.2": RELOAD,
    "v1.12.6": RELOAD,
    "v1.13.1": ASK,
    "v17.06.0-ce": ASK,
    "v17.09.1-ce": ASK | PAPERS,
    "v17.12.1-ce": ASK | PAPERS,
    "v18.09.9": PAPERS,
    "v19.03.15": V1 | PAPERS,
    "v20.10.27": V1 | PAPERS,
    "v23.0.18": V1 | PAPERS,
    "v24.0.9": V1 | PAPERS,
    "v27.5.1": V1 | PAPERS - {"man"},
    "v28.0.4": V1 | PAPERS - {"man"},
    "v28.5.2": V1 | PAPERS - {"man"},
    "docker-v29": V1 | PAPERS - {"man"},
    "docker-ce": ASK,
    "debian": V1,
}
# Before the lookup there was only the ping: nothing that the crude patches know.
PINGS = ("v1.3.1", "v1.4.1", "v1.5.0", "v1.7.1")
# Until v1.10 login had one endpoint, which the ping judges, as it does for a search.
ONE_LOGIN = ("v1.8.2", "v1.8.3", "v1.10.3")
NO_INSPECTION = (*PINGS, *ONE_LOGIN, "v1.11.2", "v1.12.6")
HOSTS_FOR_PLUGINS = (
    *("v20.10.27", "debian", "v23.0.18", "v24.0.9"),
    *("v27.5.1", "v28.0.4", "v28.5.2", "docker-v29"),
)
RAILS = {
    "https-first": PINGS,
    "no-downgrade-login": PINGS + ONE_LOGIN,
    "no-downgrade-ping": tuple(f for f in ABSENT if f not in PINGS),
    "no-downgrade-pull": PINGS,
    "no-downgrade-push": PINGS,
    "no-downgrade-inspect": NO_INSPECTION,
    "no-downgrade-plugin": tuple(f for f in ABSENT if f not in HOSTS_FOR_PLUGINS),
}
ABSENT = {
    fixture: edits | {edit for edit, without in RAILS.items() if fixture in without}
    for fixture, edits in ABSENT.items()
}
PAIRS = [
    pytest.param(fixture, name, id=f"{fixture}-{name}")
    for fixture in ABSENT
    for name in PATCHES
    if name == OPTION or fixture not in PINGS
]


class Tree:
    """Files in memory as a source."""

    name = "tree"

    def __init__(self, content: Mapping[str, bytes]) -> None:
        self.content = dict(content)

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        start = f"{folder}/" if folder else ""
        inside = sorted(
            {p[len(start) :].split("/")[0] for p in self.content if p.startswith(start)}
        )
        return tuple(entry for n in inside if (entry := self.entry(start + n)) is not None)

    def entry(self, path: str) -> Entry | None:
        name = path.rpartition("/")[2]
        if path in self.content:
            return Entry(name, "file", 0o100644)
        is_folder = any(p.startswith(f"{path}/") for p in self.content)
        return Entry(name, "dir", 0o040000) if is_folder else None

    def read(self, path: str) -> bytes:
        return self.content[path]


@cache
def _fixture(name: str) -> Mapping[str, bytes]:
    return files(FIXTURES / name)


def tree(name: str) -> Tree:
    return Tree(_fixture(name))


def patched(content: Mapping[str, bytes], port: Port) -> Tree:
    """The tree once the port is written."""
    changed = {c.path: c.after for c in port.changes if c.after is not None}
    return Tree({**content, **changed})


@cache
def whole(fixture: str, patch: str) -> Port:
    return work_out(PATCHES[patch], tree(fixture))


def statuses(port: Port) -> dict[str, str]:
    return {outcome.edit: outcome.status for outcome in port.outcomes}


def needed(patch: Patch, edit: str) -> set[str]:
    """An edit and all that it needs, in one step or in several."""
    found = {edit}
    for each in reversed(patch.edits):
        found.update(each.needs if each.name in found else ())
    return found


def changes(port: Port) -> dict[str, bytes | None]:
    return {change.path: change.after for change in port.changes}


# The folders ----------------------------------------------------------------------------------


def test_these_patches_come_with_it() -> None:
    assert names() == sorted(PATCHES)
    assert set(ABSENT) | {"cli"} == {p.name for p in FIXTURES.iterdir() if p.is_dir()}


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_says_what_it_is_for_and_what_it_risks(name: str) -> None:
    patch = PATCHES[name]
    assert patch.title.startswith("daemon: ")
    assert patch.security.startswith("Security: ")
    assert ("not to be used" in patch.why) == ("do not ship" in patch.security) == (name in CRUDE)
    assert all(edit.title != edit.name for edit in patch.edits)


@pytest.mark.parametrize("name", PATCHES)
def test_no_file_of_a_folder_is_left_over(name: str) -> None:
    folder = Path(__file__).parent.parent.parent / "patches" / name
    told = (folder / "patch.toml").read_text()
    left = {p.name for p in folder.iterdir() if p.name not in told}
    assert left == {"patch.toml", "cases"}


# What applies ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fixture", ABSENT)
def test_the_option_applies(fixture: str) -> None:
    port = whole(fixture, OPTION)
    expected = {
        edit.name: "absent" if edit.name in ABSENT[fixture] else "applied"
        for edit in PATCHES[OPTION].edits
    }
    assert statuses(port) == expected
    assert all(o.sites and o.variant for o in port.outcomes if o.status == "applied")
    assert all(o.reason for o in port.outcomes if o.status == "absent")


@pytest.mark.parametrize("name", CRUDE)
@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_the_crude_ones_apply(fixture: str, name: str) -> None:
    v1 = "absent" if "guard-v1" in ABSENT[fixture] else "applied"
    assert statuses(whole(fixture, name)) == {"guard-v2": "applied", "guard-v1": v1}


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_a_second_run_changes_nothing(fixture: str, name: str) -> None:
    first = whole(fixture, name)
    again = work_out(PATCHES[name], patched(_fixture(fixture), first))
    assert again.status == "already"
    assert again.changes == ()
    assert statuses(again) == {
        edit: "already" if status == "applied" else status
        for edit, status in statuses(first).items()
    }


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_layout_is_kept(fixture: str, name: str) -> None:
    for change in whole(fixture, name).changes:
        assert change.after is not None
        assert change.after.endswith(b"\n")
        if not change.path.endswith(".go"):
            continue
        if change.before is None or not realign(parse(change.before)):
            assert realign(parse(change.after)) == [], change.path
        assert not parse(change.after).errors()


@pytest.mark.parametrize(("fixture", "name"), PAIRS)
def test_copies_and_tests_stay(fixture: str, name: str) -> None:
    for change in whole(fixture, name).changes:
        assert change.before is None or not change.path.endswith("_test.go")
        assert not {"vendor", "third_party", "debian"} & set(change.path.split("/"))


def _removed(before: bytes, after: bytes) -> list[str]:
    old, new = before.decode().split("\n"), after.decode().split("\n")
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [line for tag, a, b, _, _ in blocks if tag in ("replace", "delete") for line in old[a:b]]


@pytest.mark.parametrize("fixture", ABSENT)
def test_only_guards_and_the_service_are_rewritten(fixture: str) -> None:
    guard = r"\t+if (tlsConfig\.InsecureSkipVerify|!isSecure|secure|endpoint\.\w+) \{"
    marked = r"\t+if errors\.Is\(err, context\.Canceled\) \|\| errors\.Is\(err, context\.DeadlineExceeded\).* \{"
    made = r"\t+return &\w+\{config: config\}(, \w+)?|\t+[cC]onfig: .*,|\treturn resolver\.NewRegistryConfig\(.*"
    ping = r"func [nN]ew(V1)?Endpoint\(.*|\tendpoint, err := .*"
    removed = [
        line
        for change in whole(fixture, OPTION).changes
        if change.before is not None and change.after is not None
        for line in _removed(change.before, change.after)
    ]
    guards = [line for line in removed if re.fullmatch(guard, line)]
    assert len(guards) == len({"guard-v1", "guard-v2", "search"} - ABSENT[fixture])
    pings = [line for line in removed if re.fullmatch(ping, line)]
    assert len(pings) == (0 if "search" in ABSENT[fixture] else 3 if fixture in ONE_LOGIN else 2)
    other = [line for line in removed if line not in guards and line not in pings]
    assert [line for line in other if not re.fullmatch(f"{made}|{marked}", line)] == []


@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_skip_verify_removes_nothing(fixture: str) -> None:
    for change in whole(fixture, "skip-verify").changes:
        assert change.before is not None
        assert change.after is not None
        assert _removed(change.before, change.after) == []


@pytest.mark.parametrize("fixture", [f for f in ABSENT if f not in PINGS])
def test_always_http_leaves_no_guard(fixture: str) -> None:
    for change in whole(fixture, "always-http").changes:
        assert change.after is not None
        assert not re.search(rb"if (tlsConfig\.InsecureSkipVerify|!isSecure) ", change.after)
        assert change.after.count(b"http") == (change.before or b"").count(b"http")


@pytest.mark.parametrize("fixture", ["v1.7.1", "v1.13.1", "v20.10.27", "docker-ce"])
def test_windows_lines_stay(fixture: str) -> None:
    crlf = {path: data.replace(b"\n", b"\r\n") for path, data in _fixture(fixture).items()}
    port = work_out(PATCHES[OPTION], Tree(crlf))
    assert statuses(port) == statuses(whole(fixture, OPTION))
    for path, after in changes(port).items():
        expected = changes(whole(fixture, OPTION))[path]
        assert after is not None
        assert expected is not None
        # What gofmt would align is left as it is: to gofmt no file with these line ends is clean.
        assert after.replace(b"\r\n", b"\n").split() == expected.split()
        assert path not in crlf or after.count(b"\r\n") == after.count(b"\n")


# Half of it is there --------------------------------------------------------------------------


@pytest.mark.parametrize("fixture", ["v1.4.1", "v1.7.1", "v1.8.2", "v1.13.1", "docker-ce"])
@pytest.mark.parametrize("edit", [e.name for e in PATCHES[OPTION].edits if not e.helper])
def test_one_edit_alone_is_finished(fixture: str, edit: str) -> None:
    patch = PATCHES[OPTION]
    edits = needed(patch, edit)
    alone = patch._replace(edits=tuple(e for e in patch.edits if e.name in edits))
    first = work_out(alone, tree(fixture))
    half = patched(_fixture(fixture), first)
    port = work_out(patch, half)
    done = {name for name, status in statuses(first).items() if status == "applied"}
    assert statuses(port) == {
        **statuses(whole(fixture, OPTION)),
        **dict.fromkeys(done, "already"),
    }
    # A helper waits for the edit that needs it.
    waiting = edits - ABSENT[fixture] - done
    assert waiting <= {e.name for e in patch.edits if e.helper}
    assert edit not in waiting
    finished = patched(half.content, port).content
    assert finished == patched(_fixture(fixture), whole(fixture, OPTION)).content


# What is refused ------------------------------------------------------------------------------

GUARD = "if tlsConfig.InsecureSkipVerify {"
CONFIG, SERVICE, V2 = "registry/config.go", "registry/service.go", "registry/service_v2.go"
DAEMON = "daemon/daemon.go"
DOCKERD, PING, SERVICE_V1 = (
    "cmd/dockerd/config.go",
    "registry/endpoint.go",
    "registry/service_v1.go",
)
ZSH_FILE, ZSH_LIST = "contrib/completion/zsh/_docker", '"($help)*--insecure-registry=['
BY_NAME = "hostname == DefaultNamespace || hostname == DefaultV2Registry.Host"


def changed(fixture: str, path: str, old: str, new: str) -> Tree:
    content = dict(_fixture(fixture))
    assert old.encode() in content[path]
    content[path] = content[path].replace(old.encode(), new.encode())
    return Tree(content)


def refusal(content: Tree, patch: str, edit: str) -> str:
    """Why the edit fails before all others; nothing may have been changed by them."""
    port = work_out(PATCHES[patch], content, strict=True)
    assert port.failed[0].edit == edit
    assert port.status == "failed"
    assert port.changes == ()
    with pytest.raises(ApplyError, match="nothing was written") as error:
        port.demand()
    assert port.failed[0].reason in str(error.value)
    return port.failed[0].reason


def place(content: Tree, path: str, text: str) -> str:
    data = content.read(path).decode()
    before = data[: data.index(text)]
    return f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize(
    ("fixture", "path", "old", "new", "edit", "stands"),
    [
        pytest.param("v20.10.27", CONFIG, "\tInsecureRegistries ", "\tOpenRegistries ",
                     "option", "OpenRegistries", id="option-renamed"),
        pytest.param("v20.10.27", DOCKERD, '"insecure-registry"', '"plain-registry"',
                     "flag", '"plain-registry"', id="flag-renamed"),
        pytest.param("v1.12.6", CONFIG, '"-insecure-registry"', '"-plain-registry"',
                     "flag", '"-plain-registry"', id="mflag-renamed"),
        pytest.param("v20.10.27", SERVICE, "return &DefaultService{", "return made{",
                     "store", "made{config: config}", id="service-made-elsewhere"),
        pytest.param("v20.10.27", V2, GUARD, "if tlsConfig.InsecureSkipVerify || always {",
                     "guard-v2", "tlsConfig.InsecureSkipVerify || always", id="guard-widened"),
        pytest.param("v20.10.27", V2, GUARD, "if !tlsConfig.InsecureSkipVerify {",
                     "guard-v2", "!tlsConfig.InsecureSkipVerify", id="guard-turned-round"),
        pytest.param("v20.10.27", V2, GUARD, "if s.acceptInsecureRegistry || tlsConfig.InsecureSkipVerify {",
                     "guard-v2", "s.acceptInsecureRegistry || tlsConfig.InsecureSkipVerify",
                     id="guard-that-opens-docker-hub"),
        pytest.param("v20.10.27", V2, '"http"', '"gopher"',
                     "guard-v2", '"gopher"', id="body-is-not-http"),
        pytest.param("v1.13.1", SERVICE_V1, GUARD, "if open(tlsConfig) {",
                     "guard-v1", f"{BY_NAME} || hostname == IndexHostname", id="guard-of-v1-changed"),
        pytest.param("v1.10.3", V2, '"http://"', '"ftp://"',
                     "guard-v2", '"ftp://"', id="text-is-not-http"),
        pytest.param("v1.8.2", SERVICE, "if !isSecure {", "if plain {",
                     "guard-v2", "plain", id="guard-of-both-changed"),
        pytest.param("v20.10.27", "registry/endpoint_v1.go", "if endpoint.IsSecure {", "if strict {",
                     "search", "strict", id="ping-of-search-changed"),
        pytest.param("v27.5.1", "registry/search_endpoint_v1.go", "if endpoint.IsSecure {", "if open {",
                     "search", "open", id="ping-within-changed"),
        pytest.param("v1.10.3", "registry/service.go", "NewEndpoint(index, nil, endpointVersion)", "found[index]",
                     "search", "found[index]", id="login-finds-its-endpoint-elsewhere"),
        pytest.param("v19.03.15", DAEMON, "host := reference.Domain(parsed)", "host := names.Domain(parsed)",
                     "hosts", "names", id="host-of-a-reference-changed"),
        pytest.param("v20.10.27", DAEMON, "return resolver.NewRegistryConfig(m)", "return hostsOf(m)",
                     "hosts", "hostsOf", id="map-of-hosts-changed"),
        pytest.param("v27.5.1", DAEMON, "resolver.NewRegistryConfig(m)(host)", "resolver.NewRegistryConfig(m)(other())",
                     "hosts", "other()", id="host-changed"),
        pytest.param("v28.5.2", "daemon/hosts.go", "daemon.mergeLegacyConfig(host, hosts)", "combine(host, hosts)",
                     "hosts", "combine", id="legacy-hosts-changed"),
        pytest.param("v1.7.1", PING, "if endpoint.IsSecure {", "if strict {",
                     "guard-v2", "strict", id="ping-changed"),
        pytest.param("v1.4.1", PING, "if endpoint.secure {", "if strict {",
                     "guard-v2", "err2 == nil", id="old-ping-changed"),
        pytest.param("v1.3.1", PING, "if secure {", "if strict {",
                     "guard-v2", "strict", id="oldest-ping-changed"),
    ],
)  # fmt: skip
def test_a_changed_place_is_named(
    fixture: str, path: str, old: str, new: str, edit: str, stands: str
) -> None:
    content = changed(fixture, path, old, new)
    reason = refusal(content, OPTION, edit)
    assert f" at {place(content, path, stands)}: wanted `" in reason
    assert re.search(rf"\({OPTION}/[\w-]+\.patch:\d+:\d+\)", reason)
    assert reason.endswith(f"`{stands}` stands there")


@pytest.mark.parametrize("patch", PATCHES)
def test_a_second_lookup_is_refused_and_both_are_named(patch: str) -> None:
    lookup = "func (s *DefaultService) lookupV2Endpoints"
    data = _fixture("v20.10.27")[V2].decode()
    copy = data[data.index(lookup) :].replace("*DefaultService", "*OtherService")
    content = changed("v20.10.27", V2, data, f"{data}\n{copy}")
    reason = refusal(content, patch, "guard-v2")
    assert "2 places match where 1 may" in reason
    assert len(re.findall(rf"{V2}:\d+:\d+", reason)) == 2


@pytest.mark.parametrize(
    ("fixture", "path", "guard", "patch", "edit", "lines"),
    [
        pytest.param("v20.10.27", V2, GUARD, OPTION, "guard-v2", (67, 81), id="v2"),
        pytest.param("v20.10.27", V2, GUARD, "always-http", "guard-v2", (67, 81), id="always-http"),
        pytest.param("v1.13.1", SERVICE_V1, GUARD, OPTION, "guard-v1", (29, 42), id="v1"),
        pytest.param(
            "v1.8.2", SERVICE, "if !isSecure {", OPTION, "guard-v2", (209, 227), id="both"
        ),
    ],
)
def test_a_second_guard_in_one_lookup_is_refused(
    fixture: str, path: str, guard: str, patch: str, edit: str, lines: tuple[int, int]
) -> None:
    data = _fixture(fixture)[path].decode()
    block = data[data.index(f"\t{guard}") :].split("\n\t}\n")[0] + "\n\t}\n"
    content = changed(fixture, path, block, f"{block}\n{block}")
    reason = refusal(content, patch, edit)
    assert "2 places match where 1 may" in reason
    assert tuple(int(line) for line in re.findall(rf"{path}:(\d+):\d+", reason)) == lines


@pytest.mark.parametrize("patch", PATCHES)
def test_go_that_does_not_parse_is_refused(patch: str) -> None:
    content = changed("v20.10.27", V2, GUARD, f"if if {{\n\t{GUARD}")
    assert f"{V2}:" in refusal(content, patch, "guard-v2")


@pytest.mark.parametrize("name", ["v1.7.1", "v20.10.27", "docker-v29"])
def test_another_file_of_the_new_name_is_refused(name: str) -> None:
    adding = [
        e for e in PATCHES[OPTION].edits if isinstance(e, NewFiles) and e.name not in ABSENT[name]
    ]
    assert adding
    for edit in adding:
        alone = PATCHES[OPTION]._replace(edits=(edit,))
        for change in work_out(alone, tree(name)).changes:
            content = Tree({**_fixture(name), change.path: b"package other\n"})
            said = f"{change.path} is there already, with other content"
            assert refusal(content, OPTION, edit.name) == said


ADDS_TWO = """title = "two files"
[[edit]]
name = "files"
files = ["registry/*.go"]
adds = ["one.go", "one_test.go"]
beside = "NewService"
"""


@pytest.mark.parametrize("there", [set(), {"one.go"}, {"one_test.go"}, {"one.go", "one_test.go"}])
def test_an_edit_adds_all_its_files(tmp_path: Path, there: set[str]) -> None:
    new = dict.fromkeys(("one.go", "one_test.go"), b"package registry\n")
    for name, data in new.items():
        (tmp_path / name).write_bytes(data)
    patch = load(str(folder(tmp_path, ADDS_TWO)))
    content = {**_fixture("v20.10.27"), **{f"registry/{name}": new[name] for name in there}}
    port = work_out(patch, Tree(content))
    assert port.status == ("already" if len(there) == 2 else "applied")
    assert port.outcomes[0].variant == "one.go, one_test.go"
    assert changes(port) == {
        f"registry/{name}": data for name, data in new.items() if name not in there
    }


def test_one_of_two_new_files_that_is_there_already_stops_both(tmp_path: Path) -> None:
    for name in ("one.go", "one_test.go"):
        (tmp_path / name).write_text("package registry\n")
    patch = load(str(folder(tmp_path, ADDS_TWO)))
    content = Tree({**_fixture("v20.10.27"), "registry/one_test.go": b"package other\n"})
    port = work_out(patch, content)
    assert [o.reason for o in port.failed] == [
        "registry/one_test.go is there already, with other content"
    ]
    assert port.changes == ()


@pytest.mark.parametrize("patch", CRUDE)
@pytest.mark.parametrize("fixture", PINGS)
def test_the_crude_ones_want_a_lookup(fixture: str, patch: str) -> None:
    assert "no variant fits" in refusal(tree(fixture), patch, "guard-v2")


@pytest.mark.parametrize(
    ("path", "old", "new", "edit", "reason"),
    [
        pytest.param("man/dockerd.8.md", "\n**--", "\n* **--",
                     "man", r"dockerd\.8\.md: no variant fits; .* is not there$", id="man-form"),
        pytest.param(ZSH_FILE, ZSH_LIST, f'{ZSH_LIST}One]:r: " \\\n                {ZSH_LIST}',
                     ZSH, r"zsh/_docker: .* stands on lines 10, 11, not once$", id="zsh-twice"),
        pytest.param(ZSH_FILE, "--insecure-registry=[", "--insecure-registry[",
                     ZSH, r"zsh/_docker: no variant fits; beside: the line .* is not there$", id="zsh-form"),
        pytest.param("contrib/completion/fish/docker.fish", "complete -c docker", "complete -c other",
                     FISH, r"docker\.fish: no variant fits; .* is not there$", id="fish-form"),
        pytest.param("contrib/completion/bash/docker", "\t--", "\t:--",
                     BASH, r"bash/docker: no variant fits; daemon: .* is not there$", id="bash-form"),
    ],
)  # fmt: skip
def test_a_text_of_another_form_is_refused(
    path: str, old: str, new: str, edit: str, reason: str
) -> None:
    assert re.search(reason, refusal(changed("v1.13.1", path, old, new), OPTION, edit))


def test_a_text_that_is_not_utf_8_is_refused() -> None:
    path = "contrib/completion/fish/docker.fish"
    data = _fixture("v1.13.1")[path]
    content = Tree({**_fixture("v1.13.1"), path: data + b"\xff"})
    assert f"is not UTF-8 text (byte {len(data)})" in refusal(content, OPTION, FISH)


def test_zsh_speaks_of_the_daemon_alone() -> None:
    """Other sections of zsh's file have a word `(daemon)` too: the flag goes beside the list."""
    path = ZSH_FILE
    other = (
        "        (daemon)\n            _arguments \\\n" + " " * 16 + '"($help)--leave[Stay]" \\\n\n'
    )
    content = changed("v1.13.1", path, "__docker_daemon() {", f"{other}__docker_daemon() {{")
    after = changes(work_out(PATCHES[OPTION], content))[path]
    assert after is not None
    lines = after.decode().split("\n")
    (index,) = (i for i, line in enumerate(lines) if OPTION in line)
    assert "*--insecure-registry=[" in lines[index + 1]
    assert lines[:index] + lines[index + 1 :] == content.read(path).decode().split("\n")


@pytest.mark.parametrize("patch", PATCHES)
def test_the_command_line_alone_has_no_daemon(patch: str) -> None:
    with pytest.raises(SourceError, match=r"not Docker's source|command line alone"):
        work_out(PATCHES[patch], tree("cli"))


@pytest.mark.parametrize("patch", PATCHES)
def test_docker_before_the_list_is_outside(patch: str) -> None:
    old = {p: d.replace(b"nsecure", b"ncautious") for p, d in _fixture("v1.3.1").items()}
    with pytest.raises(OutsideError, match=r"v1\.3\.1 is the first"):
        work_out(PATCHES[patch], Tree(old))


# Folders that are wrong -----------------------------------------------------------------------

EDIT = '[[edit]]\nname = "one"\nfiles = ["*.go"]\n'
HEAD = 'title = "a patch"\n'
OTHER = EDIT.replace("one", "two") + 'variants = ["go.patch"]\n'
GO = "@@\n@@\n-a()\n+b()\n"


def folder(where: Path, toml: str | None, **others: str) -> Path:
    where.mkdir(exist_ok=True)
    content = {"patch.toml": toml, **{f"{name}.patch": text for name, text in others.items()}}
    for name, text in content.items():
        if text is not None:
            (where / name).write_text(text)
    return where


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param(None, "there is no patch.toml", id="empty-folder"),
        pytest.param("title = ", "is not TOML", id="not-toml"),
        pytest.param(HEAD, "has no [[edit]]", id="no-edit"),
        pytest.param(EDIT + 'variants = ["go.patch"]', "`title` is missing", id="no-title"),
        pytest.param("titel = 1", "unknown key `titel` in the patch", id="unknown-key"),
        pytest.param(HEAD + EDIT + "varients = []", "unknown key `varients` in the edit `one`", id="unknown-key-of-an-edit"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\nfind = 'x'", "unknown key `find` in a variant", id="unknown-key-of-a-variant"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nwhere = 'x'", "unknown key `where`", id="unknown-key-of-an-insert"),
        pytest.param(HEAD + EDIT, "either variants or files", id="neither"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nadds = "go.patch"', "either variants or files", id="both"),
        pytest.param(HEAD + EDIT + 'adds = "go.patch"', "`beside` is missing", id="beside-what"),
        pytest.param(HEAD + EDIT + 'adds = "new.go"\nbeside = "F"', "cannot be read", id="no-such-new-file"),
        pytest.param(HEAD + EDIT + 'adds = 1\nbeside = "F"', "`adds` must be a file name", id="new-file-no-name"),
        pytest.param(HEAD + EDIT + 'adds = ["go.patch", "go.patch"]\nto = "x.go"\nbeside = "F"', "`to` is the name of a lone file", id="one-name-for-two"),
        pytest.param(HEAD + EDIT + 'variants = ["gone.patch"]', "there is no file `gone.patch`", id="no-such-variant"),
        pytest.param(HEAD + EDIT + "variants = [1]", "list of file names", id="variant-is-a-number"),
        pytest.param(HEAD + EDIT + 'variants = ["bad.patch"]', "folder/bad.patch:4:", id="variant-is-not-go"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nroot = "top"', "not one of engine, cli, any", id="root"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\ngroup = "odds"', "not one of core", id="group"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nmatches = true', "`matches` must be a int", id="matches"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nunless = [1]', "`unless` must be a name", id="unless"),
        pytest.param(HEAD + 2 * (EDIT + 'variants = ["go.patch"]\n'), "two edits are called `one`", id="same-name"),
        pytest.param(HEAD + '[[edit]]\nname = "one"\nfiles = []', "list of globs", id="no-globs"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = "one"', "`needs` must be a list", id="needs-no-list"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = ["tow"]', "speaks of `tow`, which is no edit", id="needs-what"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nneeds = ["two"]\n' + OTHER, "needs `two`, which comes after it", id="needs-a-later-one"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nhelper = "yes"', "`helper` must be a bool", id="helper-is-a-word"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\nhelper = true', "no edit needs the helper `one`", id="helper-of-none"),
        pytest.param(HEAD + EDIT.replace("one", "rails") + 'variants = ["go.patch"]', "called `rails`, as a group is", id="called-like-a-group"),
        pytest.param(HEAD + "risk = [1]\n" + EDIT + 'variants = ["go.patch"]', "[[risk]] must be a table", id="risk-is-a-number"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nsays = "x"', "`without` is missing", id="risk-of-what"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["one"]', "`says` is missing", id="risk-says-nothing"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwith = ["one"]', "unknown key `with` in a risk", id="unknown-key-of-a-risk"),
        pytest.param(HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["tow"]\nsays = "x"', "a risk speaks of `tow`", id="risk-of-no-edit"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nfind = '('\ntext = 'x'", "not a regular expression", id="regex"),
        pytest.param(HEAD + EDIT + "[[edit.variant]]\n[[edit.variant.insert]]\nfind = 'x'\nplace = 'on'", "not before or after", id="place"),
    ],
)  # fmt: skip
def test_a_wrong_folder_is_refused(tmp_path: Path, toml: str | None, message: str) -> None:
    made = folder(tmp_path / "folder", toml, go=GO, bad="@@\n@@\n-a()\n+b(\n")
    with pytest.raises(PatchError, match=re.escape(message)) as error:
        load(str(made))
    assert str(tmp_path) not in str(error.value)


@pytest.mark.parametrize(
    ("toml", "meant"),
    [
        ("titel = 1", "title"),
        (HEAD + EDIT + 'variants = ["goo.patch"]', "go.patch"),
        (HEAD + EDIT + 'variants = ["go.patch"]\ngroup = "paper"', "papers"),
        (HEAD + EDIT + 'variants = ["go.patch"]\nroot = "engin"', "engine"),
        (HEAD + EDIT + f'variants = ["go.patch"]\nneeds = ["towo"]\n{OTHER}', "two"),
        (
            HEAD + EDIT + 'variants = ["go.patch"]\n[[risk]]\nwithout = ["rail"]\nsays = "x"',
            "rails",
        ),
    ],
)
def test_a_slip_in_a_folder_is_corrected(tmp_path: Path, toml: str, meant: str) -> None:
    made = folder(tmp_path / "folder", toml, go=GO)
    with pytest.raises(PatchError) as error:
        load(str(made))
    assert error.value.hint == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("which", "message"),
    [
        pytest.param("always-htp", "always-http", id="slip"),
        pytest.param("/no/such/folder", "`gopatch list`", id="no-such-folder"),
    ],
)
def test_an_unknown_patch_is_refused(which: str, message: str) -> None:
    with pytest.raises(UsageError, match="no patch") as error:
        load(which)
    assert message in (error.value.hint or "")


def _two_edits(tmp_path: Path, second: str) -> Patch:
    toml = HEAD + "".join(
        f'[[edit]]\nname = "{name}"\nfiles = ["registry/*.go"]\nvariants = ["{name}.patch"]\n'
        for name in ("first", "second")
    )
    first = (
        f"@@\nvar t identifier\n@@\n-{GUARD}\n+if open(t) || t.InsecureSkipVerify {{\n   ...\n }}\n"
    )
    return load(
        str(folder(tmp_path / "two", toml, first=first.replace("tlsConfig", "t"), second=second))
    )


def test_two_edits_of_the_same_bytes_are_refused(tmp_path: Path) -> None:
    patch = _two_edits(tmp_path, "@@\nvar t expression\n@@\n-open(t)\n+shut(t)\n")
    port = work_out(patch, tree("v20.10.27"))
    assert [outcome.edit for outcome in port.failed] == ["second"]
    assert "the edits `first` and `second` change the same bytes" in port.failed[0].reason
    assert re.match(rf"{V2}:67:\d+: ", port.failed[0].reason)
    assert port.changes == ()
