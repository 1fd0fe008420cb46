"""Go is asked only where somebody wants that; what it finds and the source has not, refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gopatch.backport.foreign import Backport, ForeignChange, Ported, Refusal
from gopatch.backport.vetting import by_go
from gopatch.backport.view import port_view, told
from gopatch.source import open_source
from gopatch.splice import FileChange
from gopatch.verify import Vetted, go
from tests.backport.memory import Memory

OLD = b"package p\n\nfunc f() int {\n\treturn g(1)\n}\n\nfunc g(n int) int { return n }\n"
GOOD = OLD.replace(b"g(1)", b"g(2)")
BAD = OLD.replace(b"g(1)", b'g("2")')


def _done(after: bytes, *refusals: Refusal) -> Backport:
    made = Memory({"p/p.go": OLD})
    change = ForeignChange("fix", (FileChange("p/p.go", OLD, after),), made, "its parent")
    ported = Ported("p/p.go", "same", FileChange("p/p.go", OLD, after))
    return Backport(change, "target", (ported,), refusals)


def _says(monkeypatch: pytest.MonkeyPatch, answer: Vetted) -> None:
    monkeypatch.setattr(go, "vetted", lambda *words: answer)


def test_without_it_the_header_says_that_it_was_not_run() -> None:
    done = _done(GOOD)
    assert any("not run: go vet" in line for line in told(done))
    assert "go vet was not run." in port_view(done, "").why


def test_with_it_the_header_says_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _says(monkeypatch, Vetted("pass", ("vet: no new findings",), ()))
    done = by_go(_done(GOOD), Memory({"p/p.go": OLD}), {})
    assert done.refusals == ()
    assert "by go: vet: no new findings" in list(told(done))
    assert "not run" not in "\n".join(told(done))
    assert "vet: no new findings" in port_view(done, "").why


def test_a_new_finding_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    _says(monkeypatch, Vetted("fail", ("build: 0 of 1",), (("p.go", 4, "no string"),)))
    done = by_go(_done(BAD), Memory({"p/p.go": OLD}), {})
    assert done.status == "failed"
    assert str(done.refusals[0]) == "p/p.go:4: no string, says Go, and does not without the change"


def test_what_go_cannot_tell_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _says(monkeypatch, Vetted("inconclusive", ("no Go package is touched",), ()))
    done = by_go(_done(GOOD), Memory({"p/p.go": OLD}), {})
    assert done.status == "applied"
    assert done.vet == ("no Go package is touched",)


def test_what_is_refused_or_there_already_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*words: Any) -> Vetted:
        raise AssertionError

    monkeypatch.setattr(go, "vetted", never)
    for done in (_done(BAD, Refusal("p/p.go", 1, "no")), _done(OLD)):
        assert by_go(done, Memory({"p/p.go": OLD}), {}) == done


@pytest.mark.real
def test_the_real_toolchain(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "p").mkdir(parents=True)
    (tree / "p/p.go").write_bytes(OLD)
    options = {"work": str(tmp_path / "work")}
    good = by_go(_done(GOOD), open_source(tree), options)
    assert (good.status, good.vet[-1]) == (
        "applied", "vet: no new findings, 0 that the original has too",
    )  # fmt: skip
    bad = by_go(_done(BAD), open_source(tree), options)
    assert [(r.path, r.line) for r in bad.refusals] == [("p/p.go", 4)]
    assert "string" in bad.refusals[0].reason
    assert (tree / "p/p.go").read_bytes() == OLD
