"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from gopatch.errors import ApplyError, PatchError, SourceError, UsageError
from gopatch.golang import parse
from gopatch.layout import realign
from gopatch.port import OutsideError, Port, work_out
from gopatch.recipe import Patch, load, names
from gopatch.source import Entry
from tests.conftest import FIXTURES, files

OPTION = "accept-insecure-registry"
CRUDE = ("always-http", "skip-verify")
PATCHES = {name: load(name) for name in (OPTION, *CRUDE)}

BASH, ZSH, FISH = "completion-bash", "completion-zsh", "completion-fish"
PAPERS = {"man", "docs", BASH, ZSH, FISH}
V1 = {"guard-v1"}

# Which edits of the option find nothing to do in a fixture; all others are applied.
ABSENT: dict[str, set[str]] = {
    "v1.3.1": V1 | PAPERS - {"docs"},
    "v1.4.1": V1 | PAPERS - {"docs"},
    "v1.5.0": V1 | {"man", ZSH},
    "v1.7.1": V1 | {"man", ZSH},
    "v1.8.2": V1,
    "v1.8.3": set(),
    "v1.10.3": set(),
    "v1.11.2": set(),
    "v1.12.6": set(),
    "v1.13.1": set(),
    "v17.06.0-ce": set(),
    "v17.09.1-ce": PAPERS,
    "v17.12.1-ce": PAPERS,
    "v18.09.9": PAPERS,
    "v19.03.15": V1 | PAPERS,
    "v20.10.27": V1 | PAPERS,
    "v23.0.18": V1 | PAPERS,
    "v24.0.9": V1 | PAPERS,
    "v27.5.1": V1 | PAPERS - {"man"},
    "v28.0.4": V1 | PAPERS - {"man"},
    "v28.5.2": V1 | PAPERS - {"man"},
    "docker-v29": V1 | PAPERS - {"man"},
    "docker-ce": set(),
    "debian": V1,
}
# Before the lookup there was only the ping: nothing that the crude patches know.
PINGS = ("v1.3.1", "v1.4.1", "v1.5.0", "v1.7.1")
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
        inside = sorted({p[len(start) :].split("/")[0] for p in self.content if p.startswith(start)})
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
    folder = Path(__file__).parent.parent / "patches" / name
    told = (folder / "patch.toml").read_text()
    assert [p.name for p in folder.iterdir() if p.name not in told] == ["patch.toml"]


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
    for path in changes(whole(fixture, name)):
        assert not path.endswith("_test.go")
        assert not {"vendor", "third_party", "debian"} & set(path.split("/"))


def _removed(before: bytes, after: bytes) -> list[str]:
    old, new = before.decode().split("\n"), after.decode().split("\n")
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [line for tag, a, b, _, _ in blocks if tag in ("replace", "delete") for line in old[a:b]]


@pytest.mark.parametrize("fixture", ABSENT)
def test_only_guards_and_the_service_are_rewritten(fixture: str) -> None:
    guard = r"\t+if (tlsConfig\.InsecureSkipVerify|!isSecure|secure|endpoint\.\w+) \{"
    made = r"\t+return &\w+\{config: config\}(, \w+)?|\t+[cC]onfig: .*,"
    removed = [
        line
        for change in whole(fixture, OPTION).changes
        if change.before is not None and change.after is not None
        for line in _removed(change.before, change.after)
    ]
    guards = [line for line in removed if re.fullmatch(guard, line)]
    assert len(guards) == (1 if "guard-v1" in ABSENT[fixture] else 2)
    assert len([line for line in removed if re.fullmatch(made, line)]) == len(removed) - len(guards)


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
@pytest.mark.parametrize("edit", [edit.name for edit in PATCHES[OPTION].edits])
def test_one_edit_alone_is_finished(fixture: str, edit: str) -> None:
    patch = PATCHES[OPTION]
    alone = patch._replace(edits=tuple(e for e in patch.edits if e.name == edit))
    half = patched(_fixture(fixture), work_out(alone, tree(fixture)))
    port = work_out(patch, half)
    assert statuses(port) == {
        **statuses(whole(fixture, OPTION)),
        **({} if edit in ABSENT[fixture] else {edit: "already"}),
    }
    done = patched(half.content, port).content
    assert done == patched(_fixture(fixture), whole(fixture, OPTION)).content


