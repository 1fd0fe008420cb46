"""Who takes addresses of a registry in Go files, and whether a guard stands in the way."""

from __future__ import annotations

import pytest

from gopatch.port.callers import Caller, callers, uses

NAMES, GUARDS = ("Lookup", "lookup"), ("Skips",)
GUARD = "if w.Skips(e) { continue }"
FILE = (
    "package p\n\nfunc f(w W) ([]E, error) {\n%s\n}\n"
    + """
func tell(ctx context.Context, n string, e E) { log.G(ctx).Debugf(n, e.URL) }

func mirrors(e E) bool { return e.Mirror || strings.HasPrefix(e.URL.Host, "mirror") }

func copied(e E) E { return e }

func isHTTPS(e E) bool { return e.URL.Scheme == "https" }

func tries(e E) bool { return get(e.URL) == nil }
"""
)


def found(files: dict[str, str]) -> list[Caller]:
    """The callers in files, by their paths."""
    return callers(files, lambda path: files[path].encode(), NAMES, GUARDS).found


def told(files: dict[str, str]) -> dict[str, bool]:
    """By `path:function name`, whether it is guarded."""
    return {f"{c.path}:{c.function} {c.name}": c.guarded for c in found(files)}


# One function ---------------------------------------------------------------------------------

GUARDED = {
    "by range": f"all, err := s.Lookup(n)\nfor _, e := range all {{ {GUARD}; ask(e) }}",
    "by index": f"all := s.Lookup(n)\nfor i := 0; i < len(all); i++ {{ e := all[i]; {GUARD}; ask(e) }}",
    "in the loop's header": f"for _, e := range s.Lookup(n) {{ {GUARD}; ask(e) }}",
    "assigned": f"var all []E\nall, _ = s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}",
    "two loops": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nfor _, e := range all {{ {GUARD} }}",
    "a loop in a loop": f"all := s.Lookup(n)\nfor {{ for _, e := range all {{ {GUARD} }} }}",
    "measured before": f"all := s.Lookup(n)\nlog.Debugf(n, len(all))\nfor _, e := range all {{ {GUARD} }}",
    "handed on": "return s.Lookup(n)",
    "handed on by its name": "all, err := s.Lookup(n)\nreturn all, err",
    "held against nothing": f"all, err := s.Lookup(n)\nif all == nil {{ return nil, err }}\nfor _, e := range all {{ {GUARD} }}",
    "grown": f"all := s.Lookup(n)\nall = append(all, more...)\nfor _, e := range all {{ {GUARD} }}",
    "a field of its name": f"all := s.Lookup(n)\nask(x.all, T{{all: 1}})\nfor _, e := range all {{ {GUARD} }}",
    "an index behind a guard": f"all := s.Lookup(n)\nfor i := range all {{ e := all[i]; {GUARD}; ask(all[i]) }}",
    "a copy of its own": f"all := s.Lookup(n)\nfor _, e := range all {{ e := e; log.Debugf(n, e.URL, e); {GUARD}; ask(e) }}",
    "looked at before": f"all := s.Lookup(n)\nfor _, e := range all {{ if e.URL.Scheme == p || seen[e.URL.Host] || !strings.HasPrefix(e.URL.String(), n) {{ continue }}; {GUARD}; ask(e) }}",
    "HTTP is passed over": f'all := s.Lookup(n)\nfor _, e := range all {{ if e.URL.Scheme != "https" {{ if seen[e.URL.Host] {{ continue }} }}; {GUARD}; ask(e) }}',
    "HTTPS is noted": f'all := s.Lookup(n)\nfor _, e := range all {{ {GUARD}; if err := ask(e); err != nil {{ if ok && e.URL.Scheme == "https" {{ seen[e.URL.Host] = true }}; continue }} }}',
    "HTTPS is the last": f'all := s.Lookup(n)\nfor _, e := range all {{ {GUARD}; ask(e); if e.URL.Scheme == "https" {{ break }} }}',
    "wrapped, and HTTPS is passed over": 'all := s.Lookup(n)\nfor _, e := range all { if again && e.URL.Scheme != "http" { continue }; c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); add(c) }',
    "the first ones": f"all := s.Lookup(n)\nfor _, e := range all[:2] {{ {GUARD}; ask(e) }}",
    "a field by a name of its own": f"all := s.Lookup(n)\nfor _, e := range all {{ h := e.URL.Host; if h == n || seen[h] {{ continue }}; log.Debugf(n, h); {GUARD}; get(h) }}",
    "told with a field": f"all := s.Lookup(n)\nfor _, e := range all {{ log.WithField(n, e.URL).Debug(n); {GUARD}; ask(e) }}",
    "counted and told alone": "all, err := s.Lookup(n)\nif err != nil || all == nil { return nil, err }\nlog.Infof(n, len(all), all)",
    "one reason of two": "all := s.Lookup(n)\nfor _, e := range all { if done || w.Skips(e) { continue }; ask(e) }",
    "out of the loop": "all := s.Lookup(n)\nfor _, e := range all { if w.Skips(e) { break }; ask(e) }",
    "wrapped": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); add(c) }",
    "wrapped and put beside it": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); hosts = append(hosts, Host{Name: e.URL.Host, Client: c, Auth: auth(c)}) }",
    "wrapped and put beside it inside": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); hosts = append(hosts, Host{URL: URL{Name: e.URL.Host}, Client: Client{c}}) }",
    "told by another function": f"all := s.Lookup(n)\nfor _, e := range all {{ tell(ctx, n, e); if mirrors(e) {{ continue }}; {GUARD}; ask(e) }}",
    "told about all by another function": f"all := s.Lookup(n)\ntell(ctx, n, all)\nfor _, e := range all {{ {GUARD}; ask(e) }}",
    "by its type": f"all := s.Lookup(n)\nfor _, e := range all {{ switch t := e.Kind.(type) {{ case T: log.Debugf(n, t) }}; {GUARD}; ask(e) }}",
    "asked by another name last time": f"all := s.Lookup(n)\nfor _, e := range all {{ report(last); {GUARD}; last = ask(e) }}",
    "told about by a label": f"all := s.Lookup(n)\nouter: for _, e := range all {{ {GUARD}; for {{ continue outer }} }}",
    "in a function inside": f"go func() {{ for _, e := range s.Lookup(n) {{ {GUARD} }} }}()",
    "by letters of others": f"é := s.Lookup(n)\nfor _, e := range é {{ {GUARD} }}",
}
OPEN = {
    "HTTPS is passed over": f'all := s.Lookup(n)\nfor _, e := range all {{ if e.URL.Scheme == "https" {{ continue }}; {GUARD}; ask(e) }}',
    "HTTPS is passed over behind the guard": f'all := s.Lookup(n)\nfor _, e := range all {{ {GUARD}; if x && e.URL.Scheme != "http" {{ continue }}; ask(e) }}',
    "HTTPS is passed over at times": f'all := s.Lookup(n)\nfor _, e := range all {{ if e.URL.Scheme == "https" {{ if x {{ continue }} }}; {GUARD}; ask(e) }}',
    "what is not HTTP is passed over": f'all := s.Lookup(n)\nfor _, e := range all {{ if e.URL.Scheme == "http" {{ log.Debugf(n) }} else {{ continue }}; {GUARD}; ask(e) }}',
    "HTTPS is passed over by its text": f'all := s.Lookup(n)\nfor _, e := range all {{ if strings.HasPrefix(e.URL.String(), "https:") {{ continue }}; {GUARD}; ask(e) }}',
    "HTTPS is passed over by a name": f'all := s.Lookup(n)\nfor _, e := range all {{ tls := e.URL.Scheme == "https"; if tls {{ continue }}; {GUARD}; ask(e) }}',
    "HTTPS is passed over by a switch": f'all := s.Lookup(n)\nfor _, e := range all {{ switch e.URL.Scheme {{ case "https": continue }}; {GUARD}; ask(e) }}',
    "HTTPS is passed over by a function": f"all := s.Lookup(n)\nfor _, e := range all {{ if isHTTPS(e) {{ continue }}; {GUARD}; ask(e) }}",
    "without the first": f"all := s.Lookup(n)\nfor _, e := range all[1:] {{ {GUARD}; ask(e) }}",
    "from the second on": f"all := s.Lookup(n)\nfor i := 1; i < len(all); i++ {{ e := all[i]; {GUARD}; ask(e) }}",
    "no guard": "all := s.Lookup(n)\nfor _, e := range all { ask(e) }",
    "a guard behind the loop": f"all := s.Lookup(n)\nfor _, e := range all {{ ask(e) }}\n{GUARD}",
    "a guard in another loop": f"all := s.Lookup(n)\nfor _, e := range all {{ ask(e) }}\nfor _, e := range more {{ {GUARD} }}",
    "a guard that is spoken of": "all := s.Lookup(n)\nfor _, e := range all { /* w.Skips(e) */ ask(`w.Skips(e)`) }",
    "a guard by another name": "all := s.Lookup(n)\nfor _, e := range all { if w.SkipsNot(e) { continue } }",
    "one loop of two": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nfor _, e := range all {{ ask(e) }}",
    "in the header alone": "for _, e := range s.Lookup(n) { ask(e) }",
    "the first one": "all := s.Lookup(n)\nask(all[0])",
    "nobody takes it": "s.Lookup(n)",
    "given to a function": f"all := s.Lookup(n)\ntry(all)\nfor _, e := range all {{ {GUARD} }}",
    "spread into a function": "all := s.Lookup(n)\nreturn try(all...)",
    "by another name": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nrest := all\nfor _, e := range rest {{ ask(e) }}",
    "a part of them": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nask(all[1:])",
    "one beside the loop": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nask(all[0])",
    "grown into others": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nmore := append(all, x)\nask(more)",
    "kept": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\ns.all = all",
    "sent": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nc <- all",
    "guarded and handed on": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\nreturn all",
    "in brackets": f"all := s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}\ntry((all))",
    "by a function inside": f"look := func(n string) []E {{ return s.Lookup(n) }}\nall := look(n)\nfor _, e := range all {{ {GUARD} }}",
    "by letters of others, kept": f"é := s.Lookup(n)\nfor _, e := range é {{ {GUARD} }}\ns.x = é",
    "asked about something else": "all := s.Lookup(n)\nfor _, e := range all { if w.Skips(x) { continue }; ask(e) }",
    "asked too late": f"all := s.Lookup(n)\nfor _, e := range all {{ ask(e); {GUARD} }}",
    "a field is given before": f"all := s.Lookup(n)\nfor _, e := range all {{ get(e.URL.String()); {GUARD} }}",
    "a field by a name of its own is given before": f"all := s.Lookup(n)\nfor _, e := range all {{ u := e.URL; get(u.String()); {GUARD} }}",
    "a field is kept before": f"all := s.Lookup(n)\nfor _, e := range all {{ plain = e.URL; {GUARD} }}\nget(plain)",
    "a method is called before": f"all := s.Lookup(n)\nfor _, e := range all {{ if !e.answers() {{ continue }}; {GUARD} }}",
    "kept before": f"all := s.Lookup(n)\nfor _, e := range all {{ saved = append(saved, e); {GUARD} }}",
    "kept as the last one before": f"all := s.Lookup(n)\nfor _, e := range all {{ last = e; {GUARD} }}",
    "started before": f"all := s.Lookup(n)\nfor _, e := range all {{ go func() {{ ask(e) }}(); {GUARD} }}",
    "told by what asks": f"all := s.Lookup(n)\nfor _, e := range all {{ log.Debugf(n, ask(e)); {GUARD} }}",
    "given before to what asks": f"all := s.Lookup(n)\nfor _, e := range all {{ tries(e); {GUARD} }}",
    "given before to what makes another": f"all := s.Lookup(n)\nfor _, e := range all {{ x := copied(e); ask(x); {GUARD} }}",
    "given to what stands elsewhere": f"all := s.Lookup(n)\nfor _, e := range all {{ elsewhere(e); {GUARD} }}",
    "sorted out by another function": f"all := s.Lookup(n)\nleft := copied(all)\nfor _, e := range all {{ {GUARD} }}\nask(left)",
    "given as text before": f"all := s.Lookup(n)\nfor _, e := range all {{ get(fmt.Sprint(e.URL)); {GUARD} }}",
    "given by its text's name before": f"all := s.Lookup(n)\nfor _, e := range all {{ u := fmt.Sprint(e.URL); get(u); {GUARD} }}",
    "kept as text before": f"all := s.Lookup(n)\nfor _, e := range all {{ last = fmt.Sprint(e.URL); {GUARD} }}",
    "given by a part of a part": f"all := s.Lookup(n)\nfor _, e := range all {{ u := e.URL; if h := u.Host; ok {{ get(h) }}; {GUARD} }}",
    "given by its type": f"all := s.Lookup(n)\nfor _, e := range all {{ switch t := e.Kind.(type) {{ case T: ask(t) }}; {GUARD} }}",
    "given by a loop of its own": f"all := s.Lookup(n)\nfor _, e := range all {{ for _, u := range e.URLs {{ get(u) }}; {GUARD} }}",
    "a field is sent before": f"all := s.Lookup(n)\nfor _, e := range all {{ c <- e.URL; {GUARD} }}",
    "an index before the guard": f"all := s.Lookup(n)\nfor i := range all {{ ask(all[i]); e := all[i]; {GUARD} }}",
    "in a branch": f"all := s.Lookup(n)\nfor _, e := range all {{ if e.Mirror {{ {GUARD} }}; ask(e) }}",
    "under a condition": "all := s.Lookup(n)\nfor _, e := range all { if p && w.Skips(e) { continue }; ask(e) }",
    "and goes on": "all := s.Lookup(n)\nfor _, e := range all { if w.Skips(e) { tell(n) }; ask(e) }",
    "the other way about": "all := s.Lookup(n)\nfor _, e := range all { if !w.Skips(e) { continue }; ask(e) }",
    "a field gets it": f"p.all = s.Lookup(n)\nfor _, e := range p.all {{ {GUARD} }}",
    "a pointer gets it": f"*p = s.Lookup(n)\nfor _, e := range *p {{ {GUARD} }}",
    "a map gets it": f"known[n], err = s.Lookup(n)\nfor _, e := range known[n] {{ {GUARD} }}",
    "a variable of the package gets it": f"all, err = s.Lookup(n)\nfor _, e := range all {{ {GUARD} }}",
    "given to what begins as a log does": f"all := s.Lookup(n)\nLogin(all)\nfor _, e := range all {{ {GUARD} }}",
    "wrapped and set anew": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); c.Transport = other; hosts = append(hosts, Host{Name: e.URL.Host, Client: c}) }",
    "wrapped, and another is made": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); d := client(e.TLSConfig); hosts = append(hosts, Host{Name: e.URL.Host, Client: d}) }",
    "wrapped, and made anew": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); c = client(n); hosts = append(hosts, Host{Name: e.URL.Host, Client: c}) }",
    "wrapped, and another one is put beside it": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); hosts = append(hosts, Host{Name: e.URL.Host, Client: other}) }",
    "wrapped, and another one is made beside it": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); hosts = append(hosts, Host{Name: e.URL.Host, Client: client(e.TLSConfig), Auth: auth(c)}) }",
    "wrapped and asked by another": "all := s.Lookup(n)\nfor _, e := range all { c := client(e.TLSConfig); c.Transport = e.Skips(c.Transport); get(e.URL) }",
    "taken as a value": "look := s.Lookup\nreturn look(n)",
    "given as a value": "return try(s.Lookup)",
}


