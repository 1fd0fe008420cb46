"""The fixtures have the structure that they stand for, and with Go at hand they build and work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patches.asking_go import GO_TEST, LOOK, MAKE, MAKE_ERR, MAKE_OLD, run_in
from tests.patches.layouts import FIXTURES, LAYOUTS


@pytest.mark.real
@pytest.mark.parametrize("fixture", LAYOUTS)
def test_go_is_content(fixture: str, engine: Path, go: dict[str, str]) -> None:
    assert run_in(go, engine, "gofmt", "-l", ".") == ""
    assert run_in(go, engine, "go", "build", "./...") == ""
    assert run_in(go, engine, "go", "vet", "./...") == ""
    mod = FIXTURES / fixture / LAYOUTS[fixture].root / "go.mod"
    assert (engine / "go.mod").read_bytes() == mod.read_bytes(), "go.mod is as Go wants it"


@pytest.mark.real
@pytest.mark.parametrize("fixture", [name for name in LAYOUTS if LAYOUTS[name].lookup])
def test_endpoints_are_found(fixture: str, engine: Path, go: dict[str, str]) -> None:
    layout = LAYOUTS[fixture]
    make = MAKE_OLD if "*Options" in layout.new else MAKE_ERR if "error" in layout.new else MAKE
    host = 'host+"/image"' if "repoName" in layout.lookup[0] else "host"
    if "reference.Named" in layout.lookup[0]:
        host = f"reference.WithName({host})"
    text = GO_TEST % {"make": make, "look": LOOK % host}
    for name in ("opts", "reference"):
        if f"{name}." in text:
            path = f'"github.com/docker/docker/{name}"'
            text = text.replace('\t"testing"\n', f'\t"testing"\n\n\t{path}\n', 1)
    (engine / layout.registry / "endpoints_test.go").write_text(text)
    said = run_in(go, engine, "go", "test", "-count=1", f"./{layout.registry}/")
    assert said.startswith("ok"), said
