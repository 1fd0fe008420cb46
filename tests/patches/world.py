"""The patches that come with gopatch, on every fixture: what applies, what is refused, and why: what its tests share."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from gopatch.errors import ApplyError
from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.recipe.values import Patch
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, files
from tests.drawing import few

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
    pytest.param(fixture, name, id=f"{fixture}-{name}", marks=marks)
    for (fixture,), marks, _ in few(ABSENT)
    for name in PATCHES
    if name == OPTION or fixture not in PINGS
]


@cache
def _fixture(name: str) -> Mapping[str, bytes]:
    return files(FIXTURES / name)


def tree(name: str) -> FilesInMemory:
    return FilesInMemory(_fixture(name))


def patched(content: Mapping[str, bytes], port: Port) -> FilesInMemory:
    """The tree once the port is written."""
    changed = {c.path: c.after for c in port.changes if c.after is not None}
    return FilesInMemory({**content, **changed})


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


def _removed(before: bytes, after: bytes) -> list[str]:
    old, new = before.decode().split("\n"), after.decode().split("\n")
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [line for tag, a, b, _, _ in blocks if tag in ("replace", "delete") for line in old[a:b]]


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


def changed(fixture: str, path: str, old: str, new: str) -> FilesInMemory:
    content = dict(_fixture(fixture))
    assert old.encode() in content[path]
    content[path] = content[path].replace(old.encode(), new.encode())
    return FilesInMemory(content)


def refusal(content: FilesInMemory, patch: str, edit: str) -> str:
    """Why the edit fails before all others; nothing may have been changed by them."""
    port = work_out(PATCHES[patch], content, strict=True)
    assert port.failed[0].edit == edit
    assert port.status == "failed"
    assert port.changes == ()
    with pytest.raises(ApplyError, match="nothing was written") as error:
        port.demand()
    assert port.failed[0].reason in str(error.value)
    return port.failed[0].reason


def place(content: FilesInMemory, path: str, text: str) -> str:
    data = content.read(path).decode()
    before = data[: data.index(text)]
    return f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


ADDS_TWO = """title = "two files"
[[edit]]
name = "files"
files = ["registry/*.go"]
adds = ["one.go", "one_test.go"]
beside = "NewService"
"""


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
