"""Addresses that are built anew of others lose their mark: each such place is told, and none that is right."""

from __future__ import annotations

import pytest

from gopatch.port._address_types import AddressTypes
from gopatch.port._opening import leaks
from gopatch.port._rebuilt import Marked, makers_in, rebuilt

MARKED = Marked("E", "byOption", frozenset({"Lookup"}), AddressTypes(frozenset({"E"})))
GUARDS = frozenset({".Skips", ".Wrap"})
FILE = "package registry\n\nfunc (s *S) f(all []E, host string) (found []E, err error) {\n%s\n\treturn found, nil\n}\n"
LOOP = "for _, e := range all {\n%s\n}"
MAKER = "\nfunc made(u *url.URL) E { return E{URL: u} }\n"
PULL = "package pull\n\nfunc Pull() {\n\tall, err := s.Lookup(n)\n\tfor _, e := range all {\n%s\n\t}\n}\n"


def built(text: str) -> list[int]:
    """The lines on which one is built anew."""
    data = text.encode()
    found = rebuilt(data, MARKED, makers_in(data, MARKED), GUARDS)
    return [data.count(b"\n", 0, one.at) + 1 for one in found]


ANEW = {
    "a field": "found = append(found, E{URL: e.URL})",
    "another package's": "found = append(found, registry.E{URL: e.URL})",
    "by reference": "found = append(found, *&E{URL: e.URL})",
    "a part of a field": "found = append(found, E{URL: &url.URL{Host: e.URL.Host}})",
    "a name of a field": "u := e.URL; found = append(found, E{URL: u})",
    "a name that is set": "u := own; if x { u = e.URL }; found = append(found, E{URL: u})",
    "without keys": "found = append(found, E{e.URL, 2})",
    "in a list": "found = append(found, []E{{URL: e.URL}}...)",
    "in a map": 'm := map[string]E{"a": {URL: e.URL}}',
    "fields that are set": "var n E; n.URL = e.URL; found = append(found, n)",
    "fields of an empty one that are set": "n := E{}; n.URL = e.URL; found = append(found, n)",
    "fields of a new one that are set": "n := new(E); n.URL = e.URL; found = append(found, *n)",
    "by a function": "found = append(found, made(e.URL))",
}
OWN = {
    "an address of its own": "found = append(found, E{URL: s.own})",
    "an address of its own by a function": "found = append(found, made(s.own))",
    "of a host": 'found = append(found, E{URL: "http://" + host})',
    "as a whole": "found = append(found, e)",
    "as a whole in a list": "found = append(found, []E{e, {URL: s.own}}...)",
    "a copy that is changed": "n := e; n.Mirror = false; found = append(found, n)",
    "with the mark": "found = append(found, E{URL: e.URL, byOption: e.byOption})",
    "the name is another one": "if u := e.URL; u != nil { s.count++ }; for _, e := range s.own { found = append(found, E{URL: e.URL}) }",
    "of another type": "known = append(known, T{URL: e.URL})",
    "fields of another type": "var n T; n.URL = e.URL",
    "fields of what has them already": "e.Mirror = e.Official",
}


@pytest.mark.parametrize("body", ANEW.values(), ids=ANEW)
def test_what_is_built_anew_of_another_is_told(body: str) -> None:
    assert built(FILE % (LOOP % body) + MAKER) == [5]


@pytest.mark.parametrize("body", OWN.values(), ids=OWN)
def test_what_is_not_is_left_alone(body: str) -> None:
    assert built(FILE % (LOOP % body) + MAKER) == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param("e := E{URL: e.URL}\nif e.Skips() { continue }", [6], id="before"),
        pytest.param("if e.Skips() { continue }\ne := E{URL: e.URL}", [], id="behind"),
        pytest.param("c.T = e.Wrap(c.T)\ne := E{URL: e.URL}", [], id="behind-what-wraps"),
        pytest.param("if e.Mirror { continue }\ne := E{URL: e.URL}", [7], id="no-guard"),
    ],
)
def test_behind_its_guard_a_mark_has_done_what_it_is_for(body: str, lines: list[int]) -> None:
    assert built(PULL % body) == lines


def test_one_that_is_given_alone_is_behind_its_rail_where_none_is_given_back() -> None:
    assert built("package p\n\nfunc ask(e E) { get(E{URL: e.URL}) }\n") == []
    assert built("package p\n\nfunc copied(e E) E { return E{URL: e.URL} }\n") == [3]


# Where they are opened ------------------------------------------------------------------------

