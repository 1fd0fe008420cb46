"""What the steps of the judge `go` say of which edit: a finding for each that a step could have refused.

That a port compiles says nothing of what it means, so it is no finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from gopatch.port.judged import Kind
from gopatch.port.outcome import Port
from gopatch.source import Source
from gopatch.verify import Case, Finding, subjects
from gopatch.verify._go.fuzz import FUZZ
from gopatch.verify._go.own_tests import TESTS
from gopatch.verify._go.ping_door import PING
from gopatch.verify._go.starting import START
from gopatch.verify._go.traffic import TRAFFIC
from gopatch.verify._go.two_sides import worst
from gopatch.verify._go.walks import ROAD
from gopatch.verify._subjects import reference

_LOOKUPS = ("harness: original", "harness: port", "harness: option", "harness", FUZZ)
_LOGIN, _SEARCH = f"{TRAFFIC}login", f"{TRAFFIC}search"
_PLUGIN = (f"{ROAD}plugin", f"{ROAD}plugin again")
_LOOPS = tuple(f"{ROAD}{road}" for road in ("pull", "push", "inspect"))
_HOSTS = f"{ROAD}hosts"
_PING = f"{ROAD}{PING}"
_LOG, _RELOAD_LOG = f"{START}log", f"{START}reload log"

# The cases that could have refused an edit.
_EDITS: dict[str, tuple[str, ...]] = {
    "option": (*_LOOKUPS, _PING, f"{START}key"),
    "flag": (f"{START}flag",),
    "store": (*_LOOKUPS, _PING, f"{START}flag", f"{START}key"),
    "hub": (*_LOOKUPS, _PING),
    "guard-v1": _LOOKUPS,
    "guard-v2": (*_LOOKUPS, _PING),
    "no-downgrade-ping": (_PING,),
    "search": (_SEARCH,),
    "ask": (_HOSTS,),
    "http-fallback": (_HOSTS,),
    "hosts": (_HOSTS,),
    "reload": (f"{START}reload",),
    "https-first": (_LOGIN, *_LOOPS, *_PLUGIN),
    "no-downgrade-login": (_LOGIN,),
    "no-downgrade-pull": (f"{ROAD}pull",),
    "no-downgrade-push": (f"{ROAD}push",),
    "no-downgrade-inspect": (f"{ROAD}inspect",),
    "no-downgrade-plugin": _PLUGIN,
    "warning": (_LOG, _RELOAD_LOG, f"{START}info"),
    "warn": (_LOG,),
    "warn-reload": (_RELOAD_LOG,),
    "warn-info": (f"{START}info",),
}
_ROADS: dict[str, tuple[str, ...]] = {
    "login": (_LOGIN, _PING),
    "search": (_SEARCH, _PING),
    "pull": (f"{ROAD}pull", _PING),
    "push": (f"{ROAD}push", _PING),
    "inspect": (f"{ROAD}inspect",),
    "plugin": _PLUGIN,
    "buildkit": (_HOSTS,),
    "containerd-store": (_HOSTS,),
    "reload": (f"{START}reload",),
}
# What a finding was made by, by the beginning of its cases' names.
_WORDS = (
    ("harness", "a harness of lookups"),
    (FUZZ, "a search for differences with the option off"),
    (TRAFFIC, "talks with servers on loopback"),
    (ROAD, "the daemon's own functions and servers on loopback"),
    (START, "starts and reloads"),
    (TESTS, "the Go tests that it brings"),
)


def judged(
    port: Port, source: Source, cases: Sequence[Case], unrun: Collection[str] = ()
) -> tuple[Finding, ...]:
    """The findings of one run, in the order of the patch's edits. A port that somebody else made has
    the edits that the patch would make there. `unrun` are edits of which some place has not been run:
    nobody has passed one of those."""
    known = {case.name: case for case in cases}
    asked = subjects(port, source)
    # Until v20.10 plugins come and go as images do.
    as_images = ("edit", "no-downgrade-plugin") not in asked
    roads = {**_ROADS, "plugin": _LOOPS[:2]} if as_images else _ROADS
    found = []
    for kind, name in asked:
        names = (_EDITS if kind == "edit" else roads).get(name, ())
        if kind == "edit":
            names = (*names, *(TESTS + folder for folder in _tested(port, source, name)))
        finding = _finding(kind, name, names, known)
        passed_unseen = kind == "edit" and name in unrun and finding and finding.status == "pass"
        if finding is not None and not passed_unseen:
            found.append(finding)
    return tuple(found)


def _finding(
    kind: Kind, name: str, names: Iterable[str], known: Mapping[str, Case]
) -> Finding | None:
    """A case that was not asked says nothing, unless it could not be."""
    cases = [
        known[n] for n in names if n in known and (known[n].total or known[n].status != "pass")
    ]
    if not cases or not any(case.total or case.name in _LOOKUPS for case in cases):
        return None
    words = (by for case in cases for start, by in _WORDS if case.name.startswith(start))
    total = sum(case.total for case in cases)
    return Finding(
        "go", kind, name, worst(c.status for c in cases), ", ".join(dict.fromkeys(words)), total
    )


def _tested(port: Port, source: Source, edit: str) -> list[str]:
    """The folders, below the engine root, to which an edit adds tests, if the port brings some there."""
    root = f"{port.roots.engine}/" if port.roots.engine else ""
    steps = (step for step in reference(port, source).steps if step.edit == edit)
    wanted = _folders((change.path for step in steps for change in step.changes), root)
    return sorted(wanted & _folders((change.path for change in port.changes), root))


def _folders(paths: Iterable[str], root: str) -> set[str]:
    tests = (path.removeprefix(root) for path in paths if path.endswith("_test.go"))
    return {path.rpartition("/")[0] for path in tests}
