"""The evaluator runs Go as Go does, or says that it cannot, with the place."""

from __future__ import annotations

import pytest

from gopatch.evaluate import (
    GoPanicError,
    Library,
    Machine,
    Many,
    Package,
    UnsupportedError,
    plain,
)
from gopatch.evaluate.package import built, import_name

IMPORTS = 'import (\n\t"errors"\n\t"fmt"\n\t"maps"\n\t"net"\n\t"slices"\n\t"strings"\n\t"sync"\n)\n'


def _machine(code: str) -> Machine:
    text = f"package p\n\n{IMPORTS}\n{code}\n"
    return Machine(Package([("p/p.go", text.encode())]), Library())


def _run(body: str, more: str = "", result: str = "any") -> object:
    return plain(_machine(f"func f() {result} {{\n{body}\n}}\n{more}").call("f"))


# The value of a body, by what it shows.
BODIES: dict[str, tuple[str, object]] = {
    "numbers": ("return 1 + 2*3 - 0x10", -9),
    "octal": ("return 010 + 0o10", 16),
    "texts": ('return "a" + `b\\n`', "ab\\n"),
    "escapes": (r'return "a\tb"', "a\tb"),
    "length in bytes": ('return len("é")', 2),
    "short circuit": ("x := 0\nt := func() bool { x++; return true }\n_ = true || t()\nreturn x", 0),
    "shadowing": ("x := 1\nif true {\n\tx := 2\n\t_ = x\n}\nreturn x", 1),
    "assigned inside": ("x := 1\nif true {\n\tx = 2\n}\nreturn x", 2),
    "if with a statement": ('if x, err := "a", error(nil); err == nil {\n\treturn x\n}\nreturn ""', "a"),
    "else if": ("if false {\n} else if true {\n\treturn 1\n} else {\n\treturn 2\n}\nreturn 3", 1),
    "closure": ("x := 1\nadd := func(n int) { x += n }\nadd(4)\nreturn x", 5),
    "for": ("n := 0\nfor i := 0; i < 4; i++ {\n\tn += i\n}\nreturn n", 6),
    "while": ("n := 0\nfor n < 5 {\n\tn++\n}\nreturn n", 5),
    "range": ('s := ""\nfor i, x := range []string{"a", "b"} {\n\tif i > 0 {\n\t\ts += x\n\t}\n}\nreturn s', "b"),
    "range over a map": ('n := 0\nfor _, v := range map[string]int{"a": 1, "b": 2} {\n\tn += v\n}\nreturn n', 3),
    "range over a number": ("n := 0\nfor i := range 4 {\n\tn += i\n}\nreturn n", 6),
    "range over nil": ("var l []string\nfor range l {\n\treturn 1\n}\nreturn 0", 0),
    "labelled continue": ("n := 0\nouter:\n\tfor i := 0; i < 3; i++ {\n\t\tfor j := 0; j < 3; j++ {\n\t\t\tif j == 1 {\n\t\t\t\tcontinue outer\n\t\t\t}\n\t\t\tn++\n\t\t}\n\t}\n\treturn n", 3),
    "labelled break": ("n := 0\nouter:\n\tfor {\n\t\tfor {\n\t\t\tn++\n\t\t\tbreak outer\n\t\t}\n\t}\n\treturn n", 1),
    "break of a switch": ("n := 0\nfor i := 0; i < 3; i++ {\n\tswitch i {\n\tcase 1:\n\t\tbreak\n\tdefault:\n\t\tn++\n\t}\n}\nreturn n", 2),
    "switch without a value": ('x := 3\nswitch {\ncase x > 5:\n\treturn "big"\ncase x > 2, x < 0:\n\treturn "odd"\n}\nreturn ""', "odd"),
    "missing key": ('m := map[string]int{}\nreturn m["a"]', 0),
    "missing key, told": ('m := map[string]int{"b": 1}\nif _, ok := m["a"]; ok {\n\treturn 1\n}\nreturn 0', 0),
    "nil address": ('ip := net.ParseIP("reg.test")\nreturn !ip.IsLoopback() && ip.To4() == nil && ip.To16() == nil', True),
    "nil map": ('var m map[string]int\nv, ok := m["a"]\nif ok {\n\treturn v\n}\nreturn len(m)', 0),
    "delete": ('m := map[string]bool{"a": true}\ndelete(m, "a")\nreturn len(m)', 0),
    "append copies": ("a := []int{1}\nb := append(a, 2)\nreturn len(a) + 10*len(b)", 21),
    "append of many": ("a := append([]int{1}, []int{2, 3}...)\nreturn a[2]", 3),
    "part of a text": ('s := "host/name"\nreturn s[:strings.IndexRune(s, \'/\')]', "host"),
    "make and set": ("a := make([]int, 2)\na[1] = 7\nreturn a[0] + a[1]", 7),
    "struct is copied": ("a := T{N: 1}\nb := a\nb.N = 2\nreturn a.N", 1),
    "pointer is not": ("a := &T{N: 1}\nb := a\nb.N = 2\nreturn a.N", 2),
    "address of a variable": ("a := T{N: 1}\np := &a\na.N = 3\nreturn p.N", 3),
    "loop has its own copy": ("l := []T{{N: 1}}\nfor _, t := range l {\n\tt.N = 5\n}\nreturn l[0].N", 1),
    "elided pointers": ('m := map[string]*T{"a": {N: 4}}\nreturn m["a"].N', 4),
    "positional fields": ("return T{6, nil}.N", 6),
    "method by value": ("a := T{N: 1}\na.Lose()\nreturn a.N", 1),
    "method by pointer": ("a := T{N: 1}\na.Keep()\nreturn a.N", 9),
    "promoted field and method": ("o := Outer{T: T{N: 1}}\no.Keep()\nreturn o.N", 9),
    "zero of a field": ("return Outer{}.N", 0),
    "variadic": ('return count("a", "b") + count()', 2),
    "variadic, spread": ('return count([]string{"a", "b", "c"}...)', 3),
    "results handed on": ("return add(pair())", 3),
    "constants with iota": ("return second + third", 3),
    "package variable": ("counter++\ncounter++\nreturn counter", 2),
    "conversion": ("return string([]byte(`ab`))", "ab"),
    "named type": ("return int(Kind(3))", 3),
    "error is not nil": ('err := fmt.Errorf("no %s", "x")\nreturn err != nil', True),
    "errors.Is": ("return errors.Is(wrapped(), errGone)", True),
    "cut": ('a, b, ok := strings.Cut("a://b", "://")\nif ok {\n\treturn a + b\n}\nreturn ""', "ab"),
    "host and port": ('h, _, err := net.SplitHostPort("[::1]:5")\nif err != nil {\n\treturn ""\n}\nreturn h', "::1"),
    "collected keys": ('return slices.Collect(maps.Keys(map[string]int{"a": 1}))', ("a",)),
    "range over an iterator": ('for k := range maps.Keys(map[string]int{"a": 1}) {\n\treturn k\n}\nreturn ""', "a"),
    "once": ("var o sync.Once\nn := 0\no.Do(func() { n++ })\no.Do(func() { n++ })\nreturn n", 1),
    "type switch": ("var x any = &T{N: 2}\nswitch t := x.(type) {\ncase string:\n\treturn 0\ncase *T:\n\treturn t.N\n}\nreturn 1", 2),
    "type switch by methods": ("var x any = T{}\nswitch x.(type) {\ncase interface{ Missing() }:\n\treturn 0\ncase nil:\n\treturn 1\ndefault:\n\treturn 2\n}", 2),
    "type assertion": ('var x any = "a"\nn, ok := x.(int)\nif ok {\n\treturn 1\n}\nreturn n', 0),
    "pointer to a number": ("n := 1\np := &n\n*p = 4\nreturn n + *p", 8),
    "goroutine comes late": ("n := 0\ngo func() { n = 5 }()\nreturn n", 0),
    "else is not reached": ("if true {\n\treturn 1\n} else {\n\tgo func() {}()\n}\nreturn 2", 1),
}  # fmt: skip
MORE = """
type T struct {
	N    int
	Next *T
}

type Outer struct {
	T
}

type Kind int

const (
	first = iota
	second
	third
)

var counter int
var errGone = errors.New("gone")

func (t T) Lose()  { t.N = 9 }
func (t *T) Keep() { t.N = 9 }
func pair() (int, int)        { return 1, 2 }
func add(a, b int) int        { return a + b }
func count(names ...string) int { return len(names) }
func wrapped() error          { return errGone }
func deferred() (n int, err error) {
	defer func() { n++ }()
	return 4, nil
}
"""