@pytest.mark.parametrize("body", GUARDED.values(), ids=GUARDED)
def test_a_loop_that_calls_a_guard_is_guarded(body: str) -> None:
    assert told({"p/a.go": FILE % body}) == {"p/a.go:f Lookup": True}


@pytest.mark.parametrize("body", OPEN.values(), ids=OPEN)
def test_whatever_else_is_done_with_addresses_is_not(body: str) -> None:
    assert told({"p/a.go": FILE % body}) == {"p/a.go:f Lookup": False}


@pytest.mark.parametrize(
    "text",
    [
        "package p\n\ntype S interface {\n\tLookup(n string) []E\n}\n",
        "package p\n\ntype S struct {\n\tLookup []E\n}\n",
        "package p\n\nfunc (s S) Lookup(n string) []E { return nil }\n",
        "package p\n\n// Lookup is spoken of.\nvar x = `s.Lookup(n)`\n",
        "package p\n\nfunc f() { s.LookupHost(n); s.doLookup(n) }\n",
        "package p\n",
    ],
)
def test_what_declares_or_names_it_is_no_caller(text: str) -> None:
    assert found({"p/a.go": text}) == []


@pytest.mark.parametrize(
    ("body", "goes_on"),
    [
        ("ask(s.Lookup(n)[0])", False),
        ("for _, e := range s.Lookup(n) { ask(e); break }", False),
        ("all := s.Lookup(n)\nfor _, e := range all { if old(n) { continue }; if ask(e) { return nil }; break }", False),
        ("all := s.Lookup(n)\nask(all[0])", False),
        ("for _, e := range s.Lookup(n) { ask(e) }", True),
        ("for _, e := range s.Lookup(n) { if ask(e) { break } }", True),
        ("for _, e := range s.Lookup(n) { if ask(e) { continue }; break }", True),
        ("all := s.Lookup(n)\nfor _, e := range all { ask(e); break }\ntry(all)", True),
        ("all := s.Lookup(n)\nfor _, e := range all { ask(e); break }\nfor _, e := range all { ask(e) }", True),
        ("try(s.Lookup(n))", True),
        ("return s.Lookup(n)", True),
        ("look := s.Lookup", True),
    ],
)  # fmt: skip
def test_what_gives_up_with_the_first_is_told(body: str, goes_on: bool) -> None:
    assert [caller.goes_on for caller in found({"p/a.go": FILE % body})] == [goes_on]


