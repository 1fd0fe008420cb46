"""What a type has of one that it embeds from a package which the port's file does not import."""

from __future__ import annotations

import pytest

from gopatch.backport.embedded import promoted
from gopatch.backport.index import Index
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.resolve import Resolver
from gopatch.backport.scopes import Use
from tests.backport.memory import Memory

USER = b'package user\n\nimport "example.org/m/suite"\n\nfunc f(d *suite.Daemon) { d.Start(1) }\n'
FILES = {
    "go.mod": b"module example.org/m\n",
    "user/user.go": USER,
    "suite/suite.go": b'package suite\n\nimport "example.org/m/base"\n\n'
    b"type Daemon struct {\n\t*base.Daemon // and more\n}\n",
    "base/base.go": b'package base\n\nimport "example.org/m/root"\n\n'
    b"type Daemon struct {\n\troot.Process\n}\n\n"
    b"type Other struct{}\n\nfunc (o *Other) Alone() {}\n\nfunc (d *Daemon) Start(n int) {}\n",
    "root/root.go": b"package root\n\ntype Process struct {\n\tID int\n}\n",
}


def side(**files: bytes | None) -> OverlaidSource:
    return OverlaidSource(Index(Memory(FILES)), {"base/base.go": files["base"]} if files else {})


@pytest.mark.parametrize(("name", "paths"), [("Start", ["base/base.go"]), ("ID", ["root/root.go"])])
def test_it_is_found_however_deep(name: str, paths: list[str]) -> None:
    assert [d.path for d in promoted(side(), ["user", "suite"], name.encode())] == paths


@pytest.mark.parametrize("name", ["Alone", "absent"])
def test_what_another_type_has_is_not_promoted(name: str) -> None:
    assert promoted(side(), ["user", "suite"], name.encode()) == []


def test_the_port_itself_may_take_it_away() -> None:
    less = FILES["base/base.go"].replace(b"func (d *Daemon) Start(n int) {}\n", b"")
    assert promoted(side(base=less), ["user", "suite"], b"Start") == []


@pytest.mark.parametrize(
    ("calls", "reason"),
    [(1, ""), (-1, ""), (2, "`Start` takes 1 arguments in the target, 2 are given")],
)
def test_a_call_is_held_against_what_is_promoted(calls: int, reason: str) -> None:
    there = {**FILES, "suite/suite.go": b"package suite\n\nfunc (d *Daemon) Start(n, m int) {}\n"}
    made = OverlaidSource(Index(Memory(there)), {})
    ours = Resolver("user/user.go", b"", side())  # without text: it uses nothing already
    ours.imports = Resolver("user/user.go", USER, side()).imports
    use = Use(b"Start", 0, 5, "field", b"d", calls)
    assert ours.refuses(use, Resolver("user/user.go", USER, made)) == reason
