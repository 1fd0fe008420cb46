"""Edits of Go on small sources made for them: which file, which variant, and what is told."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from gopatch.port.outcome import Port
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from gopatch.source.roots import Roots

OLD = b"package p\n\nfunc f() int { return old() }\n"
NEW = OLD.replace(b"old()", b"newer(true, 1)")
OTHER = b"package p\n\nfunc g() {}\n"
VARIANT = "@@\n@@\n-old()\n+newer(true, 1)\n"


LISTS = 'files = ["p.go"]\n'


def ported(
    folder: Path, keys: str, files: dict[str, bytes], lists: str = LISTS, **patches: str
) -> Port:
    """The port of a patch with one edit, whose variants are `call` and whatever else is given."""
    names = ["call", *(name for name in patches if name not in ("call", "fixed"))]
    for name, text in {"call": VARIANT, **patches}.items():
        (folder / f"{name}.patch").write_text(text)
    variants = ", ".join(f'"{name}.patch"' for name in names)
    listed = "" if "variant]]" in keys else f"variants = [{variants}]\n"
    edit = f'[[edit]]\nname = "call"\n{lists}'
    (folder / "patch.toml").write_text(f'title = "t"\n{edit}{listed}{keys}')
    return work_out(load(str(folder)), FilesInMemory(files), roots=Roots("", None))


def after(port: Port) -> dict[str, bytes | None]:
    return {change.path: change.after for change in port.changes}


class Case(NamedTuple):
    keys: str
    files: dict[str, bytes]
    status: str
    changed: dict[str, bytes]


MANY = "matches = 0\n"
TWICE = OLD + b"\nfunc h() { old() }\n"
ANCHOR = 'anchor = "anchor"\n'
DECLARES = b"package p\n\nfunc anchor() {}\n"
CASES = {
    "the file that is named": Case("", {"p.go": OLD, "q.go": OLD}, "applied", {"p.go": NEW}),
    "the file beside it": Case("", {"p.go": OTHER, "q.go": OLD}, "applied", {"q.go": NEW}),
    "no file of the name": Case("", {"q.go": OLD}, "applied", {"q.go": NEW}),
    "a test is none": Case("", {"p.go": OTHER, "p_test.go": OLD}, "failed", {}),
    "nowhere": Case("", {"p.go": OTHER, "q.go": OTHER}, "failed", {}),
    "no file at all": Case("", {"d/q.go": OLD}, "failed", {}),
    "already": Case("", {"p.go": NEW}, "already", {}),
    "already, beside": Case("", {"p.go": OTHER, "q.go": NEW}, "already", {}),
    "two places": Case("", {"p.go": TWICE}, "failed", {}),
    "two places, where any may": Case(
        MANY, {"p.go": TWICE}, "applied", {"p.go": TWICE.replace(b"old()", b"newer(true, 1)")}
    ),
    "some made already": Case(
        MANY, {"p.go": OLD + b"\nfunc h() { newer(true, 1) }\n"}, "applied",
        {"p.go": NEW + b"\nfunc h() { newer(true, 1) }\n"},
    ),
    "one made, one to make": Case("", {"p.go": OLD + b"\nfunc h() { newer(true, 1) }\n"}, "applied", {"p.go": NEW + b"\nfunc h() { newer(true, 1) }\n"}),
    "nothing declares the anchor": Case(ANCHOR, {"p.go": OLD}, "absent", {}),
    "another file declares it": Case(ANCHOR, {"p.go": OLD, "q.go": DECLARES}, "applied", {"p.go": NEW}),
    "what forbids it is there": Case('anchor = "f"\nunless = "g"\n', {"p.go": OLD, "q.go": OTHER}, "absent", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_edit(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    port = ported(tmp_path, case.keys, case.files)
    assert [one.status for one in port.outcomes] == [case.status], port.outcomes
    assert after(port) == case.changed


NEAR = OLD.replace(b"old()", b"old(1)")


@pytest.mark.parametrize(
    ("keys", "files", "place"),
    [
        pytest.param("", {"p.go": NEAR}, "p.go:3:", id="no file beside it"),
        pytest.param("", {"p.go": OTHER, "q.go": NEAR}, "1 files", id="the named file is there"),
        pytest.param(
            ANCHOR, {"p.go": DECLARES, "q.go": NEAR}, "1 files", id="it declares the anchor"
        ),
        pytest.param(
            ANCHOR, {"p.go": OTHER, "q.go": NEAR + DECLARES[10:]}, "q.go:3:", id="another does"
        ),
    ],
)
def test_the_nearest_place_is_where_the_edit_belongs(
    tmp_path: Path, keys: str, files: dict[str, bytes], place: str
) -> None:
    (outcome,) = ported(tmp_path, keys, files).outcomes
    assert outcome.status == "failed"
    assert place in outcome.reason


FOUND = "anchor = 'p.anchor'\n"
ELSEWHERE = b"package q\n\nfunc anchor() int { return old() }\n"


@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param({"a/p.go": OLD + DECLARES[10:]}, "applied", id="its file"),
        pytest.param({"a/p.go": DECLARES, "a/q.go": OLD}, "applied", id="the file beside it"),
        pytest.param({"a/p.go": DECLARES, "b/q.go": ELSEWHERE}, "failed", id="another's function"),
        pytest.param({"b/q.go": ELSEWHERE}, "absent", id="no package of the name"),
        pytest.param({"a/p.go": b"package p\n\nfunc anchor( {\n"}, "failed", id="broken"),
    ],
)
def test_an_edit_without_files_is_made_in_the_package_that_is_named(
    tmp_path: Path, files: dict[str, bytes], status: str
) -> None:
    (outcome,) = ported(tmp_path, FOUND, files, lists="").outcomes
    assert outcome.status == status


def test_the_nearest_place_may_be_beside_what_is_declared(tmp_path: Path) -> None:
    port = ported(tmp_path, FOUND, {"a/p.go": DECLARES, "a/q.go": NEAR}, lists="")
    assert "a/q.go:3:" in port.outcomes[0].reason


def test_places_are_told(tmp_path: Path) -> None:
    port = ported(tmp_path, "", {"p.go": TWICE})
    assert port.outcomes[0].reason == ("call: 2 places match where 1 may: p.go:5:12, p.go:3:23")
    assert "--without call" in port.outcomes[0].hint
    sites = ported(tmp_path, MANY, {"p.go": TWICE}).outcomes[0].sites
    assert sorted(str(site) for site in sites) == ["p.go:3:23", "p.go:5:12"]


@pytest.mark.parametrize(
    ("body", "variant"), [(b"old()", "call"), (b"older()", "second"), (b"x()", None)]
)
def test_the_first_variant_that_fits(tmp_path: Path, body: bytes, variant: str | None) -> None:
    second = "@@\n@@\n-older()\n+newer(true, 1)\n"
    port = ported(tmp_path, "", {"p.go": OLD.replace(b"old()", body)}, second=second)
    assert port.outcomes[0].status == ("applied" if variant else "failed")
    assert port.outcomes[0].variant == variant
    assert after(port) == ({"p.go": NEW} if variant else {})


LOOPS = b"""package p

