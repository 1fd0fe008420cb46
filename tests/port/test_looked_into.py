"""Functions of a package that are given addresses: in whatever files they stand, they only look on, or a rail is missed."""

from __future__ import annotations

import pytest

from gopatch.recipe.values import Patch
from tests.port.test_whole import OWN, SAFE, Files, ported, written

SIFTED = (
    "package registry\n\nfunc (s *Sifted) Lookup(n string) []E {\n\treturn allowed(Lookup(n))\n}\n"
)
ALLOWED = "package registry\n\nfunc allowed(all []E) (left []E) {\n\tfor _, e := range all {\n\t\tif answers(e.URL) {\n\t\t\tleft = append(left, e)\n\t\t}\n\t}\n\treturn left\n}\n"
ANSWERS = "package registry\n\nfunc answers(u *url.URL) bool { return u.Host != blocked }\n"
TOLD = SAFE.replace("\t\tif Skips", "\t\ttell(e)\n\t\tif Skips")
TELL = "package own\n\nfunc tell(e E) { log.Print(e.URL) }\n"
WRAPPER, SIFT, ASKER, TELLER = (
    "registry/wrap.go",
    "registry/sift.go",
    "registry/ask.go",
    "own/tell.go",
)


@pytest.fixture(scope="module")
def patch(tmp_path_factory: pytest.TempPathFactory) -> Patch:
    return written(tmp_path_factory.mktemp("looked_into"))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({WRAPPER: SIFTED, SIFT: ALLOWED, ASKER: ANSWERS}, id="sifted"),
        pytest.param({OWN: TOLD, TELLER: TELL}, id="told"),
    ],
)
def test_what_only_looks_on_needs_no_rail(patch: Patch, more: Files) -> None:
    ported(patch, more).demand()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        pytest.param(
            {WRAPPER: SIFTED, SIFT: ALLOWED, ASKER: ANSWERS.replace("u.Host != blocked", "get(u)")},
            f"{WRAPPER}:4:17: `Lookup`",
            id="what-sifts-asks",
        ),
        pytest.param(
            {WRAPPER: SIFTED, "other/sift.go": ALLOWED, ASKER: ANSWERS},
            f"{WRAPPER}:4:17: `Lookup`",
            id="what-sifts-is-another-packages",
        ),
        pytest.param(
            {WRAPPER: SIFTED, SIFT: ALLOWED, "registry/ask_test.go": ANSWERS},
            f"{WRAPPER}:4:17: `Lookup`",
            id="what-sifts-is-a-tests",
        ),
        pytest.param(
            {OWN: TOLD, TELLER: TELL.replace("log.Print", "get")},
            f"{OWN}:4:20: `Sync`",
            id="what-is-told-asks",
        ),
    ],
)
def test_what_does_more_is_refused(patch: Patch, more: Files, place: str) -> None:
    port = ported(patch, more)
    assert [outcome.edit for outcome in port.failed] == ["open"]
    assert place in port.failed[0].reason
    assert port.changes == ()
