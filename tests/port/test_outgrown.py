"""What no longer fits a function, struct or interface that an edit makes grow is refused; what does fit is not."""

from __future__ import annotations

import pytest

from tests.port.test_clashes import MINE, with_file

METHODS = ("Auth", "LookupPullEndpoints", "LookupPushEndpoints", "Search", "ServiceConfig", "TLSConfig", "LoadAllowNondistributableArtifacts", "LoadMirrors", "LoadInsecureRegistries")  # fmt: skip


def fake(*but: str) -> str:
    """A type with the methods of the registry service, but for some."""
    methods = (f"func (fake) {name}() {{}}" for name in METHODS if name not in but)
    return "\n\n".join(["type fake int", *methods])


ONE = "\n\nfunc (fake) AcceptsInsecureRegistry() {}"
NEW = f"{ONE}\n\nfunc (fake) SetAcceptInsecureRegistry() {{}}"


@pytest.mark.parametrize(
    ("text", "edit", "place"),
    [
        pytest.param("var make = NewV1Endpoint", "search", "3:12: `NewV1Endpoint`", id="a-function-as-a-value"),
        pytest.param("var e = APIEndpoint{u, 2}", "store", "3:9: `APIEndpoint`", id="values-without-keys"),
        pytest.param("var e = APIEndpoint /* u, v */ {u, 2}", "store", "3:9: `APIEndpoint`", id="values-behind-a-comment"),
        pytest.param("var o = &ServiceOptions{nil, nil}", "option", "3:10: `ServiceOptions`", id="values-by-reference"),
        pytest.param(fake(), "ask", "5:1: `fake` has the methods of `Service`", id="another-type-of-an-interface"),
    ],
)  # fmt: skip
def test_what_no_longer_fits_is_refused(text: str, edit: str, place: str) -> None:
    (failed,) = with_file(MINE, text).failed
    assert failed.edit == edit
    assert f"{MINE}:{place}" in failed.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("func mine() { NewV1Endpoint(a, b, c) }", id="a-call"),
        pytest.param("var e = APIEndpoint{}", id="no-values"),
        pytest.param("var e = APIEndpoint{URL: u}", id="values-with-keys"),
        pytest.param("var e = []APIEndpoint{u, v}", id="a-list"),
        pytest.param("var e = other.APIEndpoint{u, 2}", id="another-package's"),
        pytest.param(fake("LoadMirrors"), id="no-type-of-the-interface"),
        pytest.param(fake("LoadMirrors") + ONE, id="no-type-of-the-interface-with-what-comes"),
        pytest.param(fake() + NEW, id="a-type-that-has-it"),
    ],
)  # fmt: skip
def test_what_fits_is_made(text: str) -> None:
    with_file(MINE, text).demand()


def test_a_type_of_another_package_s_tests_is_looked_at() -> None:
    """Whoever asks for addresses may have a service of its own for its tests."""
    path = "daemon/images/mine_test.go"
    (failed,) = with_file(path, fake()).failed
    assert (failed.edit, f"{path}:5:1: `fake` has the methods" in failed.reason) == ("ask", True)
    with_file(path, fake("LoadMirrors")).demand()
    with_file("opts/mine_test.go", fake("LoadMirrors")).demand()
