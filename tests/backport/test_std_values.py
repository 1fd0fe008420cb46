"""Constants of the standard library without a type, and methods that only a pointer has."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons, reasons_in
from tests.backport.test_std_types import IMPORTS, TAKES, TYPES


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("var k int = math.MaxUint64", "`math.MaxUint64` stands where `int` is wanted in the target: `int` does not hold it"),
        ("var k int32 = math.MaxInt32 + 1", "`int32` does not hold it"),
        ("var k int = math.Pi", "`int` does not hold it"),
        ("var k uint = math.MinInt8", "`uint` does not hold it"),
        ("fmt.Println(math.MaxUint64)", "`int` does not hold it"),
        ("k := math.MaxUint64; _ = k", "`math.MaxUint64` is more in the target than `int` holds"),
        ("var k string = http.StatusOK", "it is a numeric constant"),
        ("var k int8 = http.StatusOK", "`int8` does not hold it"),
        ("var k int = http.MethodGet", "it is a string constant"),
        ("d = math.MaxFloat32", "`int64` does not hold it"),
        ("_ = math.Floor(n)", "`math.Floor` takes `float64` as its argument 1"),
        ("_ = [2]int{}[math.MaxInt8]", "`math.MaxInt8` is 127 in the target, where 1 is the last"),
    ],
)  # fmt: skip
def test_constants_of_go_without_a_type(body: str, reason: str) -> None:
    assert reason in _with_math(body)[0]


@pytest.mark.parametrize(
    "body",
    [
        "var k uint64 = math.MaxUint64; var z int = math.MaxInt64",
        "var k float32 = math.MaxFloat32; var z float64 = math.MaxFloat64; y := math.Pi; z = y",
        "var k int16 = http.StatusOK; n = http.MethodGet",
        "fmt.Println(math.MaxInt64, math.Pi, uint64(math.MaxUint64))",
        "var k byte = utf8.RuneSelf; var r rune = utf8.RuneError; var z rune = utf8.MaxRune",
        "var k int = math.Unknown; var z int = other.MaxUint64",
        "var k interface{} = math.MaxUint8; _ = math.Floor(3)",
        "math := struct{ MaxUint64 int }{}; var k int = math.MaxUint64",
    ],
)
def test_constants_of_go_that_fit_or_are_not_known(body: str) -> None:
    assert _with_math(body) == []


def test_constants_of_a_package_that_the_source_holds_itself() -> None:
    user = b'package s\n\nimport "math"\n\nfunc f() { var k int = math.MaxUint64 }\n'
    own = b"package math\n\nconst MaxUint64 = 1\n"
    assert reasons({"s/f.go": user, "vendor/math/m.go": own}, "s/f.go") == []


def _with_math(body: str) -> list[str]:
    more = '\n\t"example.org/other"\n\t"math"\n\t"unicode/utf8"\n)'
    return reasons_in(TYPES, body, TAKES, imports=IMPORTS.replace("\n)", more))


DECLARED = b"""package s

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

type Lock sync.RWMutex

type Again Lock

type Text bytes.Buffer

type Client http.Client

type Source io.Reader

type Plain struct{ N int }

func (p Plain) Get() int { return p.N }

type Bare Plain

func (b Bare) Own() {}

type Held struct{ bytes.Buffer }

type Deep struct{ Held }

type Far struct {
	*bytes.Buffer
	other bytes.Buffer
}

func buffer() bytes.Buffer { return bytes.Buffer{} }

func lock() Lock { return Lock{} }
"""
_LEFT = "l Lock, a Again, x Text, c Client, r Source, b Bare, h Held, d Deep, far Far, buf bytes.Buffer, t0 time.Time"


def _left(body: str) -> list[str]:
    return reasons_in(DECLARED, body, _LEFT, imports=IMPORTS)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("l.Lock()", "`s.Lock` has no field or method `Lock`"),
        ("a.RUnlock()", "`s.Again` has no field or method `RUnlock`"),
        ("l.Unknown()", "`s.Lock` has no field or method `Unknown`"),
        ('io.WriteString(&x, "")', "it is `*s.Text`, without a method `Write`"),
        ("c.Do(nil)", "`s.Client` has no field or method `Do`"),
        ("b.Get()", "`s.Bare` has no field or method `Get`"),
        ('io.WriteString(buf, "")', "it is `bytes.Buffer`, whose method `Write` a pointer to it has"),
        ('io.WriteString(h, "")', "it is `s.Held`, whose method `Write` a pointer to it has"),
        ('io.WriteString(d, "")', "it is `s.Deep`, whose method `Write` a pointer to it has"),
        ('buffer().WriteString("")', "only a pointer has that method"),
        ("var m json.Unmarshaler = t0; _ = m", "it is `time.Time`, whose method `UnmarshalJSON` a pointer to it has"),
    ],
)  # fmt: skip
def test_methods_that_only_a_pointer_has_or_that_are_left_behind(body: str, reason: str) -> None:
    imports = IMPORTS.replace("\n)", '\n\t"encoding/json"\n)')
    (found,) = reasons_in(DECLARED, body, _LEFT, imports=imports)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "c.Timeout = 1; c.CheckRedirect = nil; _ = c.Transport",
        "r.Read(nil); b.Own(); b.N++",
        'io.WriteString(&buf, ""); io.WriteString(&h, ""); io.WriteString(far, "")',
        'buf.WriteString(""); h.WriteString(""); d.Buffer.Reset()',
        "_ = time.Now().Unix(); var s fmt.Stringer = t0; _ = s",
        "_ = http.Client{}.CheckRedirect; (&http.Client{}).CloseIdleConnections()",
        "_ = (*Lock)(nil); _ = sync.RWMutex(lock())",
    ],
)
def test_methods_that_are_there(body: str) -> None:
    assert _left(body) == []