def test_a_place_is_told_by_line_and_column() -> None:
    (caller,) = found({"p/a.go": FILE % "\tall := s.Lookup(n)\n\task(all[0])"})
    assert caller[:4] == ("p/a.go", 4, 11, "f")


# Wrapped --------------------------------------------------------------------------------------

WRAP = "package p\n\nfunc (s S) Wrapped(n string) []E { return s.Lookup(n) }\n"
LOOP = "package q\n\nfunc g(s S) { for _, e := range s.Wrapped(n) { ask(e) } }\n"
IMPORTED = LOOP.replace("q\n", 'q\n\nimport "x/p"\n', 1)


@pytest.mark.parametrize(
    ("files", "guarded"),
    [
        pytest.param({"p/b.go": LOOP}, False, id="in-its-package"),
        pytest.param({"q/b.go": IMPORTED}, False, id="where-it-is-imported"),
        pytest.param({"q/b.go": IMPORTED.replace("ask(e)", GUARD)}, True, id="guarded-there"),
        pytest.param({"q/b.go": LOOP}, False, id="a-method-of-what-is-imported-elsewhere"),
        pytest.param({"q/b.go": IMPORTED.replace("Wrapped", "Other")}, None, id="another-name"),
    ],
)
def test_callers_of_what_only_hands_on_are_callers(
    files: dict[str, str], guarded: bool | None
) -> None:
    there = told({"p/a.go": WRAP, **files})
    assert there.pop("p/a.go:Wrapped Lookup")
    (path,) = files
    assert there == ({} if guarded is None else {f"{path}:g Wrapped": guarded})