# What is refused ------------------------------------------------------------------------------

GUARD = "if tlsConfig.InsecureSkipVerify {"
V2 = "registry/service_v2.go"
ENGINE_PLACE = r"%s:\d+:\d+: wanted `.+` \(%s/[\w-]+\.patch:\d+:\d+\)"


def _twice(text: str, receiver: str = "Other") -> str:
    """The file with its lookup once more, on another type."""
    start = text.index("func (s *DefaultService) lookupV2Endpoints")
    copy = text[start:].replace("DefaultService) lookupV2", f"{receiver}) lookupV2", 1)
    return f"{text}\n{copy}"


REFUSED = [
    pytest.param("v20.10.27", "registry/config.go", "\tInsecureRegistries ", "\tOpenRegistries ",
                 "option", ENGINE_PLACE % ("registry/config.go", OPTION), id="option-renamed"),
    pytest.param("v20.10.27", "cmd/dockerd/config.go", '"insecure-registry"', '"plain-registry"',
                 "flag", ENGINE_PLACE % (r"[\w/]+\.go", OPTION), id="flag-renamed"),
    pytest.param("v1.12.6", "registry/config.go", '"-insecure-registry"', '"-plain-registry"',
                 "flag", ENGINE_PLACE % (r"registry/config\w*\.go", OPTION), id="mflag-renamed"),
    pytest.param("v20.10.27", "registry/service.go", "return &DefaultService{", "return made{",
                 "store", ENGINE_PLACE % ("registry/service.go", OPTION), id="service-made-elsewhere"),
    pytest.param("v20.10.27", V2, GUARD, "if tlsConfig.InsecureSkipVerify || always {",
                 "guard-v2", ENGINE_PLACE % (V2, OPTION), id="guard-changed-by-hand"),
    pytest.param("v20.10.27", V2, GUARD, "if !tlsConfig.InsecureSkipVerify {",
                 "guard-v2", ENGINE_PLACE % (V2, OPTION), id="guard-turned-round"),
    pytest.param("v20.10.27", V2, GUARD, "if s.acceptInsecureRegistry || tlsConfig.InsecureSkipVerify {",
                 "guard-v2", ENGINE_PLACE % (V2, OPTION), id="guard-that-opens-docker-hub"),
    pytest.param("v20.10.27", V2, '"http"', '"gopher"',
                 "guard-v2", ENGINE_PLACE % (V2, OPTION), id="body-is-not-http"),
    pytest.param("v1.13.1", "registry/service_v1.go", GUARD, "if open(tlsConfig) {",
                 "guard-v1", ENGINE_PLACE % (r"registry/service_v\d.go", OPTION), id="guard-of-v1-changed"),
    pytest.param("v1.10.3", V2, '"http://"', '"https://"',
                 "guard-v2", ENGINE_PLACE % (r"registry/[\w.]+", OPTION), id="text-is-not-http"),
    pytest.param("v1.8.2", "registry/service.go", "if !isSecure {", "if plain {",
                 "guard-v2", ENGINE_PLACE % ("registry/service.go", OPTION), id="guard-of-both-changed"),
    pytest.param("v1.7.1", "registry/endpoint.go", "if endpoint.IsSecure {", "if strict {",
                 "guard-v2", ENGINE_PLACE % ("registry/endpoint.go", OPTION), id="ping-changed"),
    pytest.param("v1.4.1", "registry/endpoint.go", "if endpoint.secure {", "if strict {",
                 "guard-v2", ENGINE_PLACE % ("registry/endpoint.go", OPTION), id="old-ping-changed"),
    pytest.param("v1.3.1", "registry/endpoint.go", "if secure {", "if strict {",
                 "guard-v2", ENGINE_PLACE % ("registry/endpoint.go", OPTION), id="oldest-ping-changed"),
    pytest.param("v1.13.1", "man/dockerd.8.md", "**--insecure-registry**=[]",
                 "**--insecure-registry**=[]\n\n[**--icc**]\n# SYNOPSIS\n**--insecure-registry**=[]",
                 None, "", id="man-with-a-second-synopsis-still-fits"),
    pytest.param("v1.13.1", "contrib/completion/fish/docker.fish", "\n", "\n\udcff",
                 BASH, "", id="not-utf-8"),
]  # fmt: skip
