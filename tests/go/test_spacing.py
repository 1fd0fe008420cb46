"""Blanks round operators as gofmt sets them: each text is what gofmt prints."""

from __future__ import annotations

import re

import pytest

from gopatch.go.spacing import respace
from gopatch.go.tree import parse
from gopatch.splice import splice

AS_GOFMT = """\
a + b
a + b*c
a*b + c*d
a*b + c<<d
(a + b) * c
a == b+c
a+b == c
a && b || c
a*b == c && d
f(a + b)
f(a+b, c)
f(a, b*c+d)
f((a + b), c)
f(g(a + b))
f(g(a+b), c)
a[b+c]
a[b*c+d]
a[b : c+d]
a[b+1:]
a[:b+1]
f(a[b+1:c], d)
[]int{a + b, c*d + e}
map[string]int{a + b: c * d}
T{a: b + c, d: e}
-a + b
a - -b
a / *b
a & ^b
*p * *q
!(a || b)
a + <-b
x.(T).f + g
a + b + c - d
a<<b | c
1<<10 - 1
fmt.Sprintf("%d"+a, b)
func() int { return a + b*c }()
"""


def squeezed(text: str) -> str:
    """Blanks round binary operators taken away, but where two operators would become one."""
    return re.sub(r" ([-+*/%&|<>=!^]+) (?![-*^&<])", r"\1", text)


def written(expression: str) -> str:
    data = f"package a\n\nvar _ = {expression}\n".encode()
    assert not parse(data).errors()
    after = splice(data, respace(parse(data), [(0, len(data))])).decode()
    return after.removeprefix("package a\n\nvar _ = ").rstrip("\n")


@pytest.mark.parametrize("expression", AS_GOFMT.splitlines())
def test_what_gofmt_prints_stays(expression: str) -> None:
    assert written(expression) == expression


@pytest.mark.parametrize("expression", AS_GOFMT.splitlines())
def test_blanks_that_were_taken_come_back(expression: str) -> None:
    assert written(squeezed(expression)) == expression


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("a, b = c + d, e", "a, b = c+d, e"),
        ("a = c+d", "a = c + d"),
        ("a[i + 1]++", "a[i+1]++"),
        ("return a+b, c", "return a + b, c"),
        ("f(a,b)", "f(a, b)"),
        ("f( a, b )", "f(a, b)"),
        ("a := []int{ 1,2 }", "a := []int{1, 2}"),
        ("a := make(chan <- int)", "a := make(chan<- int)"),
        ("a := make(<- chan  int, 1)", "a := make(<-chan int, 1)"),
        ("var a chan(<- chan int)", "var a chan (<-chan int)"),
        ("var a chan <-chan <-chan int", "var a chan<- chan<- chan int"),
    ],
)
def test_statements(statement: str, wanted: str) -> None:
    data = f"package a\n\nfunc f() {{\n\t{statement}\n}}\n".encode()
    after = splice(data, respace(parse(data), [(0, len(data))]))
    assert after == data.replace(statement.encode(), wanted.encode())


def test_only_what_is_touched_changes() -> None:
    data = b"package a\n\nvar a = b+c\n\nvar d = e+f\n"
    assert splice(data, respace(parse(data), [(20, 20)])) == data.replace(b"b+c", b"b + c")


@pytest.mark.parametrize("gap", [" /* why */ + ", " +\n\t"])
def test_comments_and_line_breaks_stay(gap: str) -> None:
    assert written(f"a{gap}b") == f"a{gap}b"


@pytest.mark.parametrize("value", ["a  + ) b", "T{a  : ( : b}", "f(a  , ] b)"])
def test_what_does_not_parse_stays(value: str) -> None:
    file = parse(f"package p\n\nvar _ = {value}\n".encode())
    assert file.errors()
    assert respace(file, [(0, len(file.data))]) == []


