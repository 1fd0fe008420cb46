from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.recipe.read import load
from tests.documents import world


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learn") / "world"


@pytest.fixture(autouse=True)
def _made(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not place.exists():
        world(place)
    monkeypatch.chdir(place)


def _learn(*words: str) -> int:
    return main(["learn", "fix", "--docker-src", "moby", *words])


@pytest.mark.thorough
def test_a_folder_that_gives_the_bytes_of_the_backport(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "learned")
    refs = ("v20.10.27", "v28.5.2")
    assert _learn(*(w for ref in refs for w in ("--for", ref)), "--output", folder) == 0
    err = capfd.readouterr().err
    for ref in refs:
        assert f"holds: {ref}" in err
        assert main(["backport", "fix", "--docker-src", "moby", "--onto", ref]) == 0
        wanted = capfd.readouterr().out
        assert main(["apply", "--docker-src", "moby", "--ref", ref, "--patch", folder]) == 0
        assert capfd.readouterr().out == wanted
    assert load(folder).title == "registry: refuse a server address without a host"
    assert main(["test", folder]) == 0
    assert main(["lint", folder]) == 0


def test_what_is_refused_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "learned")
    assert _learn("--for", "v28.5.2", "--for", "v1.8.3", "--output", folder) == 1
    err = capfd.readouterr().err
    assert "refused: v1.8.3" in err
    assert "holds: v28.5.2" in err


def test_somebodys_own_port_is_an_example(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    diff = tmp_path / "hand.diff"
    assert main(["backport", "fix", "--docker-src", "moby", "--onto", "v20.10.27"]) == 0
    diff.write_text(capfd.readouterr().out.replace("no host", "nothing"))
    folder = tmp_path / "learned"
    words = ["--for", "v20.10.27", "--example", f"v20.10.27={diff}", "--output", str(folder)]
    assert _learn(*words) == 0
    assert "nothing in the server" in (folder / "service-auth.patch").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--for", "v9*", "--output", "x"], 2, "no ref is like"),
        (["--for", "v1.8.3", "--output", "x"], 1, "nothing was learned"),
        (["--for", "v28.5.2", "--output", "docker"], 2, "is not empty"),
        (["--for", "v28.5.2", "--example", "v1", "--output", "x"], 2, "names no diff"),
    ],
)
def test_refused(
    words: list[str], code: int, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _learn(*words) == code
    assert message in capfd.readouterr().err
    assert not Path("x").exists()
