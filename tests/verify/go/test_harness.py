"""The harness takes the shape of the package that it is compiled into."""

from __future__ import annotations

import pytest

from gopatch.verify._go import (
    harness,
)
from tests.conftest import FIXTURES


def package(fixture: str) -> dict[str, str]:
    folder = next(
        path
        for root in ("", "engine", "components/engine")
        for place in ("daemon/pkg/registry", "registry")
        if (path := FIXTURES / fixture / root / place).is_dir()
    )
    return {path.name: path.read_text() for path in folder.glob("*.go")}


@pytest.mark.parametrize(
    ("fixture", "wanted"),
    [
        ("v1.8.3", ["(*ServiceConfig).isSecureIndex", "&V2Only", "opts.NewListOpts(nil)"]),
        ("v1.10.3", [" = isSecureIndex\n", "reference.Named\n", '/reference"\n']),
        ("v1.11.2", [" = isSecureIndex\n"]),
        ("v23.0.18", ["(*serviceConfig).isSecureIndex"]),
        ("docker-v29", ["(*serviceConfig).isSecureIndex"]),
    ],
)
def test_the_harness_takes_the_shape_of_the_package(fixture: str, wanted: list[str]) -> None:
    shape = harness.shape(package(fixture))
    assert all(text in shape for text in wanted)
    assert ("NewListOpts" in shape) == (fixture in ("v1.8.3", "v1.10.3"))
    assert ("gopatchNamed" in shape) == (fixture == "v1.10.3")


@pytest.mark.parametrize(
    "gone", ["NewService", "LookupPullEndpoints", "LookupPushEndpoints", "lookupIP"]
)
def test_a_package_without_a_place_for_the_harness_is_told(gone: str) -> None:
    texts = {name: text.replace(gone, "other") for name, text in package("v24.0.9").items()}
    with pytest.raises(harness.UnfitError, match=gone):
        harness.shape(texts)
