"""Parts of a patch: what comes along, what is refused, and what a reader is told: what its tests share."""

from __future__ import annotations

from functools import cache

from gopatch.port.work import Memo, Port, work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select
from gopatch.recipe.values import GROUPS, Patch
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, files
from tests.patches.world import OPTION

PATCH = load(OPTION)


BY_GROUP = {group: {e.name for e in PATCH.edits if e.group == group} for group in GROUPS}


HELPERS = {edit.name for edit in PATCH.edits if edit.helper}


RISK = "passwords and images may go over plain HTTP"


PARTS = {
    "core": (("core",), ()),
    "core,roads": (("core", "roads"), ()),
    "core,rails": (("core", "rails"), ()),
    "without-papers": ((), ("papers",)),
    "without-rails": ((), ("rails",)),
    "core,papers": (("core", "papers"), ()),
    "core,search": (("core", "search"), ()),
    "core,hosts": (("core", "hosts"), ()),
    "without-reload": ((), ("reload",)),
}


# What the files that helpers add are there for.
USES = {
    "docker_hub.go": (b"IsDockerHub(",),
    "https_answer.go": (b"HTTPSGaveNoAnswer",),
    "https_watch.go": (b"watchHTTPS(",),
    "https_first.go": (b"HTTPSFirst", b"NoteHTTPS(", b"GuardPlainHTTP("),
    "http_fallback.go": (b"&httpFallback{",),
    "accept_insecure_registry_warning.go": (b"AcceptInsecureRegistryWarning",),
}


def part(only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Patch:
    return select(PATCH, asked(only, without))


def names(patch: Patch) -> set[str]:
    return {edit.name for edit in patch.edits}


MEMO = Memo()  # parts have their changes in common


content = cache(lambda fixture: files(FIXTURES / fixture))


def worked(patch: Patch, source: FilesInMemory) -> Port:
    return work_out(patch, source, MEMO)


@cache
def ported(name: str, fixture: str) -> Port:
    """A part of PARTS, or everything, on a fixture."""
    patch = part(*PARTS[name]) if name else PATCH
    port = worked(patch, FilesInMemory(content(fixture)))
    port.demand()
    return port


def written(port: Port, before: dict[str, bytes]) -> dict[str, bytes]:
    return {**before, **{c.path: c.after for c in port.changes if c.after is not None}}


TWO = """\
title = "two"
[[edit]]
name = "file"
helper = true
files = ["*.go"]
{helper}
[[edit]]
name = "user"
files = ["*.go"]
needs = ["file"]
{user}variants = ["user.patch"]
"""


ADDS = 'adds = "new.go"\nbeside = "F"'


# Compiled -------------------------------------------------------------------------------------
OURS = "AcceptInsecure|HTTPS|PlainHTTP|HTTPFallback"
