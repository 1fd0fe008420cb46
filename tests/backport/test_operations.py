"""What operators and statements surely do not take, and what they take, or may take."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

import "time"

type T struct{ N string }

type Mode int

type Made func(n string, many ...int) (*T, error)

type Names []string

const limit = 3

var (
	on       bool
	n, other int
	text     string
	one      *T
	two      **T
	value    T
	list     []int
	names    Names
	three    [3]int
	places   *[3]int
	table    map[string]T
	sent     chan T
	heard    <-chan int
	any1     interface{}
	err      error
	wait     time.Duration
	mode     Mode
	made     Made
	plain    = func(int) bool { return true }
	foreign  time.Month
	month    *time.Month
	part     float64
	key      Key
	keys     [2]Key
	said     Said
	far      *Said
)

type Key struct{ parts []int }

type Said interface{ Say() }

type Loud struct{}

func (l *Loud) Say() {}

type holder struct {
	done func() error
	Made
}

var held holder

func get() string { return "" }

func nothing() {}

func single(yield func(int) bool) {}

func pairs(yield func(int, string) bool) {}

var _, _ = 1, 2

func each[K any](k K) K { return k }
"""


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, "ask func(string), given T")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("if text { }", "`text` stands where a condition is wanted in the target: it is `string`"),
        ("if get() { }", "a condition"),
        ("if x := n; x { }", "`x` stands where a condition"),
        ("for one { }", "a condition"),
        ("for i := 0; n; i++ { }", "a condition"),
        ("_ = !n", "an operand of `!`"),
        ("_ = on && text", "an operand of `&&`"),
        ("_ = on + on", "an operand of `+`"),
        ("_ = text - text", "an operand of `-`"),
        ("_ = value < value", "an operand of `<`"),
        ("_ = -text", "an operand of `-`"),
        ("_ = n + text", "`+` cannot have `n`, which is `int` and `text`, which is `string`"),
        ("_ = mode == n", "`==` cannot have `mode`, which is `s.Mode`"),
        ('_ = n == "a"', '`"a"` stands where `int` is wanted in the target: it is a string constant'),
        ("_ = one == value", "`==` cannot have"),
        ("_ = list == list", "what can be compared"),
        ("_ = value == nil", "`nil` stands where `s.T` is wanted"),
        ("text += 1", "`1` stands where `string` is wanted"),
        ("text++", "`text` stands where a number is wanted"),
        ("_ = *value", "`value` stands where a pointer is wanted"),
        ("<-list", "a channel"),
        ("list <- 1", "a channel"),
        ("sent <- one", "`one` stands where `s.T` is wanted"),
        ("sent <- nil", "`nil` stands where `s.T` is wanted"),
        ("_ = n[1]", "what has elements"),
        ("_ = one[1]", "what has elements"),
        ('_ = list["a"]', '`"a"` stands where an index is wanted'),
        ("_ = table[n]", "`n` stands where `string` is wanted"),
        ("_ = table[1:]", "what has elements in a row"),
        ("_ = text[0:1:2]", "`text` stands where what has elements in a row is wanted"),
        ("_, ok := list[1]; _ = ok", "`list` stands where a map is wanted"),
        ("_ = text.(string)", "an interface"),
        ("switch text.(type) { case int: }", "an interface"),
        ('switch n { case 1, "a": }', '`"a"` stands where `int` is wanted'),
        ("switch { case on, text: }", "`text` stands where a condition is wanted"),
        ("for range value { }", "what can be gone through"),
        ("for range one { }", "what can be gone through"),
        ("text()", "`text` stands where a function is wanted"),
        ("made(n)", "`made` takes `string` as its argument 1"),
        ("made()", "`made` takes 2 arguments in the target, 0 are given"),
        ("held.Made(n)", "`held.Made` takes `string` as its argument 1"),
        ("held.done(n)", "`held.done` takes 0 arguments in the target, 1 are given"),
        ("plain(text)", "`plain` takes `int` as its argument 1"),
        ("ask(n)", "`ask` takes `string` as its argument 1"),
        ("g := func(a, b int) {}; g(1)", "`g` takes 2 arguments in the target, 1 are given"),
        ("x := made(text); _ = x", "`made` gives 2 results in the target, and 1 are taken"),
        ("close(list)", "a channel"),
        ("delete(list, 1)", "a map"),
        ("delete(table, n)", "`n` stands where `string` is wanted"),
        ("_ = len(n)", "what has a length"),
        ("_ = append(list, text)", "`text` stands where `int` is wanted"),
        ("_ = append(n, 1)", "a slice"),
        ("limit = 4", "`limit` is a constant in the target, and is set"),
        ("get = nil", "`get` is a function in the target, and is set"),
        ("_ = T", "`T` is a type in the target, and stands as a value"),
        ("var x n; _ = x", "`n` is no type in the target, and stands as one"),
        ("_ = get{}", "`get` is no type in the target"),
        ("_ = two.N", "`two.N`: `**s.T` has no field or method `N`"),
        ("limit++", "`limit` is a constant in the target, and is set"),
        ("_ = part << 2", "`part` stands where an operand of `<<` is wanted"),
        ("part %= 2", "`part` stands where an operand of `%` is wanted"),
        ("_ = key == key", "`key` stands where what can be compared is wanted"),
        ("_ = keys != keys", "`keys` stands where what can be compared is wanted"),
        ("_ = any1 == key", "`key` stands where what can be compared is wanted"),
        ("_ = map[Key]int{}", "`Key` has no equal in the target, and is the key of a map"),
        ("for range get { }", "`get` stands where what can be gone through is wanted"),
        ("for range made { }", "`made` stands where what can be gone through is wanted"),
        ("_ = said.(T)", "`said` is never `T` in the target: that is `s.T`, without a method `Say`"),
        ("_ = said.(Loud)", "`said` is never `Loud` in the target: that is `s.Loud`, whose method `Say` a pointer to it has"),
        ("switch said.(type) { case nil, *Loud, T: }", "`said` is never `T` in the target"),
        ("far.Say()", "`far.Say`: `*s.Said` has no field or method `Say`"),
        ("var x Said = Loud{}; _ = x", "`Loud{}` stands where `s.Said` is wanted"),
        ("h := get; h(1)", "`h` takes 0 arguments in the target, 1 are given"),
        ("plain = get", "`get` stands where `func` is wanted"),
        ("for range part { }", "`part` stands where what can be gone through is wanted"),
        ("for i, j := range sent { _, _ = i, j }", "`sent` stands where what gives two values is wanted"),
        ("for i, j := range n { _, _ = i, j }", "`n` stands where what gives two values"),
        ("for i, j := range single { _, _ = i, j }", "`single` stands where what gives two values"),
        ("_ = &limit", "`limit` is a constant in the target, and has no address"),
        ("_ = &(get)", "`(get)` is a function in the target, and has no address"),
        ("ask(nothing())", "`nothing()` gives no value in the target, and one is wanted"),
        ("_ = Said{}", "is written of `s.Said` in the target, which is no struct, array, slice or map"),
        ("_ = Mode{1}", "is written of `s.Mode`"),
        ("_ = text.N", "`text.N`: `string` has no field or method `N`"),
    ],
)  # fmt: skip
def test_what_is_surely_not_taken(body: str, reason: str) -> None:
    found = _found(body)
    assert found
    assert reason in found[0]


