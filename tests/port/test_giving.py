"""What is named as what hands out addresses only does so, or is a caller like any other."""

from __future__ import annotations

import pytest

from tests.port.test_callers import told

FILE = """package p

func (s S) Lookup(n string) (all []E, err error) {
%s
}

func allowed(all []E) (left []E) {
	for _, e := range all {
		if e.Mirror && len(left) < 2 {
			left = append(left, e)
		}
	}
	return left
}

func tell(ctx context.Context, e E) bool { log.G(ctx).Debugf("%%s", e.URL); return e.Mirror }

func told(all []E) []E {
	for _, e := range all {
		tell(nil, e)
	}
	return allowed(all)
}

func answering(all []E) []E {
	for _, e := range all {
		if ping(e.URL) {
			return []E{e}
		}
	}
	return nil
}

func fastest(all []E) []E { return answering(allowed(all)) }

func cached(all []E) []E { known = all; return all }

func around(all []E) []E { return around(all[:]) }

func plain(all []E) []E { all[0].URL.Scheme = "http"; return all }

func rest(all []E) []E { return all[1:] }

func unencrypted(all []E) (left []E) {
	for _, e := range all {
		if isPlain(e.URL.Scheme) {
			left = append(left, e)
		}
	}
	return left
}

func isPlain(scheme string) bool { return scheme == "http" }

func assembled(all []E) []E
"""
GIVES = {
    "at once": "return s.lookup(n)",
    "by its name": "found, err := s.lookup(n)\nif err != nil { return nil, wrap(err) }\nreturn found, nil",
    "some of them": "found, err := s.lookup(n)\nfor _, e := range found { if !e.Mirror { all = append(all, e) } }\nreturn all, err",
    "by index": "found, _ := s.lookup(n)\nfor i := range found { e := found[i]; if e.URL.Host == p { continue }; all = append(all, found[i]) }\nreturn",
    "of two": "all, err = s.lookup(n)\nif err != nil { return }\nold, err := s.lookup(n)\nall = append(all, old...)\nlog.Debugf(n, len(all), all)\nreturn all, nil",
    "straight into a list": "all = append(all, s.lookup(n)...)\nreturn",
    "sifted": "found, err := s.lookup(n)\nif err != nil { return nil, err }\nleft := allowed(found)\nif len(left) == 0 { return nil, no }\nreturn left, nil",
    "sifted at once": "found := s.lookup(n)\nreturn allowed(found), nil",
    "sifted twice": "found := s.lookup(n)\nreturn told(found), nil",
    "sifted by what calls itself": "found := s.lookup(n)\nreturn around(found), nil",
    "told one by one": "for _, e := range s.lookup(n) { tell(ctx, e) }\nreturn",
    "by its type": "for _, e := range s.lookup(n) { switch t := e.Kind.(type) { case T: log.Debugf(n, t) } }\nreturn",
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
    "by what sifts": "found := s.lookup(n)\nreturn answering(found), nil",
    "by what sifts, two on": "found := s.lookup(n)\nreturn fastest(found), nil",
    "by what stands elsewhere": "found := s.lookup(n)\nreturn elsewhere(found), nil",
    "by what is not in Go": "found := s.lookup(n)\nreturn assembled(found), nil",
    "by what keeps them": "found := s.lookup(n)\nreturn cached(found), nil",
    "by what writes into them": "found := s.lookup(n)\nreturn plain(found), nil",
    "by what leaves the first out": "found := s.lookup(n)\nreturn rest(found), nil",
    "by what leaves HTTPS out": "found := s.lookup(n)\nreturn unencrypted(found), nil",
    "by the scheme of each": "found, err := s.lookup(n)\nfor _, e := range found { if e.URL.Scheme != p { all = append(all, e) } }\nreturn all, err",
    "by a variable": "allowed := s.try\nfound := s.lookup(n)\nreturn allowed(found), nil",
    "by a method that sifts": "found := s.lookup(n)\nreturn s.allowed(found), nil",
    "by its type": "for _, e := range s.lookup(n) { switch t := e.Kind.(type) { case T: ask(t) } }\nreturn",
    "by a method's value": "for _, e := range s.lookup(n) { ping := e.ping; ping() }\nreturn",
    "by its address as text": "for _, e := range s.lookup(n) { get(fmt.Sprint(e.URL)) }\nreturn",
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