OPENED = "package registry\n\nfunc (s *S) f(host string) (all []E, err error) {\n\tall = []E{{URL: `https://` + host}}; all = append(all, E{URL: host, byOption: true})\n%s\n\treturn all, nil\n}\n"
LEAKS = {
    "a request": "for _, e := range all { get(e.URL) }",
    "a request of a client": "for _, e := range all { s.client.Do(e.URL) }",
    "a method": "for _, e := range all { e.ping() }",
    "kept in a field": "s.last = all",
    "kept in a map": "s.known[host] = all",
    "kept outside": "last = all",
    "given away": "go s.warm(all)",
    "sent": "s.ch <- all",
    "by another name": "more := all; s.last = more",
    "sorted, in no order among equals": "sort.Slice(all, func(i, j int) bool { return all[i].Mirror })",
    "turned round": "slices.Reverse(all)",
    "put before the others": "var more []E; for _, e := range all { more = append([]E{e}, more...) }; all = more",
    "sifted by ==": 'var left []E; for _, e := range all { if e.URL.Scheme == "http" { left = append(left, e) } }; all = left',
    "sifted by !=": 'var left []E; for _, e := range all { if e.URL.Scheme != "https" { left = append(left, e) } }; all = left',
    "HTTPS is passed over": 'var left []E; for _, e := range all { if done || e.URL.Scheme == "https" { continue }; left = append(left, e) }; all = left',
    "sifted by a text": 'var left []E; for _, e := range all { if strings.HasPrefix(e.URL, "http:") { left = append(left, e) } }; all = left',
    "sifted by a name": "var left []E; for _, e := range all { plain := e.URL.Scheme == p; if plain { left = append(left, e) } }; all = left",
    "sifted by a name of the scheme": 'var left []E; for _, e := range all { s := e.URL.Scheme; if "http" == s { left = append(left, e) } }; all = left',
    "sifted by a switch": "var left []E; for _, e := range all { switch e.URL.Scheme { case p: left = append(left, e) } }; all = left",
    "sifted by a switch without a value": "var left []E; for _, e := range all { switch { case e.URL.Scheme == p: left = append(left, e) } }; all = left",
    "sifted by a map": "var left []E; for _, e := range all { if wanted[e.URL.Scheme] { left = append(left, e) } }; all = left",
    "sifted by its place": "var left []E; for i, e := range all { if i > 0 { left = append(left, e) } }; all = left",
    "without the first": "all = all[1:]",
    "without the first ones": "all = all[len(all)-1:]",
    "the second alone": "all = []E{all[1]}",
    "the last alone": "all = []E{all[len(all)-1]}",
    "from the second on": "var more []E; for i := 1; i < len(all); i++ { more = append(more, all[i]) }; all = more",
    "its scheme is set": 'all[0].URL.Scheme = "http"',
    "from the last one on": "var more []E; for i := len(all) - 1; i >= 0; i-- { more = append(more, all[i]) }; all = more",
}
OPENING = "package registry\n\nfunc (s *S) f(host string) (all []E, err error) {\n%s\n\treturn all, nil\n}\n"
HTTPS, HTTP = (
    "all = append(all, E{URL: `https://` + host})",
    "all = append(all, E{URL: host, byOption: true})",
)
LED = {
    "a list": f"all = []E{{{{URL: `https://` + host}}}}; if s.on {{ {HTTP} }}",
    "what grows": f"{HTTPS}; if s.on {{ {HTTP} }}",
    "by its scheme": f'all = append(all, E{{URL: &url.URL{{Scheme: "https", Host: host}}}}); if s.on {{ {HTTP} }}',
    "a list of its own": f"all := []E{{{{URL: `https://` + host}}}}; all = append(all, own); {HTTP}",
    "under the same condition": f"if s.on {{ {HTTPS}; {HTTP} }}",
    "others at times": f"{HTTPS}; if s.more {{ all = append(all, own) }}; {HTTP}",
    "others before": f"if s.hub {{ all = append(all, E{{URL: `https://hub`}}); return all, nil }}; {HTTPS}; {HTTP}",
}
UNLED = {
    "nothing": HTTP,
    "HTTPS comes behind": f"{HTTP}; {HTTPS}",
    "HTTPS comes at times": f"if s.secure {{ {HTTPS} }}; {HTTP}",
    "HTTPS comes in a case": f"switch {{ case s.secure: {HTTPS} }}; {HTTP}",
    "HTTPS comes in a loop": f"for range s.secure {{ {HTTPS} }}; {HTTP}",
    "HTTPS goes": f"{HTTPS}; all = nil; {HTTP}",
    "HTTPS goes at times": f"{HTTPS}; if s.plain {{ all = nil }}; {HTTP}",
    "HTTPS is in another list": f"more = append(more, E{{URL: `https://` + host}}); {HTTP}",
}


@pytest.mark.parametrize("body", LED.values(), ids=LED)
def test_what_comes_behind_https_is_led(body: str) -> None:
    assert leaks((OPENING % body).encode(), MARKED, GUARDS) == ()


@pytest.mark.parametrize("body", UNLED.values(), ids=UNLED)
def test_what_comes_before_https_or_without_is_told(body: str) -> None:
    assert [one.unled for one in leaks((OPENING % body).encode(), MARKED, GUARDS)] == [True]


STAYS = {
    "nothing": "",
    "logged": "for _, e := range all { logrus.Debugf(host, e.URL) }",
    "measured": "if len(all) == 0 { return nil, none }",
    "copied": "all = slices.Clone(all)",
    "others are put before": "all = append([]E{own}, all...)",
    "sorted out": "var left []E; for _, e := range all { if !e.Mirror { left = append(left, e) } }; all = left",
    "sorted out by index": "var left []E; for i := range all { if !all[i].Mirror { left = append(left, all[i]) } }; all = left",
    "sorted out by host": "var left []E; for i, e := range all { if e.URL.Host != host { left = append(left, e) }; log.Debugf(host, i) }; all = left",
    "the first ones": "if n := 2; len(all) > n { all = all[:n] }",
    "in its place": "left := all[:0]; for _, e := range all { if !e.Mirror { left = append(left, e) } }; all = left",
    "something else is kept": "s.last = host; s.client.Do(host)",
}


@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_what_gets_away_before_its_rail_is_told(body: str) -> None:
    data = (OPENED % body).encode()
    assert {data.count(b"\n", 0, one.at) + 1 for one in leaks(data, MARKED, GUARDS)} == {5}


@pytest.mark.parametrize("body", STAYS.values(), ids=STAYS)
def test_what_is_looked_at_and_given_to_the_caller_stays(body: str) -> None:
    assert leaks((OPENED % body).encode(), MARKED, GUARDS) == ()


def test_without_a_mark_nothing_is_opened() -> None:
    text = OPENED.replace(", byOption: true", "") % LEAKS["kept in a field"]
    assert leaks(text.encode(), MARKED, GUARDS) == ()
