"""Types of a switch that are others of it under other names."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons_in

TYPES = b"""package s

type One struct{}

type Same = One

type Other One

type Bytes = []byte
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("switch x.(type) { case One: case Same: }", "`Same` is what `One` is in the target"),
        ("switch x.(type) { case *One, *Same: }", "`*Same` is what `*One` is"),
        ("switch y := x.(type) { case Bytes: _ = y; case []uint8: }", "`[]uint8` is what `Bytes` is"),
        ("switch x.(type) { case byte: case uint8: }", "`uint8` is what `byte` is"),
    ],
)  # fmt: skip
def test_there_twice(body: str, said: str) -> None:
    (found,) = reasons_in(TYPES, body, "x interface{}")
    assert said in found


@pytest.mark.parametrize(
    "body",
    [
        "switch x.(type) { case One: case Other: case *One: case nil: default: }",
        "switch x.(type) { case Stranger: case *Stranger: case map[string]One: case map[string]Other: }",
        "switch x.(type) { case func(int): case func(string): case [2]int: case [3]int: }",
        "switch x.(type) { case []Stranger: case []Unknown: case chan int: case <-chan int: }",
        "switch x.(type) { case struct{ A int }: case struct{ B int }: case interface{ A() }: }",
    ],
)
def test_each_once_or_nobody_can_tell(body: str) -> None:
    assert reasons_in(TYPES, body, "x interface{}") == []


@pytest.mark.parametrize("body", ["_ = r.(int)", "_ = r.(One)", "switch r.(type) { case []byte: }"])
def test_what_an_interface_of_go_never_is(body: str) -> None:
    (found,) = reasons_in(TYPES, body, "r io.Reader", imports='import "io"\n\n')
    assert "is never" in found


@pytest.mark.parametrize(
    "body", ["_ = r.(io.Closer)", "_ = r.(*os.File)", "_ = r.(Stranger)", "_ = w.(int)"]
)
def test_what_an_interface_of_go_may_be(body: str) -> None:
    takes = "r io.Reader, w io.Unknown"
    assert reasons_in(TYPES, body, takes, imports='import (\n\t"io"\n\t"os"\n)\n\n') == []
