"""What is not learned is named, and no folder claims it."""

from __future__ import annotations

import pytest

from gopatch.backport.foreign import Backport, ForeignChange, Ported
from gopatch.backport.learn import learn
from gopatch.splice import FileChange
from tests.backport.memory import Memory

_GO = b"package a\n\nfunc f() int { return 1 }\n"
_NOW = _GO.replace(b"1", b"2")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (FileChange("a.md", b"old\n", b"new\n", 0o100644), "a.md is no Go"),
        (FileChange("b.go", None, _GO, 0o100644), "b.go comes"),
        (FileChange("b.go", _GO, None, 0o100644), "b.go goes"),
    ],
)
def test_what_is_not_learned_is_named(change: FileChange, reason: str) -> None:
    target = Memory({"a.go": _GO})
    files = (FileChange("a.go", _GO, _NOW, 0o100644), change)
    foreign = ForeignChange("fix", files, target, "its parent")
    done = Backport(foreign, "target", tuple(Ported(c.path, "same", c) for c in files))
    (held,) = learn(foreign, [("target", target, done)]).held
    assert held.status == "differs"
    assert held.reason.startswith(reason)
    assert held.reason.endswith("--skip it")


def test_what_is_said_is_the_same_each_time() -> None:
    target = Memory({"a.go": _GO})
    files = (FileChange("a.go", _GO, _NOW, 0o100644),)
    foreign = ForeignChange("fix", files, target, "its parent")
    done = Backport(foreign, "target", (Ported("a.go", "same", files[0]),))
    engine = {"registry/config.go": b"package registry\n", "daemon/daemon.go": b"package daemon\n"}
    other = Memory({**engine, "a.go": b"package a\n\nfunc g() int { return 1 }\n"})
    reasons = {learn(foreign, [("t", other, done)]).held[0].reason for _ in range(2)}
    (reason,) = reasons
    assert "the patch `learned` does not apply" in reason
