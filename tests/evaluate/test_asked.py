"""What Go asks of the host that a road is driven to, and how it came out."""

from __future__ import annotations

import pytest

from gopatch.evaluate.library import Library
from gopatch.evaluate.machine import Machine
from gopatch.evaluate.network import World
from gopatch.evaluate.package import Package

HEAD = 'package a\n\nimport (\n\t"net"\n\t"regexp"\n\t"strings"\n)\n\n'
HEAD += 'var form = regexp.MustCompile(`^x$`)\nvar table = map[string]bool{"in.test": true}\n'


def asked(line: str, host: str, *, written: bool = True) -> set[tuple[str, str | int, bool]]:
    """What a line asks of a host."""
    text = f"{HEAD}func f(host string) bool {{\n\t{line}\n}}\n".encode()
    world = World()
    library = Library(world=world)
    library.asked.written = {"a.go": set(range(99)) if written else set()}
    machine = Machine(Package((("a.go", text),)), library, watching=True)
    world.reset({("https", "beside.test"): "200", ("https", host): "200"})
    machine.call("f", host)
    return {key[1:] for key in library.asked.answers}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('return host == "a.b:443"', {("=", "a.b:443", False)}),
        ('return "reg.test" == host', set()),
        ('return strings.HasSuffix(host, ".local")', {("suffix", ".local", False)}),
        ('has := strings.HasPrefix; return has(host, "reg")', {("prefix", "reg", True)}),
        ('return strings.ContainsAny(host, "_~")', {("in", "_", False), ("in", "~", False)}),
        ('return strings.EqualFold(host, "A.b")', {("=", "A.b", False)}),
        ("return len(host) > 40", {("#", 40, False)}),
        ("return host[0] == 'x'", {("letter", "x", False)}),
        ("return strings.ToLower(host) == host", {("case", "", False)}),
        ("return net.ParseIP(host) != nil", {("address", "", False)}),
        ("return form.MatchString(host)", {("regexp", "^x\\Z", False)}),
        ("return table[host]", {("=", "in.test", False)}),
        ("_, ok := table[host]; return ok", {("=", "in.test", False)}),
        (
            'switch host {\n\tcase "a.b":\n\t\treturn true\n\t}\n\treturn false',
            {("=", "a.b", False)},
        ),
        ('u := "https://" + host + "/v2/"; return strings.Contains(u, "x")', {("in", "x", False)}),
        # Of other things nothing is kept, nor of what differs from case to case by itself.
        ('a := "b"; return a == "c"', set()),
        ('return host == "beside.test"', set()),
        ("n := 3; return n > 2", set()),
        ('e := "no such host: " + host; return strings.Contains(e, "such")', set()),
    ],
)
def test_what_is_asked_of_the_host(line: str, found: set[tuple[str, str | int, bool]]) -> None:
    assert asked(line, "reg.test") == found


def test_what_holds_for_the_host_is_kept_as_such() -> None:
    line = 'return host == "a.b" || strings.HasSuffix(host, ".b")'
    assert asked(line, "a.b") == set()
    assert asked(line, "c.b") == {("=", "a.b", False), ("suffix", ".b", True)}


def test_lines_that_are_not_the_ports_keep_nothing() -> None:
    assert asked('return strings.HasSuffix(host, ".local")', "reg.test", written=False) == set()
