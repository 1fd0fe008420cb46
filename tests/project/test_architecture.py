"""The imports of the package, types included, go down the table of docs/architecture.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "gopatch"
ROW = re.compile(r"^\| `(\w+)/?` \| (.+) \|$", re.M)


def rooms() -> list[str]:
    """The rooms from the top to the ground, as the page names them."""
    return [name for name, _ in ROW.findall((ROOT / "docs/architecture.md").read_text())]


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


@cache
def imports(text: str) -> tuple[tuple[str, str], ...]:
    """Each import of the package itself: the module, and the name that is taken from it or ""."""
    return tuple(_imports(text))


def _imports(text: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            for name in node.names if (node.module or "").split(".")[0] == "gopatch" else ():
                inner = f"{node.module}.{name.name}"
                yield (inner, "") if inner in MODULES else (str(node.module), name.name)
        elif isinstance(node, ast.Import):
            yield from ((a.name, "") for a in node.names if a.name.split(".")[0] == "gopatch")


def room(module: str) -> str:
    return [*module.split("."), ""][1]


def wrong(module: str, text: str) -> list[str]:
    """What is wrong with the imports of a module whose text is `text`."""
    order, here = rooms(), room(module)
    found = []
    for target, name in imports(text):
        there = room(target)
        if there in ("", here):
            if there == "" and name != "__version__":
                found.append(f"takes {name or 'all'} from the public face")
        elif order.index(there) < order.index(here):
            found.append(f"goes up to {target}")
        elif not is_public(target, name):
            found.append(f"takes {target} {name}, which the door of {there} does not show")
    return found


def is_public(module: str, name: str) -> bool:
    parts = module.split(".")
    if len(parts) == 2 and (not name or not (PACKAGE / parts[1]).is_dir()):
        return True  # the door itself, or a room that is one module
    shown = import_module(".".join(parts[:2])).__all__
    return (name if len(parts) == 2 else parts[2]) in shown


def test_every_module_stands_in_a_room() -> None:
    known = {"", "__main__", *rooms()}
    assert {room(module) for module in MODULES} <= known


def test_every_room_is_there() -> None:
    assert {room(module) for module in MODULES} >= set(rooms())


@pytest.mark.parametrize("name", [r for r in rooms() if (PACKAGE / r).is_dir()])
def test_a_door_says_in_one_sentence_what_goes_in_and_what_comes_out(name: str) -> None:
    told = (import_module(f"gopatch.{name}").__doc__ or "").split("\n\n")[0]
    assert " in; " in " ".join(told.split()), told
    assert " out" in " ".join(told.split()), told


def test_imports_go_down_and_through_doors() -> None:
    """In one test: a test for each module costs more than what it looks at."""
    inside = MODULES.keys() - {"gopatch", "gopatch.__main__"}
    assert len(inside) > 300
    found = {module: wrong(module, MODULES[module].read_text()) for module in inside}
    assert {module: said for module, said in found.items() if said} == {}


def test_imports_make_no_circle() -> None:
    graph = {
        module: {target for target, _ in imports(path.read_text())} - {module}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        ("gopatch.go.tree", "from gopatch.engine import match", "goes up to gopatch.engine.match"),
        ("gopatch.splice", "import gopatch.files", "goes up to gopatch.files"),
        (
            "gopatch.port.work",
            "if TYPE_CHECKING:\n    from gopatch.cli.main import main",
            "goes up to gopatch.cli.main",
        ),
        (
            "gopatch.cli.main",
            "def f():\n    from gopatch.verify._go import lookup_cases",
            "takes gopatch.verify._go.lookup_cases , which the door of verify does not show",
        ),
        ("gopatch.story.tell", "from gopatch import load", "takes load from the public face"),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, text: str, said: str) -> None:
    assert wrong(module, text) == [said]


@pytest.mark.parametrize(
    "text",
    ["from gopatch import __version__", "from gopatch.errors import GopatchError", "import re"],
)
def test_a_right_arrow_is_none_of_them(text: str) -> None:
    assert wrong("gopatch.engine.apply", text) == []
