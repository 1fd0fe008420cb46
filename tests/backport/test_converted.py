"""Which conversions Go surely does not know, and which it knows, or may know."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"time"
	"unsafe"
)

type T struct{ N string }

type U struct{ N string }

type Wide struct {
	N string
	M int
}

type Told struct {
	N string `json:"n"`
}

type Other struct{ N int }

type List []string

type Mode int

type Name string

type Any interface{}

var (
	n     int
	text  string
	on    bool
	value T
	one   *T
	list  []byte
	table map[string]int
	any1  Any
	wait  time.Duration
	month time.Month
	three [3]byte
	c     chan int
	p     unsafe.Pointer
	texts []string
	when  time.Time
)

func serve(w http.ResponseWriter, r *http.Request) {}

func each[K any](k K) K { return k }

var wide float64
"""


IMPORTS = """import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"time"
)

"""


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, "names ...Name", imports=IMPORTS)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("_ = int64(text)", "`text` cannot become `int64` in the target: it is `string`"),
        ("_ = Mode(value)", "`value` cannot become `s.Mode` in the target: it is `s.T`"),
        ("_ = string(value)", "`value` cannot become `string`"),
        ("_ = Name(on)", "`on` cannot become `s.Name`"),
        ("_ = string(one)", "it is `*s.T`"),
        ("_ = []byte(n)", "`n` cannot become `[]uint8`"),
        ("_ = T(n)", "`n` cannot become `s.T`"),
        ("_ = (*T)(value)", "`value` cannot become `*s.T`"),
        ("_ = *(*T)(value)", "`value` cannot become `*s.T`"),
        (
            "b := *(*[]byte)(p); _ = Mode(b)",
            "`b` cannot become `s.Mode` in the target: it is `[]uint8`",
        ),
        ("_ = bool(n)", "`n` cannot become `bool`"),
        ("_ = int(any1)", "`any1` cannot become `int` in the target: it is `s.Any`"),
        ("_ = (int)(text)", "`text` cannot become `int`"),
        ("_ = map[string]int(list)", "`list` cannot become"),
        ("for _, x := range names { _ = Mode(x) }", "`x` cannot become `s.Mode`"),
        (
            "_ = time.Duration(text)",
            "`text` cannot become `time.Duration` in the target: it is `string`",
        ),
        ("_ = os.FileMode(one)", "`one` cannot become `os.FileMode`"),
        ("_ = json.RawMessage(table)", "`table` cannot become `json.RawMessage`"),
        ("_ = net.IP(texts)", "`texts` cannot become `net.IP`"),
        ("_ = time.Time(n)", "`n` cannot become `time.Time`"),
        ("_ = http.HandlerFunc(func(r *http.Request) {})", "cannot become `http.HandlerFunc`"),
        ("_ = http.Header(table)", "`table` cannot become `http.Header`"),
        ("_ = Wide(value)", "`value` cannot become `s.Wide` in the target: it is `s.T`"),
        ("_ = Other(value)", "`value` cannot become `s.Other`"),
        ("_ = (*Wide)(one)", "`one` cannot become `*s.Wide`"),
        ("_ = string(wide)", "`wide` cannot become `string` in the target: it is `float64`"),
        ("_ = Name(wide)", "`wide` cannot become `s.Name`"),
        ("_ = List(list)", "`list` cannot become `s.List`"),
    ],
)
def test_what_surely_cannot_be_converted(body: str, reason: str) -> None:
    (found,) = _found(body)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "_ = int64(n) + int64(wait) + int64(Mode(n))",
        "_ = float64(n); _ = Mode(3.0)",
        "_ = string(list) + string(rune(n)) + string(Name(text))",
        '_ = []byte(text); _ = []byte("a"); _ = []rune(text)',
        "_ = U(value); _ = T{}; _ = Told(value); _ = (*Told)(one)",
        "_ = time.Duration(n) * time.Second; _ = os.FileMode(0o644); _ = os.FileMode(n)",
        "_ = json.RawMessage(list); _ = json.RawMessage(text); _ = net.IP(list); _ = net.IP(nil)",
        "_ = http.HandlerFunc(serve); _ = http.Handler(http.HandlerFunc(serve)); _ = http.Dir(text)",
        "_ = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {})",
        "_ = time.Time(when); _ = List(texts); _ = []string(List(texts)); _ = http.Header(nil)",
        "_ = (*U)(one); _ = (*T)(nil); _ = []byte(nil); _ = map[string]int(nil)",
        "_ = [3]byte(list); _ = (*[3]byte)(list)",
        "_ = Any(n); _ = interface{}(text); _ = error(nil)",
        "_ = (*T)(p); _ = uintptr(p); _ = unsafe.Pointer(one)",
        "_ = time.Month(n); _ = int(month)",
        "_ = each(text); _ = len(text); int64 := each[string]; _ = int64(text)",
        "type Mode string; _ = Mode(text)",
        "_ = (<-chan int)(c); _ = bool(n > 1)",
    ],
)
def test_what_can_be_converted_or_may(body: str) -> None:
    assert _found(body) == []