def test_it_may_be_handed_on_more_than_once_and_in_circles() -> None:
    text = "package p\n\nfunc (s S) again(n string) []E { return s.Wrapped(n) }\n"
    circle = WRAP + "\nfunc (s S) round(n string) []E { return s.again(n) }\n"
    loop = "package p\n\nfunc g(s S) { for _, e := range s.round(n) { ask(e) } }\n"
    there = told({"p/a.go": circle, "p/b.go": text, "p/c.go": loop})
    assert [place for place, guarded in there.items() if not guarded] == ["p/c.go:g round"]


def test_a_function_is_called_where_its_package_is_imported() -> None:
    function = "package p\n\nfunc Wrapped(n string) []E { return Lookup(n) }\n"
    for text, there in ((IMPORTED, True), (LOOP, False)):
        found = told({"p/a.go": function, "q/b.go": text.replace("s.Wrapped", "p.Wrapped")})
        assert ("q/b.go:g Wrapped" in found) == there


def test_packages_may_have_wrappers_of_one_name() -> None:
    small, loop = WRAP.replace("Wrapped", "wrapped"), LOOP.replace("Wrapped", "wrapped")
    there = told(
        {"p/a.go": small, "p/b.go": loop, "q/a.go": small.replace("package p", "package q")}
    )
    assert there["p/b.go:g wrapped"] is False