@pytest.mark.parametrize(
    "body",
    [
        "if on && !plain(n) || err != nil { }",
        "for { }; for on { }; for ; ; { }; for i := 0; i < n; i++ { }",
        "if x := get(); x == text { }",
        '_ = text + "a" + get()',
        "_ = n*2 + 'a' - other<<mode",
        "_ = wait * 2; _ = 2 * time.Second; wait += 3 * time.Second",
        "_ = mode == 1 || mode != limit",
        "_ = one == nil || list != nil || err == nil || any1 == value",
        "_ = any1 == text; _ = err == any1; _ = foreign == 3 || foreign+1 > 2",
        "_ = *one; _ = **two; _ = *(*T)(nil); _ = (*two).N; _ = *month",
        "_ = []*T{}; var x map[string]*T; _ = x",
        "<-heard; x, ok := <-sent; _, _ = x, ok; sent <- value; sent <- T{}",
        "_ = list[n] + three[mode] + places[1]; _ = text[1]; _ = text[1:]; _ = places[:]; _ = list[0:1:2]",
        '_, ok := table["a"]; list[0], list[1] = list[1], list[0]; _ = ok',
        "_ = any1.(string); switch err.(type) { case nil, interface{ A() }: }",
        'switch text { case "a", get(): }; switch { case on: default: }; switch any1 { case 1, "a": }',
        "switch x := n; { case x > 1: }; switch x := n; x { case 1: }",
        "for range list { }; for _, x := range table { _ = x.N }; for range heard { }; for range 3 { }",
        "for range three { }; for range places { }; for range text { }",
        'made(text); made("a", 1, 2); held.Made(text, list...); _ = held.done(); held.done = nil',
        "ask(text); ask = nil; plain = func(int) bool { return false }",
        "func(a int) {}(n); _ = (func())(nil); _ = Made(nil); _ = Names(nil)",
        "_ = each(3); _ = each[int](3); _ = each[string]",
        'close(sent); delete(table, "a"); _ = len(text) + cap(list) + len(places)',
        "list = append(list, 1, n); list = append(list, list...); names = append(names, text)",
        "_ = append([]byte(nil), text...); _ = append([]error{}, nil, err)",
        "T := 1; _ = T; len := ask; len(text)",
        "n := get; _ = n; var Mode string; _ = Mode + text",
        "n := text; if n == text { }; limit := 1; limit = 2; _ = limit",
        "var x = T{}; var y T; type L []T; _ = L{x, y}; _ = new(T); _ = make(Names, 3)",
        "n, text := get(), 1; text++; _ = n + get()",
        "_ = part * 2 / part; _ = n % 2 & other << 3 ^ 1; n %= 2; _ = 1 << n; limit := 1; limit++",
        "_ = value == value; _ = three == three; _ = map[T]int{}; _ = map[*Key]int{}; _ = &key == nil",
        "_ = map[string]Key{}; _ = any1 == nil; _ = one == nil; _ = key.parts == nil",
        "for range func(yield func(int) bool) {} { }",
        "_ = said.(*Loud); _ = any1.(T); switch said.(type) { case *Loud, Said, nil: }; said.Say()",
        "var x Said = &Loud{}; x = said; x.Say(); (*far).Say(); _ = said.(interface{ A() })",
        "for i, j := range pairs { _, _ = i, j }; for i := range single { _ = i }; for range pairs { }; for i := range n { _ = i }",
        "_ = 1; _, _ = n, text; _ = &n; _ = &list[0]; ask(get()); nothing(); defer nothing(); go nothing(); _ = Names{}; _ = &T{}",
        "h := plain; h(1); h = func(n int) bool { return on }; f := value.N; _ = f",
    ],
)
def test_what_is_taken_or_may_be(body: str) -> None:
    assert _found(body) == []
