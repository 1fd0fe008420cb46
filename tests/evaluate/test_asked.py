"""What Go asks of the host that a road is driven to, and how it came out."""

from __future__ import annotations

import pytest

from gopatch.evaluate.library import Library
from gopatch.evaluate.machine import Machine
from gopatch.evaluate.network import World
from gopatch.evaluate.package import Package
from gopatch.evaluate.program import Program

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


HELPER = b"""package helper

import "os"

func IsThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func Same(path string) string { return path }
"""


def led(line: str, known: set[tuple[str, str]] | None = None) -> list[str]:
    """The calls of a line that lead to a question for a file or a variable of the environment."""
    text = f"""package a

import (
	"os"

	"github.com/docker/docker/helper"
)

var look = os.Getenv

func f() bool {{
	{line}
}}
"""
    folders = {"a": (("a/a.go", text.encode()),), "helper": (("helper/h.go", HELPER),)}
    program = Program(lambda name: folders.get(name, ()), World(), written={"a/a.go": {12}})
    machine = program.at("a")
    assert machine is not None
    machine.call("f")
    found = program.library.asked.led(known or set())
    return [text[begin:end] for (_, begin, end), told in found if not told]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('return os.Getenv("A") == "b"', ['os.Getenv("A")']),
        ('return look("A") == "b"', ['look("A")']),
        ('get := os.LookupEnv; _, ok := get("A"); return ok', ['get("A")']),
        ('return helper.IsThere("/x")', ['helper.IsThere("/x")']),
        # The innermost is the one that does.
        ('return func() bool { return helper.IsThere("/x") }()', ['helper.IsThere("/x")']),
        ('return helper.Same("/x") == "/x"', []),
        ('return helper.IsThere("/etc/docker/certs.d/reg.test/")', []),
    ],
)
def test_who_asks_for_a_file_or_a_variable_by_another_is_named(line: str, found: list[str]) -> None:
    assert led(line, {("os.Stat", "certs.d"), ("os.Stat", "/etc/docker/")}) == found


def test_what_the_original_asks_for_as_well_is_none_of_the_ports() -> None:
    assert led('return look("A") == "b"', {("os.Getenv", "A")}) == []