# Statements as gofmt prints them; without their blanks they are written below.
STATEMENTS = {
    "x:=1": "x := 1",
    "x,y=1,2": "x, y = 1, 2",
    "x+=1": "x += 1",
    "x  =  <-c": "x = <-c",
    "c<-d": "c <- d",
    "if x:=f();x{\n\t}else if y{\n\t}else{\n\t}": "if x := f(); x {\n\t} else if y {\n\t} else {\n\t}",
    "for i:=0;i<n;i++{\n\t}": "for i := 0; i < n; i++ {\n\t}",
    "for i:=range  x{\n\t}": "for i := range x {\n\t}",
    "for  {\n\t}": "for {\n\t}",
    "switch  x:=1;x{\n\t}": "switch x := 1; x {\n\t}",
    "switch x:=y.(type){\n\t}": "switch x := y.(type) {\n\t}",
    "select{\n\tcase x:=<-c:\n\t}": "select {\n\tcase x := <-c:\n\t}",
    "go  f()": "go f()",
    "defer  f()": "defer f()",
    "return  a,b": "return a, b",
    "goto  L": "goto L",
    "var x=1": "var x = 1",
    "const a,b int=1,2": "const a, b int = 1, 2",
    "f(func(a,b int){ g() })": "f(func(a, b int) { g() })",
    "a = b [1]": "a = b[1]",
    "a = b [1 : 2]": "a = b[1:2]",
    "x  ++": "x++",
    "a [i]  --": "a[i]--",
    "f (x)": "f(x)",
    "f [int] (x)": "f[int](x)",
    "a = m . n": "a = m.n",
    "a = 3 . n": "a = 3 .n",
    "a = x . (T)": "a = x.(T)",
    "a = T {1}": "a = T{1}",
    "a = [ ] int {1}": "a = []int{1}",
    "var a [3]  int": "var a [3]int",
    "var a map [string] int": "var a map[string]int",
    "go func () {g()} ()": "go func() { g() }()",
    "var a func (b  int)int": "var a func(b int) int",
    "var a func(b ... int) (c,d int)": "var a func(b ...int) (c, d int)",
    "f(x ...)": "f(x...)",
    "var a struct {b int}": "var a struct{ b int }",
    "var a struct { }": "var a struct{}",
    "var a interface {F (int)int}": "var a interface{ F(int) int }",
    "var a = struct{b int} {1}": "var a = struct{ b int }{1}",
}
AS_THEY_ARE = [
    "for ; ; {\n\t}",
    "for i := 0; ; i++ {\n\t}",
    "for range x {\n\t}",
    "var (\n\t\tab = 1\n\t\tc  = 2\n\t)",
    "var f func()",
    "return",
    "x /* c */ = 1",
    "a = b /* c */ [1]",
    "a := struct {\n\t\tb int\n\t}{1}",
    "a := struct{b, c int; d int}{}",  # gofmt gives it lines
    "a := struct{b int `c`}{}",
    "a := f.\n\t\tg()",
    "f(func() {\n\t})",
    "x++",
]


def laid(body: str) -> str:
    data = f"package a\n\nfunc f() {{\n\t{body}\n}}\n".encode()
    data = splice(data, respace(parse(data), [(0, len(data))]))
    return data.decode().removeprefix("package a\n\nfunc f() {\n\t").removesuffix("\n}\n")


@pytest.mark.parametrize("body", STATEMENTS)
def test_statements_get_their_blanks(body: str) -> None:
    assert laid(body) == STATEMENTS[body]


@pytest.mark.parametrize("body", [*AS_THEY_ARE, *STATEMENTS.values()])
def test_statements_of_gofmt_stay(body: str) -> None:
    assert laid(body) == body


def test_bodies_in_columns_stay() -> None:
    data = b"package a\n\nfunc a()   {}\nfunc bcd() {}\nfunc e(){}\n"
    found = splice(data, respace(parse(data), [(0, len(data))]))
    assert found == data.replace(b"e(){", b"e() {")


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("func f (a  int)int", "func f(a int) int"),
        ("func (t  T) m ()(a, b int)", "func (t T) m() (a, b int)"),
        ("func(t T) m()", "func (t T) m()"),
        ("func f [P any] (p P)", "func f[P any](p P)"),
        ("func f()", "func f()"),
    ],
)
def test_signatures(head: str, wanted: str) -> None:
    data = f"package a\n\n{head} {{ g() }}\n".encode()
    assert splice(data, respace(parse(data), [(0, len(data))])) == data.replace(
        head.encode(), wanted.encode()
    )