func one() {
	for range addresses() {
		old()
	}
}

func two() {
	for range others() {
		old()
	}
}
"""


@pytest.mark.parametrize(
    ("guards", "status"),
    [
        pytest.param('["addresses"]', "applied", id="the first"),
        pytest.param('["others"]', "applied", id="the second"),
        pytest.param('["nobody"]', "failed", id="nobody calls it"),
        pytest.param('["third"]', "failed", id="a declaration without a place"),
    ],
)
def test_a_rail_guards_the_loops_it_names(tmp_path: Path, guards: str, status: str) -> None:
    source = LOOPS.replace(b"\t\told()", b"\t\tx()", 1) if "others" in guards else LOOPS
    if "addresses" in guards:
        source = LOOPS.replace(b"others() {\n\t\told()", b"others() {\n\t\tx()")
    source += b"\nfunc three() { third() }\n"
    port = ported(tmp_path, f"guards = {guards}\n{MANY}", {"p.go": source})
    assert [one.status for one in port.outcomes] == [status]
    changed = source.replace(b"old()", b"newer(true, 1)")
    assert after(port) == ({"p.go": changed} if status == "applied" else {})


def test_declarations_on_neighbouring_lines_are_told_apart(tmp_path: Path) -> None:
    source = b"package p\n\nfunc a() { b(1, 2, 3, 4, 5, 6, 7, 8) }\nfunc f() { addresses(); old() }\nfunc z() {}\n"
    port = ported(tmp_path, 'guards = "addresses"\n', {"p.go": source})
    assert after(port) == {"p.go": source.replace(b"old()", b"newer(true, 1)")}


@pytest.mark.parametrize(
    ("there", "status"),
    [
        (None, "applied"),
        (b"package p\n", "already"),
        (b"package other\n", "failed"),
    ],
)
def test_a_variant_may_bring_files(tmp_path: Path, there: bytes | None, status: str) -> None:
    (tmp_path / "new.go").write_bytes(b"package p\n")
    (tmp_path / "place.patch").write_text("@@\n@@\n old()\n")
    keys = '[[edit.variant]]\nname = "v"\npatch = "place.patch"\nadds = "new.go"\n'
    files = {"p.go": OLD} if there is None else {"p.go": OLD, "new.go": there}
    port = ported(tmp_path, keys, files)
    (outcome,) = port.outcomes
    assert outcome.status == status
    assert after(port) == ({"new.go": b"package p\n"} if there is None else {})
    if status != "failed":
        assert [str(site) for site in outcome.sites] == ["new.go:1:1"]


def test_a_variant_without_a_name_is_called_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "place.patch").write_text("@@\n@@\n old()\n")
    port = ported(tmp_path, '[[edit.variant]]\npatch = "place.patch"\n', {"p.go": OLD})
    assert [one.variant for one in port.outcomes] == ["place"]


def test_a_form_that_needs_nothing_tells_its_places(tmp_path: Path) -> None:
    fixed = "@@\n@@\n fixed(...)\n\n@@\n@@\n also()\n"
    body = b"func f() {\n\tfixed(1)\n\talso()\n}\n"
    port = ported(
        tmp_path, 'fixed = ["fixed.patch"]\n', {"p.go": b"package p\n\n" + body}, fixed=fixed
    )
    (outcome,) = port.outcomes
    assert (outcome.status, outcome.variant) == ("already", "fixed")
    assert [str(site) for site in outcome.sites] == ["p.go:4:2", "p.go:5:2"]
    part = b"package p\n\n" + body.replace(b"\talso()\n", b"")
    assert ported(tmp_path, 'fixed = ["fixed.patch"]\n', {"p.go": part}, fixed=fixed).failed


def test_all_changes_of_a_variant_fit_or_none(tmp_path: Path) -> None:
    two = VARIANT + "\n@@\n@@\n-then()\n+next(true, 2)\n"
    both = OLD.replace(b"old()", b"old() + then()")
    port = ported(tmp_path, "", {"p.go": both}, call=two)
    assert after(port) == {"p.go": OLD.replace(b"old()", b"newer(true, 1) + next(true, 2)")}
    port = ported(tmp_path, "", {"p.go": OLD}, call=two)
    assert [one.status for one in port.outcomes] == ["failed"]


def test_what_does_not_parse_is_told_by_the_line_of_the_source(tmp_path: Path) -> None:
    broken = OLD.replace(b"old() }", b"old(); x + ) }")
    (outcome,) = ported(tmp_path, "", {"p.go": broken}).outcomes
    assert outcome.status == "failed"
    assert outcome.reason.startswith("p.go:3:32: ")


def test_what_an_earlier_edit_wrote_may_be_the_context_of_a_later_one(tmp_path: Path) -> None:
    """It makes no change `already`, but a form that changes nothing only asks what stands there."""
    (tmp_path / "later.patch").write_text(
        "@@\n@@\n newer(true, 1)\n\n@@\n@@\n-then()\n+next(true, 2)\n"
    )
    keys = '[[edit]]\nname = "later"\nfiles = ["p.go"]\nvariants = ["later.patch"]\n'
    both = OLD.replace(b"old()", b"old() + then()")
    port = ported(tmp_path, keys, {"p.go": both})
    assert [one.status for one in port.outcomes] == ["applied", "applied"], port.outcomes
    assert after(port) == {"p.go": OLD.replace(b"old()", b"newer(true, 1) + next(true, 2)")}
