"""By which names a change of declarations is felt: no more than may feel it, as each is judged."""

from __future__ import annotations

import pytest

from gopatch.backport.changed_types import Changed, both_types
from gopatch.backport.index import Index
from gopatch.backport.overlaid import OverlaidSource
from tests.backport.memory import Memory

USER = b"package s\n\nfunc run(d *Daemon) error { return d.start(1) }\n"
OLD = b"package s\n\ntype Daemon struct{}\n\nfunc (d *Daemon) %s(n int) error { return nil }\n"
ASKS = b"package s\n\ntype starter interface {\n\t%s(n int) error\n}\n"


def _words(method: bytes, asks: bytes) -> set[bytes]:
    old = OLD % method
    files = {"go.mod": b"module m\n", "s/s.go": old, "s/u.go": USER, "s/i.go": asks}
    new = {"s/s.go": old.replace(b"n int", b"n, m int")}
    return set(Changed(["s/s.go"], both_types(OverlaidSource(Index(Memory(files)), new))).words())


@pytest.mark.parametrize("asks", [b"package s\n", ASKS % b"stop", b"package s\n\nvar start = 1\n"])
def test_a_method_of_its_own_that_no_interface_asks_for_is_felt_by_its_name_alone(
    asks: bytes,
) -> None:
    assert _words(b"start", asks) == {b"start"}


@pytest.mark.parametrize(
    ("method", "asks"),
    [
        (b"start", ASKS % b"start"),
        (b"start", b"package s\n\nvar s interface{ start(int) error }\n"),
        (b"start", b"package s\n\nvar s interface{ stop(); start(int) error }\n"),
        (b"Start", b"package s\n"),
    ],
)
def test_one_that_may_be_asked_for_is_felt_by_who_holds_its_type(
    method: bytes, asks: bytes
) -> None:
    assert {method, b"Daemon", b"run"} <= _words(method, asks)
