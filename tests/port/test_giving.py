"""What is named as what hands out addresses only does so, or is a caller like any other."""

from __future__ import annotations

import pytest

from tests.port.test_callers import told

FILE = "package p\n\nfunc (s S) Lookup(n string) (all []E, err error) {\n%s\n}\n"
GIVES = {
    "at once": "return s.lookup(n)",
    "by its name": "found, err := s.lookup(n)\nif err != nil { return nil, wrap(err) }\nreturn found, nil",
    "some of them": "found, err := s.lookup(n)\nfor _, e := range found { if !e.Mirror { all = append(all, e) } }\nreturn all, err",
    "by index": "found, _ := s.lookup(n)\nfor i := range found { e := found[i]; if e.URL.Scheme == p { continue }; all = append(all, found[i]) }\nreturn",
    "of two": "all, err = s.lookup(n)\nif err != nil { return }\nold, err := s.lookup(n)\nall = append(all, old...)\nlog.Debugf(n, len(all), all)\nreturn all, nil",
    "straight into a list": "all = append(all, s.lookup(n)...)\nreturn",
    "sifted": "found, err := s.lookup(n)\nif err != nil { return nil, err }\nleft := allowed(found)\nif len(left) == 0 { return nil, no }\nreturn left, nil",
    "sifted at once": "found := s.lookup(n)\nreturn sorted(found), nil",
    "guarded": "for _, e := range s.lookup(n) { if w.Skips(e) { continue }; ask(e) }\nreturn",
}
ASKS = {
    "each": "for _, e := range s.lookup(n) { ask(e) }\nreturn",
    "each before it is given": "found, err := s.lookup(n)\nfor _, e := range found { if ask(e) { all = append(all, e) } }\nreturn all, err",
    "one by its index": "found, err := s.lookup(n)\nask(found[0])\nreturn found, err",
    "the first at once": "ask(s.lookup(n)[0])\nreturn",
    "by a field": "for _, e := range s.lookup(n) { u := e.URL; get(u.Host) }\nreturn",
    "by a method": "for _, e := range s.lookup(n) { e.ping() }\nreturn",
    "in the background": "for _, e := range s.lookup(n) { go func() { ask(e) }() }\nreturn",
    "of a list of its own": "all, err = s.lookup(n)\nmore := append(all, x)\nfor _, e := range more { ask(e) }\nreturn",
    "by another function": "found := s.lookup(n)\ntry(found)\nreturn found",
    "by another function, for its answer": "found := s.lookup(n)\nok := try(found)\nif ok { return found, nil }\nreturn",
    "by another package": "found := s.lookup(n)\nreturn other.Try(found)",
    "by another function, with more": "found := s.lookup(n)\nreturn try(found, n)",
    "each by what gives others": "for _, e := range s.lookup(n) { all = try(e) }\nreturn all",
    "some by what gives others": "found := s.lookup(n)\nreturn try(found[1:])",
    "within what grows": "ask(append(all, s.lookup(n)...))\nreturn",
    "who is told by a field": "s.known, err = s.lookup(n)\nreturn",
    "who is told by a variable of the package": "known, err = s.lookup(n)\nreturn",
    "who is told by a loop's": "for _, last = range s.lookup(n) { }\nreturn",
    "who waits": "found, _ := s.lookup(n)\nc <- found\nreturn",
    "by a function inside": "look := func() []E { return s.lookup(n) }\nask(look())\nreturn",
    "whoever gets the function": "look := s.lookup\nreturn look(n)",
}


@pytest.mark.parametrize("body", GIVES.values(), ids=GIVES)
def test_what_only_gives_asks_nobody(body: str) -> None:
    assert set(told({"p/a.go": FILE % body}).values()) == {True}


@pytest.mark.parametrize("body", ASKS.values(), ids=ASKS)
def test_its_name_is_no_guard(body: str) -> None:
    assert False in told({"p/a.go": FILE % body}).values()
