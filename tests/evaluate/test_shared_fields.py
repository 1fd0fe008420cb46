"""Fields that are kept with a lock and without one, and locks that are kept, as Go code uses them."""

from __future__ import annotations

import pytest

from gopatch.evaluate import Machine, Package
from gopatch.evaluate.library import Library

CODE = """package a

import "sync"

type held struct {
	mu    sync.RWMutex
	on    bool
	seen  map[string]bool
	name  string
	other int
}

type bare struct{ on bool }

func (h *held) set()        { h.mu.Lock(); defer h.mu.Unlock(); h.on = true; h.seen = map[string]bool{} }
func (h *held) get() bool   { h.mu.RLock(); defer h.mu.RUnlock(); return h.on && h.seen["x"] && h.name == "" }
func (h *held) peek() bool  { return h.on }
func (h *held) entry() bool { return h.seen["x"] }
func (h *held) named() bool { return h.name == "" }
func (h *held) keep()       { h.mu.Lock() }

func f() {
	h := &held{on: true, name: "n"}
	b := bare{}
	b.on = true
	BODY
}
"""


def _ran(body: str, lines: range = range(100)) -> Library:
    library = Library(lambda _: ())
    library.asked.written = {"a/a.go": lines}
    machine = Machine(Package((("a/a.go", CODE.replace("BODY", body).encode()),)), library)
    machine.call("f")
    return library


@pytest.mark.parametrize(
    ("body", "races"),
    [
        ("h.set(); h.get()", set()),
        ("h.peek(); h.set()", set()),  # nobody else has it yet
        ("h.on = false; h.set(); h.get()", set()),
        ("h.set(); h.peek()", {"on"}),
        ("h.get(); h.on = true", {"on"}),
        ("h.set(); h.entry()", {"seen"}),
        ("h.get(); h.named()", set()),  # nobody sets it
        ("h.set(); h.other = 1", set()),  # it is never kept with the lock
        ("c := *h; c.set(); c.peek()", {"on"}),
    ],
)
def test_a_field_that_is_kept_with_a_lock_and_without(body: str, races: set[str]) -> None:
    known = _ran(body).world.guarded
    assert set().union(*(fields.races for fields in known)) == races
    assert not any(fields.is_locked for fields in known)


def test_a_lock_that_is_kept() -> None:
    assert [fields.is_locked for fields in _ran("h.set(); h.keep()").world.guarded] == [True]


@pytest.mark.parametrize("lines", [range(0), range(14, 40)])
def test_what_the_original_has_is_not_looked_after(lines: range) -> None:
    assert _ran("h.set(); h.peek(); h.keep()", lines).world.guarded == []


def test_a_struct_without_a_lock_is_not_looked_after() -> None:
    assert {fields.type for fields in _ran("h.set()").world.guarded} == {"held"}
