"""Which words of a file's name are systems and machines: one table for whoever reads such names."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.backport.redeclared import built_by
from gopatch.evaluate.package import built
from gopatch.go.built_for import MACHINES, SYSTEMS


@pytest.mark.parametrize("word", sorted((SYSTEMS | MACHINES) - {"linux", "amd64"}))
def test_no_file_for_another_is_built_here(word: str) -> None:
    assert not built(f"a_{word}.go", b"package a\n")
    assert built_by(f"a_{word}.go", b"package a\n") == (f"_{word}",)


@pytest.mark.parametrize(
    "name", ["linux.go", "a_linus.go", "a_amd65.go", "amd64.go", "a_linux_b.go"]
)
def test_other_words_say_nothing(name: str) -> None:
    assert built(name, b"package a\n")
    assert built_by(name, b"package a\n") == ()


@pytest.mark.parametrize(
    ("name", "words"), [("a_linux.go", "_linux"), ("a_linux_amd64_test.go", "_linux_amd64")]
)
def test_a_file_for_this_one_says_so(name: str, words: str) -> None:
    assert built(name, b"package a\n") == ("_test" not in name)
    assert built_by(name, b"package a\n") == (words,)


@pytest.mark.real
def test_the_table_is_the_one_of_go(go: dict[str, str]) -> None:
    tool = shutil.which("go", path=go["PATH"])
    assert tool is not None
    root = subprocess.run(
        [tool, "env", "GOROOT"], env=go, check=True, capture_output=True, text=True
    )
    text = Path(root.stdout.strip(), "src/internal/syslist/syslist.go").read_text()
    for name, table in (("KnownOS", SYSTEMS), ("KnownArch", MACHINES)):
        body = text.split(f"var {name} = ", 1)[1].split("\n}", 1)[0]
        assert set(re.findall(r'"(\w+)":\s+true', body)) == table
