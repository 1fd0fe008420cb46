"""Every command of README.md and docs/*.md is run, and prints what the page shows."""

from __future__ import annotations

import doctest
import re
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from gopatch.cli import commands
from gopatch.cli.parser import EXAMPLES, parser
from tests.documents import (
    ROOT,
    Block,
    Step,
    agrees,
    blocks,
    complaints,
    environment,
    run,
    steps,
    world,
)

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Pages whose commands take above a second of the processor.
LONG = {
    *("alpine", "arch", "backport", "debian", "fedora", "index", "judges", "nix", "notation"),
    *("own-patch", "parts", "registries", "report", "reviewing", "upgrading", "using"),
}


def found(page: Path) -> list[Block]:
    return list(blocks(page.read_text(encoding="utf-8")))


def having(kind: str) -> list[Path]:
    return [page for page in PAGES if any(block.run == kind for block in found(page))]


def speaking(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language for block in found(page))]


def marked(page: Path) -> ParameterSet:
    """A page, put off where it is long."""
    return pytest.param(page, marks=[pytest.mark.thorough] if page.stem in LONG else [])


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to copy for each page; made once, by the first test that asks, which is sealed."""
    return tmp_path_factory.mktemp("documents") / "world"


@pytest.fixture
def place(pristine: Path, tmp_path: Path) -> Path:
    if not pristine.exists():
        world(pristine)
    return Path(shutil.copytree(pristine, tmp_path / "work", symlinks=True))


def session(page: Path, place: Path, *kinds: str) -> list[str]:
    """Go through a page as a reader does: write its files, run its commands."""
    said: list[str] = []
    env = environment(place.parent / "bin", anew=bool(kinds))
    todo: list[Step] = []
    for block in found(page):
        if block.run in ("real", "build") and block.run not in kinds:
            continue
        if block.file:
            # Files are written before the commands that stand below them.
            said += _run(todo, place, env, kinds)
            todo = []
            target = place / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.language == "console":
            todo += steps(block)
    return said + _run(todo, place, env, kinds)


def _run(todo: list[Step], place: Path, env: dict[str, str], kinds: tuple[str, ...]) -> list[str]:
    return complaints(run(todo, place, env, 10_000 if kinds else 120), todo) if todo else []


@pytest.mark.parametrize(
    "page", [marked(page) for page in speaking("console")], ids=lambda p: p.stem
)
def test_a_page_keeps_its_word(page: Path, place: Path) -> None:
    assert session(page, place) == []


@pytest.mark.real
@pytest.mark.parametrize("page", having("real"), ids=lambda page: page.stem)
def test_a_page_keeps_its_word_with_real_tools(page: Path, place: Path) -> None:
    assert session(page, place, "real") == []


@pytest.mark.build
@pytest.mark.parametrize("page", having("build"), ids=lambda page: page.stem)
def test_a_page_keeps_its_word_to_the_end(page: Path, place: Path) -> None:
    assert session(page, place, "real", "build") == []


@pytest.mark.parametrize("page", speaking("pycon"), ids=lambda page: page.stem)
def test_python_sessions_are_right(
    page: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    lines = [""] * page.read_text(encoding="utf-8").count("\n")
    for block in found(page):
        if block.language == "pycon":
            body = block.body.splitlines()
            lines[block.line - 1 : block.line - 1 + len(body)] = body
    test = doctest.DocTestParser().get_doctest("\n".join(lines), {}, page.stem, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    assert runner.run(test, out=said.append).failed == 0, "".join(said)


@pytest.mark.thorough
def test_every_example_of_help_does_what_it_says(place: Path) -> None:
    modules = [import_module(f"gopatch.cli.commands.{name}") for name in commands.names()]
    examples = [*EXAMPLES, *(pair for module in modules for pair in module.EXAMPLES)]
    assert len(examples) > len(modules)
    todo = [Step(command, "", number, True) for number, (_, command) in enumerate(examples)]
    assert complaints(run(todo, place, environment(place.parent / "bin"), 120), todo) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_command_hides_from_the_runner(page: Path) -> None:
    """A block of shell that is not `console` would rot; README's two are run by CI itself."""
    hidden = [b.line for b in found(page) if b.language in ("sh", "bash", "shell", "python", "")]
    outside = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    assert len(hidden) == (2 if page.name == "README.md" else 0), hidden
    assert not re.findall(r"^ *\$ .*$", outside, re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_named_in_passing_is_there(page: Path) -> None:
    """`gopatch COMMAND --option` within a sentence: no such thing may be made up."""
    top = parser()
    subs = next(a.choices for a in top._actions if isinstance(a.choices, dict))
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    for said in re.findall(r"`gopatch ([^`]+)`", text):
        command, *words = said.split()
        if command == "COMMAND" or command.startswith("--"):
            continue
        assert command in subs, said
        known = {name for action in subs[command]._actions for name in action.option_strings}
        used = {word.partition("=")[0].rstrip(".,") for word in words if word.startswith("-")}
        assert used <= known, said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
        ("a…z\n", "abcz\n", True),
        ("a…z\n", "abc\nz\n", False),
        ("a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("a\n…\n", "a\n", True),
        ("…\nz\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_agrees(expected: str, printed: str, same: bool) -> None:
    assert agrees(expected, printed) is same


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$ echo a\na\n", []),
        ("$ echo a\nb\n", ["prints"]),
        ("$ echo a\n", ["prints"]),
        ("$ false\n", ["exits with 1"]),
        ("$ false\n$ echo $?\n1\n", []),
        ("$ (exit 2)\n$ echo $?\n1\n", ["prints"]),
        ("$ x=1\n$ echo $x\n1\n", []),
        ("$ printf no-newline\nno-newline\n", []),
        ("$ echo out; echo err >&2\nout\nerr\n", []),
        ("$ printf 'a\\n%s\\n' \\\n>   b\na\nb\n", []),
        ("$ exit 3\n$ echo a\na\n", ["never ended", "never ended"]),
    ],
)
def test_the_runner_finds_what_is_wrong(text: str, words: list[str], tmp_path: Path) -> None:
    todo = steps(Block("console", text, 1))
    said = complaints(run(todo, tmp_path, environment(tmp_path / "bin"), 20), todo)
    assert len(said) == len(words)
    assert all(word in line for word, line in zip(words, said, strict=True))


@pytest.mark.parametrize(
    "text", ["```console\nls\n```\n", "<!-- run: never -->\n```console\n```\n"]
)
def test_a_page_that_cannot_be_run_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"starts with|neither"):
        _ = [steps(block) for block in blocks(text)]
