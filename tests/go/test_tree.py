"""Parsing anew only what edits touched must give the tree that parsing all gives."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.go.tree import (
    DECLARATIONS,
    IDENTIFIER,
    MEMBERS,
    GoFile,
    Syntax,
    edited,
    parse,
    position,
)
from gopatch.splice import Splice, splice

_FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
_SOURCE = b"""package p

import "fmt"

// T is one.
type T struct {
\ta int // the a
}

func (t *T) f(x ...int) (n int, err error) {
\tif t.a > 0 && len(x) != 1 {
\t\treturn 1, fmt.Errorf("%d", t.a)
\t}
\tfor i := range x {
\t\tn += i
\t}
\treturn n, nil
}
"""
_PIECES = (b"", b"\n", b"\tg(1)\n", b"{", b"}", b"x", b"// c\n", b"\xc3\xa9", b"if y {\n}\n", b'"')


@st.composite
def _edits(draw: st.DrawFn) -> list[Splice]:
    cuts = sorted(draw(st.lists(st.integers(0, len(_SOURCE)), max_size=8, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Splice(start, end, draw(st.sampled_from(_PIECES))) for start, end in pairs]


@given(_edits())
def test_edited_bytes_are_the_spliced_bytes(edits: list[Splice]) -> None:
    file = edited(GoFile(_SOURCE), edits)
    assert file.data == splice(_SOURCE, edits)
    assert bool(file.errors()) == bool(GoFile(file.data).errors())
    if not file.errors():
        assert str(file.tree.root_node) == str(GoFile(file.data).tree.root_node)


@pytest.mark.parametrize(
    "path",
    sorted(_FIXTURES.glob("*/**/*.go"))[::7],
    ids=lambda path: str(path.relative_to(_FIXTURES)),
)
def test_every_node_stands_where_a_fresh_parse_has_it(path: Path) -> None:
    data = path.read_bytes()
    at = data.index(b"\n") + 1
    edits = [Splice(at, at, b"\n// note\n"), Splice(len(data), len(data), b"\nvar zz = 1\n")]
    file, fresh = edited(GoFile(data), edits), GoFile(splice(data, edits))
    assert str(file.tree.root_node) == str(fresh.tree.root_node)
    assert _places(file) == _places(fresh)


def _places(file: GoFile) -> list[tuple[int, int, str]]:
    found, todo = [], [file.tree.root_node]
    while todo:
        node = todo.pop()
        found.append((node.start_byte, node.end_byte, node.type))
        todo += node.children
    return found


def test_the_file_before_is_left_as_it_was() -> None:
    before = GoFile(_SOURCE)
    shape = _places(before)
    edited(before, [Splice(0, 9, b"package longer")])
    assert before.data == _SOURCE
    assert _places(before) == shape


def test_a_byte_order_mark_stays_out_of_the_tree() -> None:
    before = GoFile(b"\xef\xbb\xbf" + _SOURCE)
    file = edited(before, [Splice(3 + _SOURCE.index(b"type"), 3 + _SOURCE.index(b"type"), b"\n")])
    assert not file.errors()
    assert position(file.data, 3) == (1, 4)


@pytest.mark.parametrize("word", [b"p", b"t", b"a", b"fmt", b"Errorf", b"err", b"if", b"is", b"%d"])
def test_a_name_is_counted_where_it_stands_whole(word: bytes) -> None:
    """`t` in `type`, in a comment or in a text is no name."""
    known = {b"p": 1, b"t": 3, b"a": 3, b"fmt": 1, b"Errorf": 1, b"err": 1}
    assert GoFile(_SOURCE).counted(word) == known.get(word, 0)


@pytest.mark.parametrize("word", [b"p", b"t", b"a", b"fmt", b"Errorf", b"err", b"if", b"is"])
def test_where_a_name_is_declared_it_is_not_used(word: bytes) -> None:
    file = GoFile(_SOURCE)
    kinds = DECLARATIONS | MEMBERS
    declared = {name.start for node in file.nodes(kinds) for name in node.names()}
    names = [node for node in file.nodes(frozenset({IDENTIFIER})) if node.text == word]
    assert file.used(word) == [name.start for name in names if name.start not in declared]
    assert GoFile(b"package p\n\ntype t struct{ a, b int }\n\nfunc (t) f(x t)\n").used(b"a") == []


def test_names_before_dots_are_counted() -> None:
    """Of a package's type as of a value; what is no name by itself is none."""
    file = GoFile(_SOURCE + b"\nvar v a.T = *x.y.z(a.b, f().c, (d).e, []int{}[0].g)\n")
    assert file.bases() == {b"t": 2, b"fmt": 1, b"a": 2, b"x": 1}


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("type_identifier", [b"any"]),  # the grammar's own name, which the view has another for
        (IDENTIFIER, [b"p", b"f", b"x", b"any", b"g", b"x"]),
        ("call_expression", [b"g(x)"]),
        ("index_expression", []),
    ],
)
def test_nodes_go_by_the_names_of_the_grammar_and_of_the_view(
    kind: str, found: list[bytes]
) -> None:
    file = GoFile(b"package p\n\nfunc f(x any) { g(x) }\n")
    assert [node.text for node in file.nodes(frozenset({kind}))] == found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("chan<- chan int", "chan <- (chan int)"),
        ("chan <-chan int", "chan <- (chan int)"),
        ("chan /* c */ <-chan int", "chan <- (chan int)"),
        ("chan<- chan<- chan int", "chan <- (chan <- (chan int))"),
        ("chan<- <-chan int", "chan <- (<- chan int)"),
        ("<-chan <-chan int", "<- chan (<- chan int)"),
        ("<-chan chan<- int", "<- chan (chan <- int)"),
        ("chan (<-chan int)", "chan ((<- chan int))"),
    ],
)
def test_an_arrow_is_that_of_the_leftmost_channel(written: str, read: str) -> None:
    """Go's specification, Channel types."""
    channel = parse(f"package p\n\ntype t {written}\n".encode()).root.children[1].children[1]
    assert _nested(channel.children[1]) == read


def _nested(node: Syntax) -> str:
    words = [
        (child.token or b"").decode() if child.token is not None else f"({_nested(child)})"
        for child in node.children
        if node.kind != "parenthesized_expression" or child.token is None
    ]
    return " ".join(words)


@pytest.mark.parametrize(
    "text",
    [
        "func f() {}\n\nfunc (t T) m() { g := func() {}; g() }\n",
        "var x = func() {}\n",
        "func f() { func g() {} }\n",
        "func f( {\n\nfunc g() {}\n",
    ],
)
def test_functions_are_found_at_the_top_of_what_parses_and_anywhere_in_what_does_not(
    text: str,
) -> None:
    file = GoFile(f"package p\n\n{text}".encode())
    kinds = frozenset({"function_declaration", "method_declaration"})
    alone = [node.start for node in file.nodes(kinds)]
    assert alone == [n.start for n in file.nodes(kinds | {"block"}) if n.kind != "block"]


def test_a_tree_that_is_kept_is_that_of_the_same_bytes_alone() -> None:
    known = parse(_SOURCE).tree
    for number in range(40):  # its view is let go of, the tree is not
        parse(b"package p\n\nvar x = `%b`\n" % (b"%d" % number * 5_000))
    other = _SOURCE.replace(b"n += i", b"n -= i")
    assert str(parse(_SOURCE).tree.root_node) == str(known.root_node)
    assert str(parse(other).tree.root_node) == str(GoFile(other).tree.root_node)
