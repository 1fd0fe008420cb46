"""Names that come and that nothing tells what they are are told; what is known is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from gopatch.source.roots import Roots

HERE = Roots("", None)
GO = b'package p\n\nimport (\n\t"example.com/go-log"\n\t"fmt"\n)\n\nfunc f(x int) {\n\told(x)\n\tlog.Warn(fmt.Sprint(y.field))\n}\n'
OTHER = b"package p\n\nfunc helper() {}\n\ntype kind struct{ inner int }\n"
UNKNOWN = "where it is neither declared nor imported"


def told(tmp_path: Path, plus: str, files: dict[str, bytes] | None = None) -> tuple[str, ...]:
    """What is said of the names of a change from `old(a)`."""
    path = tmp_path / "x.patch"
    lines = "".join(f"+{line}\n" for line in plus.split("\n"))
    path.write_text(f"@@\nvar a expression\n@@\n-old(a)\n{lines}")
    source = FilesInMemory(files or {"p.go": GO, "q.go": OTHER})
    return work_out(load(str(path)), source, roots=HERE).unknown


@pytest.mark.parametrize(
    "plus",
    [
        "fresh2 := helper()\nuse2(fresh2)".replace("use2", "helper"),
        "helper(a, kind{inner: 1}, nil, len(a), int64(a))",
        "log.Info(a, f, x)",
        "fmt.Print(a.Anything.Else, y.Other)",
        'func(q int) { print(q, "w") }(a)',
        "for i, v := range a {\n  print(i, v)\n}",
        "var w kind\nprint(w, a)",
        "switch t := a.(type) {\ncase int:\n  print(t)\n}",
    ],
)
def test_what_is_known_is_not_told(tmp_path: Path, plus: str) -> None:
    assert told(tmp_path, plus) == ()


@pytest.mark.parametrize(
    ("plus", "names"),
    [
        ("unbound(zzz, helper, 1)", ["unbound", "zzz"]),
        ("strings.ToUpper(a)", ["strings"]),
        ("print(mystery.Field, a)", ["mystery"]),
        ("helper(kind{inner: lost})", ["lost"]),
        ("helper(Kind2{}, a)", ["Kind2"]),
    ],
)
def test_what_is_unknown_is_told(tmp_path: Path, plus: str, names: list[str]) -> None:
    wanted = tuple(f"`{name}` comes into p.go, {UNKNOWN}" for name in names)
    assert told(tmp_path, plus) == wanted


def test_an_import_of_the_patch_is_known(tmp_path: Path) -> None:
    path = tmp_path / "x.patch"
    path.write_text('@@\n@@\n+import "strings"\n\n-old(x)\n+strings.ToUpper("x")\n')
    assert work_out(load(str(path)), FilesInMemory({"p.go": GO}), roots=HERE).unknown == ()


def test_of_many_files_some_are_named(tmp_path: Path) -> None:
    files = {f"{n}/p.go": GO for n in range(6)}
    assert told(tmp_path, "gone(a)", files) == (
        f"`gone` comes into 0/p.go, 1/p.go, 2/p.go and 3 more, {UNKNOWN}",
    )


def test_a_name_of_the_package_is_known_in_its_files_alone(tmp_path: Path) -> None:
    files = {"a/p.go": GO, "a/q.go": OTHER, "b/p.go": GO}
    assert told(tmp_path, "helper(a)", files) == (f"`helper` comes into b/p.go, {UNKNOWN}",)


def test_a_dot_import_may_bring_anything(tmp_path: Path) -> None:
    files = {"p.go": b'package p\n\nimport . "x"\n\nfunc f() {\n\told(1)\n}\n'}
    assert told(tmp_path, "gone(a)", files) == ()


USES = b'package p\n\nimport (\n\t"errors"\n\t"fmt"\n\n\t"example.com/go-log"\n)\n\nfunc f() error {\n\tfmt.Println("x")\n\tlog.Warn()\n\treturn errors.New("a")\n}\n'


def made(tmp_path: Path, *changes: str, source: bytes = USES) -> tuple[bytes, tuple[str, ...]]:
    path = tmp_path / "x.patch"
    path.write_text("".join(f"@@\n@@\n{change}\n" for change in changes))
    port = work_out(load(str(path)), FilesInMemory({"p.go": source}), roots=HERE)
    return port.changes[0].after or b"", port.unknown


def test_an_import_that_a_lone_change_makes_needless_goes(tmp_path: Path) -> None:
    after, unknown = made(tmp_path, '-fmt.Println("x")\n+println("x")')
    assert after == USES.replace(b'\t"fmt"\n', b"").replace(b"fmt.Println", b"println")
    assert unknown == ()


def test_an_import_that_a_later_change_uses_stays(tmp_path: Path) -> None:
    changes = ('-fmt.Println("x")\n+println("x")', '-errors.New("a")\n+fmt.Errorf("a")')
    after, _ = made(tmp_path, *changes)
    assert b'\t"fmt"\n' in after
    assert b"errors" not in after


def test_a_parameter_that_is_called_like_an_import_does_not_hold_it(tmp_path: Path) -> None:
    source = USES + b"\nfunc g(fmt T) { fmt.X() }\n"
    after, _ = made(tmp_path, '-fmt.Println("x")\n+println("x")', source=source)
    assert b'\t"fmt"\n' not in after


def test_a_type_beside_a_parameter_that_is_called_like_an_import_holds_it(tmp_path: Path) -> None:
    source = USES + b"\nfunc g(fmt T) fmt.Stringer { return nil }\n"
    after, _ = made(tmp_path, '-fmt.Println("x")\n+println("x")', source=source)
    assert b'\t"fmt"\n' in after


def test_an_import_that_may_be_needless_is_told(tmp_path: Path) -> None:
    after, unknown = made(tmp_path, "-log.Warn()\n+println()")
    assert b"go-log" in after
    assert unknown == (
        '`log` is used no more in p.go: look whether its import "example.com/go-log" is to go, too',
    )
