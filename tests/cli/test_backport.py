from __future__ import annotations

import json
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.backport.conftest import History, history

__all__ = ["history"]


def _run(history: History, *words: str) -> int:
    return main(["backport", history.fix, "--docker-src", str(history.path), *words])


def test_the_diff_goes_to_stdout_and_the_words_to_stderr(
    history: History, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(history, "--onto", "v1.0.0") == 0
    out, err = capfd.readouterr()
    assert out.startswith("--- a/store.go\n+++ b/store.go\n")
    assert "+\tif container.Locked {" in out
    assert "ctr -> container" in err


def test_the_fix_is_there_already(history: History, capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(history, "--onto", "v2.0.1") == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "already: v2.0.1 has" in err


def test_onto_a_folder_in_place(history: History, tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    _run(history, "--onto", "v1.0.0", "--output", str(tmp_path / "fix.patch"))
    import subprocess

    old = subprocess.run(
        ["git", "-C", str(history.path), "show", "v1.0.0:store.go"], check=True, capture_output=True
    )
    (folder / "store.go").write_bytes(old.stdout)
    assert _run(history, "--onto", str(tmp_path), "--in-place") == 0
    assert (folder / "store.go").read_bytes() == history.port


def test_a_quilt_patch_keeps_author_subject_and_origin(
    history: History, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(history, "--onto", "v1.0.0", "--format", "quilt") == 0
    out = capfd.readouterr().out
    assert "From: Ada Fixer <ada@example.org>\n" in out
    assert "Subject: Refuse what is locked\n" in out
    assert f"Origin: backport, {history.fix}\n" in out
    assert "go vet was not run" in out


def test_json_tells_the_adaptation(history: History, capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(history, "--onto", "v1.0.0", "--format", "json") == 0
    found = json.loads(capfd.readouterr().out)
    assert "`ctr` -> `container`" in found["edits"][0]["form"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--onto", "v9*"], "no ref is like"),
        (["--onto", "v1.0.0", "--as", "ctx"], "names nothing"),
        (["--onto", "v1.0.0", "--as", "ctr=return"], "`return` cannot stand for a name"),
        (["--onto", "v1.0.0", "--as", "func=f"], "`func` cannot stand for a name"),
        (["--onto", "v1.0.0", "--as", "ctr=a, b"], "`a, b` cannot stand for a name"),
        (["--onto", "v1.0.0", "--as", "ctr=x)"], "`x)` cannot stand for a name"),
        (["--onto", "v1.0.0", "--as", "other=x"], "no file of the change has the name `other`"),
        (["--onto", "v1.0.0", "--skip", "other.go"], "no such file"),
        (["--onto", "v1.0.0", "--in-place"], "a ref has none"),
        (["--onto", "v1.0.0", "--format", "sql"], "no format"),
    ],
)
def test_wrong_usage(
    history: History, capfd: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert _run(history, *words) == 2
    assert message in capfd.readouterr().err


def test_a_skipped_file_is_told_of(history: History, capfd: pytest.CaptureFixture[str]) -> None:
    assert _run(history, "--onto", "v1.0.0", "--skip", "store.go") == 1
    told = capfd.readouterr().err
    assert "LEFT OUT: store.go: skipped" in told
    assert "nothing else is in the change" in told


def test_the_page_has_the_original_the_port_and_what_was_adapted(
    history: History, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(history, "--onto", "v1.0.0", "--format", "html") == 0
    page = capfd.readouterr().out
    heads = [page.index(f"<h3>{h}</h3>") for h in ("The original", "The port", "What was adapted")]
    assert heads == sorted(heads)
    adapted = page[heads[-1] : page.index("</section>", heads[-1])]
    assert "<del>ctr</del>" in adapted
    assert "<ins>container</ins>" in adapted
    assert adapted.count("<del>") == adapted.count("<ins>") == 1


def test_a_page_of_a_change_that_is_there_has_no_original(
    history: History, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(history, "--onto", "v2.0.1", "--format", "html") == 0
    assert "What was adapted" not in capfd.readouterr().out


def test_the_files_that_are_the_same_are_no_adaptation(
    history: History, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(history, "--onto", "v2.0.0", "--format", "html") == 0
    page = capfd.readouterr().out
    assert "+" in page
    assert "<h3>The original</h3>" not in page


def test_a_sum_of_many_terms_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its tree is as deep as it has terms."""
    terms = " + ".join(f"a{n}" for n in range(1500))
    for side, above in (("made", ""), ("target", "// F is there.\n")):
        (tmp_path / side).mkdir()
        text = f"package p\n\n{above}func f() int {{\n\th()\n\treturn {terms}\n}}\n"
        (tmp_path / side / "a.go").write_text(text)
    fix = tmp_path / "fix.patch"
    fix.write_text(
        "--- a/a.go\n+++ b/a.go\n@@ -3,3 +3,3 @@\n func f() int {\n-\th()\n+\tk()\n \treturn "
        + terms
        + "\n"
    )
    made, onto = str(tmp_path / "made"), str(tmp_path / "target")
    words = ["backport", str(fix), "--docker-src", made, "--made-for", made, "--onto", onto]
    assert main(words) == 0
    assert "-\th()\n+\tk()\n" in capfd.readouterr().out