def test_a_small_name_is_its_packages_own() -> None:
    small = WRAP.replace("Wrapped", "wrapped")
    assert set(told({"p/a.go": small, "q/b.go": IMPORTED.replace("Wrapped", "wrapped")})) == {
        "p/a.go:wrapped Lookup"
    }


# Broken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("package p\n\nfunc f() {\n\ts.Lookup(n)\n", True),
        ("package p\n\nfunc f() {\n<<<<<<< ours\n\ts.Lookup(n)\n>>>>>>> theirs\n}\n", True),
        ("package p\n\nfunc f( {\n}\n\n// Lookup\n", True),
        ("package p\n\nfunc f() {\n\ts.Other(n)\n", True),  # which may have gone on to
        ("no Go at all", True),
        ("", True),
        ("package p\n\nfunc f() {\n<<<<<<< ours\n\ts.Other(n)\n>>>>>>> theirs\n}\n", False),
    ],
)
def test_a_file_that_speaks_of_it_and_does_not_parse_is_broken(text: str, broken: bool) -> None:
    files = {"p/a.go": text}
    for all_found in (found(files), uses(files, lambda path: files[path].encode(), NAMES)):
        assert any(caller.broken for caller in all_found) == broken
        assert not any(caller.guarded for caller in all_found if caller.broken)


# Without guards -------------------------------------------------------------------------------


def test_uses_are_calls_and_values() -> None:
    text = FILE % "s.Lookup(n)\nlook := s.lookup" + "\nvar x = Lookup\n"
    where = uses(["p/a.go"], lambda _: text.encode(), NAMES)
    assert [(c.function, c.name, c.guarded) for c in where] == [
        ("f", "Lookup", False),
        ("f", "lookup", False),
        ("", "Lookup", False),
    ]


def test_without_files_or_names_there_are_none() -> None:
    assert uses([], lambda _: b"", NAMES) == callers([], lambda _: b"", NAMES, GUARDS).found == []
    assert uses(["p/a.go"], lambda _: (FILE % "s.Lookup(n)").encode(), ()) == []
