"""A file whose end is missing is told from a whole one by what it leaves open."""

from __future__ import annotations

import pytest

from gopatch.go.cut_off import is_cut_off
from tests.conftest import FIXTURES, files

WHOLE = {
    "brackets in a text": 'package a\n\nvar b = "({["\n',
    "brackets in a raw string": "package a\n\nvar b = `({[`\n",
    "a bracket as a rune": "package a\n\nvar b = '{'\n",
    "a quote as a rune": "package a\n\nvar b = '\\''\n",
    "brackets in comments": "package a\n\n// ({[\nvar b int /* ( { */\n",
    "a comment's sign in a text": 'package a\n\nvar b = "a/*"\n',
    "a comment's sign in a line's comment": "package a\n\n// daemon/*.go\nvar b int\n",
    "a raw string's sign in a comment": "package a\n\n// `\nvar b int\n",
    "a head above": "// What a license says.\n\n/* and more */\npackage a\n",
    "a mark of the encoding": "\ufeffpackage a\n\nvar b int\n",
    "nothing but a package": "package a\n",
    "an import for what it does alone": 'package a\n\nimport _ "b"\n',
    "several of them": 'package a\n\nimport (\n\t_ "b"\n\t_ "c"\n)\n',
    "flags for C": 'package a\n\n// #cgo LDFLAGS: -lb\nimport "C"\n',
    "an import into the file": 'package a\n\nimport . "b"\n',
}
CUT = {
    "nothing": "",
    "in the license": "// What a license says.\n",
    "in a comment": "package a\n\n/* what\n",
    "a comment of three signs": "package a\n\nfunc b() {}\n/*/\n",
    "in the imports": 'package a\n\nimport (\n\t"b"\n',
    "behind the imports": 'package a\n\nimport (\n\t"b"\n)\n',
    "behind one import": 'package a\n\nimport "b"\n',
    "behind an import with a name": 'package a\n\nimport b "c"\n',
    "in a function": "package a\n\nfunc b() {\n\tc()\n",
    "in parameters": "package a\n\nfunc b(\n",
    "in a raw string": "package a\n\nvar b = `c\n",
    "in one that looks like a bracket": "package a\n\nvar b = `}\n",
    "in a literal, with a bracket in a text": 'package a\n\nvar b = []string{"}",\n',
    "an end too many": "package a\n\nfunc b() {\n}\n}\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_not_cut_off(name: str) -> None:
    assert not is_cut_off(WHOLE[name].encode())


@pytest.mark.parametrize("name", CUT)
def test_a_file_without_its_end_is(name: str) -> None:
    assert is_cut_off(CUT[name].encode())


@pytest.mark.parametrize("fixture", ["v1.8.3", "v20.10.27", "docker-v29"])
def test_no_file_of_a_fixture_is_and_each_is_in_the_middle_of_a_line(fixture: str) -> None:
    for path, data in files(FIXTURES / fixture).items():
        if path.endswith(".go"):
            assert not is_cut_off(data), path
            last = data.rstrip().rfind(b"\n}")
            assert last < 0 or is_cut_off(data[:last]), path


@pytest.mark.parametrize("text", [b"/*", b"`", b"(/*)", b'("\\'])
def test_what_opens_again_and_again_is_looked_at_once(text: bytes) -> None:
    assert is_cut_off(b"package a\n" + text * 100_001)
