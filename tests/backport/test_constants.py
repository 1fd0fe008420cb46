"""Constants that the type which they meet surely does not hold, and those that it holds, or may hold."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type Small uint8

type Level int8

type Share float32

type Port struct {
	Number uint16
	Level  Level
}

const Many = 300

const Few Small = 3

const Half, Whole = 0.5, 2 * Many

const Typed float64 = 7

const (
	First = iota + 300
	Second
	Third, _ = iota * 1000, iota
	Fourth = iota - 3
)

const Word = len("four" + `s`)

func put(s Small, all ...Level) {}

func keep(n int, f float64, u uint) {}
"""
TAKES = "s Small, l Level, p Port, f float32, n int, b byte, r rune, u uint32, ch chan uint8"


def _found(body: str) -> list[str]:
    return reasons_in(TYPES, body, TAKES)


@pytest.mark.parametrize(
    ("body", "said", "basic"),
    [
        ("put(256)", "256", "uint8"),
        ("put(^0)", "^0", "uint8"),
        ("u = ^First", "^First", "uint32"),
        ("put(^0 & 0xfff)", "^0 & 0xfff", "uint8"),
        ("put(-1)", "-1", "uint8"),
        ("put(Many)", "Many", "uint8"),
        ("put(0, 127, 128)", "128", "int8"),
        ("put(0xFF + 1)", "0xFF + 1", "uint8"),
        ("put(1 << 8)", "1 << 8", "uint8"),
        ("put(0400)", "0400", "uint8"),
        ("put(0b1_0000_0000)", "0b1_0000_0000", "uint8"),
        ("put('€')", "'€'", "uint8"),
        ("put(1.5)", "1.5", "uint8"),
        ("put(Half)", "Half", "uint8"),
        ("put(Whole / 2)", "Whole / 2", "uint8"),
        ("put(First)", "First", "uint8"),
        ("put(Second)", "Second", "uint8"),
        ("put(Third)", "Third", "uint8"),
        ("_ = Small(64 * Word)", "64 * Word", "uint8"),
        ("var x interface{} = 1 << 63; _ = x", "1 << 63", "int"),
        ("const Few Small = 256; _ = Few", "256", "uint8"),
        ("put(5 / 2.0)", "5 / 2.0", "uint8"),
        ("const big = 1000; put(big)", "big", "uint8"),
        ("p.Number = 70000", "70000", "uint16"),
        ("_ = Port{Number: 1 << 16}", "1 << 16", "uint16"),
        ("_ = Port{1, -129}", "-129", "int8"),
        ("_ = []Level{1, 200}", "200", "int8"),
        ("var x Small = 300; put(x)", "300", "uint8"),
        ("if s > 300 { }", "300", "uint8"),
        ("s += 256", "256", "uint8"),
        ("_ = s + Many", "Many", "uint8"),
        ("switch b { case 'a', 256: }", "256", "uint8"),
        ("ch <- 256", "256", "uint8"),
        ("u = -1", "-1", "uint32"),
        ("r = 1 << 31", "1 << 31", "int32"),
        ("f = 1e39", "1e39", "float32"),
        ("keep(1 << 63, 0, 0)", "1 << 63", "int"),
        ("keep(0, 1e309, 0)", "1e309", "float64"),
        ("keep(0, 0, 1 << 64)", "1 << 64", "uint"),
        ("_ = Small(300)", "300", "uint8"),
        ("_ = int64(1.5)", "1.5", "int64"),
        ("_ = uint(-Many)", "-Many", "uint"),
    ],
)  # fmt: skip
def test_what_a_type_does_not_hold(body: str, said: str, basic: str) -> None:
    (found,) = _found(body)
    assert f"`{said}`" in found
    assert found.endswith(f": `{basic}` does not hold it")


@pytest.mark.parametrize(
    "body",
    [
        "put(255); put(0); put('a'); put(Few); put(0377); put(2.0); put(4 / 2.0)",
        "put(0, 127, -128)",
        "put(1<<8 - 1); put(Many - 200); put(Many / 2); put(5 % 3); put(Whole >> 2)",
        "const big = iota; put(big)",
        "big := 1000; put(Small(big)); _ = s << 300",
        "put(^0 & 0xff)", "put(Fourth); _ = Small(Word); _ = Small(50 * Word)", "put(Half * 2 % 3)",
        "p.Number = 65535; p.Level = -1",
        "keep(1<<62, 1e308, 1<<63)",
        "keep(Whole, Many, Many); keep(1e3, Half, 0)",
        "f = 1e38; f = Half; f = Many",
        "_ = Small(n); _ = byte(255); _ = float32(Half); _ = string(rune(300)); _ = int(Typed / 7)",
        "_ = uint32(1 << n); _ = 1 << 100000",
        "u = 1 << 31; r = 'é'; r = '\\n'; b = '\\xff'",
        "var x interface{} = 1 << 40; _ = x",
        "var y Stranger = 300; y = 1 << 70",
        "for i := 0; i < 1000; i++ { keep(i, 1, 2) }",
        "keep(08, 0, 0)",
    ],
)  # fmt: skip
def test_what_it_holds_or_nobody_can_tell(body: str) -> None:
    assert _found(body) == []


def test_a_constant_that_is_made_of_itself_has_no_value() -> None:
    assert reasons_in(TYPES + b"\nconst A, B = B, A\n", "put(A)") == []