@pytest.mark.parametrize("name", BODIES)
def test_runs_as_go_does(name: str) -> None:
    body, expected = BODIES[name]
    assert _run(body, MORE) == expected


def test_defer_changes_named_results() -> None:
    assert _machine(MORE).call("deferred") == Many((5, None))


def test_deferred_arguments_are_taken_at_once() -> None:
    code = "var last int\nfunc f() int {\n\tn := 1\n\tdefer set(n)\n\tn = 2\n\treturn n\n}\nfunc set(n int) { last = n }"
    machine = _machine(code)
    assert machine.call("f") == 2
    assert machine.variable("last") == 1


UNSUPPORTED: dict[str, tuple[str, str]] = {
    "channel": ("c := make(chan int)\nreturn c", "p/p.go:14:11: make of a channel_type"),
    "unknown function": ("return missing()", "p/p.go:14:8: `missing`"),
    "unknown package": ("return strings.Title(`a`)", "p/p.go:14:8: `strings.Title`"),
    "fallthrough": ("switch 1 {\ncase 1:\n\tfallthrough\ndefault:\n}\nreturn 1", "a fallthrough statement"),
    "endless": ("for {\n}\nreturn 1", "runs for too long"),
    "endless recursion": ("return f()", "too deep"),
    "variable of a loop in a closure": ("var g func() int\nfor i := 0; i < 2; i++ {\n\tg = func() int { return i }\n\tg()\n}\nreturn 1", "a loop's variable"),
    "set in a shared slice": ("a := []int{1, 2}\nb := a[:1]\nb[0] = 5\nreturn a[0]", "others may share"),
    "format of a struct": ('return fmt.Sprintf("%v", struct{}{})', "fmt.Sprintf"),
    "too many results": ("a, b := 1\nreturn a + b", "another number of values"),
    "copy": ("a := []int{1}\ncopy(a, a)\nreturn a", "`copy`"),
    "goto": ("goto end\nend:\n\treturn 1", "a goto statement"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_says_what_it_does_not_know(name: str) -> None:
    body, says = UNSUPPORTED[name]
    with pytest.raises(UnsupportedError) as caught:
        _run(body)
    assert says in str(caught.value)
    assert caught.value.path == "p/p.go"


PANICS = {
    "nil map": 'var m map[string]int\nm["a"] = 1\nreturn m',
    "index": "a := []int{}\nreturn a[0]",
    "slice bounds": 'return "ab"[:3]',
    "nil pointer": "var t *T\nreturn t.N",
    "nil error": "var err error\nreturn err.Error()",
    "nil function": "var g func() int\nreturn g()",
    "panic": 'panic("no")',
}


@pytest.mark.parametrize("name", PANICS)
def test_panics_where_go_does(name: str) -> None:
    with pytest.raises(GoPanicError):
        _run(PANICS[name], MORE)


def test_an_init_that_is_not_known_poisons_what_it_sets_and_nothing_else() -> None:
    code = (
        "var known, agent string\nfunc init() {\n\tknown = `yes`\n\tagent = kernel.Version()\n}\n"
        "func a() string { return known }\nfunc b() string { return agent }"
    )
    machine = _machine(code)
    assert machine.call("a") == "yes"
    with pytest.raises(UnsupportedError, match="kernel"):
        machine.call("b")


def test_a_missing_function_is_no_crash() -> None:
    with pytest.raises(UnsupportedError, match="no function `gone`"):
        _machine("").call("gone")


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a.go", "", True),
        ("a_test.go", "", False),
        ("config_windows.go", "", False),
        ("config_unix.go", "//go:build !windows", True),
        ("config_linux.go", "", True),
        ("x_linux_arm64.go", "", False),
        ("a.go", "//go:build windows", False),
        ("a.go", "//go:build linux && (!cgo || amd64)", True),
        ("a.go", "//go:build ignore || go1.21", True),
        ("a.go", "// +build !windows", True),
        ("a.go", "// +build windows darwin", False),
        ("a.go", "// +build linux,!amd64 freebsd", False),
        ("a.txt", "", False),
    ],
)
def test_files_of_a_build_for_linux(path: str, head: str, expected: bool) -> None:
    data = f"{head}\n\npackage p\n\n// +build windows\n".encode()
    assert built(path, data) is expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("net/url", "url"),
        ("github.com/docker/distribution/registry/api/v2", "v2"),
        ("github.com/moby/moby/v2", "moby"),
        ("gopkg.in/yaml.v3", "yaml"),
        ("github.com/docker/go-units", "units"),
    ],
)
def test_names_of_imports(path: str, name: str) -> None:
    assert import_name(path) == name
