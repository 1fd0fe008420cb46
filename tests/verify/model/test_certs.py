"""What lies in the folder of certificates while a registry is asked: what the originals make of it, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gopatch.evaluate import Library
from gopatch.model import Options, Traits, read_traits
from gopatch.source.directory import Directory
from gopatch.verify._model.certs import (
    CERTIFICATE_ALONE,
    FOLDER_CLOSED,
    KEY_ALONE,
    PAIR,
    ROOT,
    ROOT_CLOSED,
    WHOLE,
    Certs,
    at,
    lying,
    told_files,
)
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.driven_roads import ROADS, DrivenRoad, RoadSetting
from gopatch.verify._model.pings import _ping, pinged
from gopatch.verify._model.questions import ask
from gopatch.verify._model.service import EvaluatedRegistry, registry_files
from tests.conftest import FIXTURES

HOST = "reg.test"
LAYOUTS = (
    "v1.8.2", "v1.8.3", "v1.10.3", "v1.12.6", "v1.13.1", "v18.09.9", "v20.10.27", "v24.0.9", "v28.5.2", "docker-v29",
)  # fmt: skip
PINGED = ("v1.3.1", "v1.4.1", "v1.5.0", "v1.7.1")
FOLDER = "/srv/certs.d"
PLAIN, LISTED = Options(), Options(insecure_registries=(HOST,))


def _traits(folder: Path) -> Traits:
    def read(path: str) -> bytes | None:
        full = folder / path
        return full.read_bytes() if full.is_file() else None

    return read_traits(read, lookups=True)


@cache
def _registry(layout: str) -> EvaluatedRegistry:
    folder = FIXTURES / layout
    return EvaluatedRegistry(registry_files(Directory(folder), ""), _traits(folder))


def _found(layout: str, certs: Certs, options: Options = PLAIN) -> tuple[object, ...] | None:
    registry = _registry(layout)
    found = registry.lookup(registry.start(options), "pull", HOST, certs)
    return None if found.endpoints is None else found.raw


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_original_takes_what_lies_there(layout: str) -> None:
    held = [_found(layout, at(names, HOST)) for names in ((), ROOT, PAIR, WHOLE)]
    assert None not in held
    assert len(set(held)) == 4
    assert _found(layout, at(ROOT, HOST)) == held[1]


@pytest.mark.parametrize("certs", [(), at(WHOLE, "other.test"), at(WHOLE, "reg.test:5000")])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_and_nothing_else(layout: str, certs: Certs) -> None:
    assert _found(layout, certs) == _found(layout, ()) is not None


@pytest.mark.parametrize("names", [CERTIFICATE_ALONE, KEY_ALONE])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_half_of_a_pair_is_refused(layout: str, names: tuple[str, ...]) -> None:
    assert _found(layout, at(names, HOST)) is None


@pytest.mark.parametrize("names", [ROOT, WHOLE, CERTIFICATE_ALONE])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_listed_registry_has_none(layout: str, names: tuple[str, ...]) -> None:
    assert _found(layout, at(names, HOST), LISTED) == _found(layout, (), LISTED) is not None


def _asked(road: DrivenRoad, daemon: EvaluatedDaemon, names: tuple[str, ...]) -> RoadResult:
    certs = at(names, HOST) if names else ()
    return road.go(daemon, RoadSetting(HOST, Options(), "200", certs=certs))


@pytest.mark.parametrize("layout", PINGED)
def test_a_ping_takes_what_lies_there_and_refuses_halves(layout: str) -> None:
    daemon = EvaluatedDaemon(Directory(FIXTURES / layout), "", Traits(by_repository=True))
    pinged(daemon)
    road = DrivenRoad("ping", _ping)
    held = [_asked(road, daemon, names) for names in ((), ROOT, PAIR, WHOLE)]
    assert all(result.fine for result in held)
    assert len({result.trace for result in held}) == 4
    halves = [_asked(road, daemon, names) for names in (CERTIFICATE_ALONE, KEY_ALONE)]
    assert [(result.trace, result.fine) for result in halves] == [((), False)] * 2


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.name)
def test_a_road_takes_what_lies_there_and_refuses_halves(road: DrivenRoad) -> None:
    folder = FIXTURES / "v20.10.27"
    daemon = EvaluatedDaemon(Directory(folder), "", _traits(folder))
    held = [_asked(road, daemon, names) for names in ((), ROOT, PAIR, WHOLE)]
    assert len({result.trace for result in held}) == 4
    broken = _asked(road, daemon, CERTIFICATE_ALONE)
    assert (broken.trace, broken.fine, broken.crash) == ((), False, "")


TOLD = {
    "nothing": ((), ""),
    "one": (at(ROOT, HOST), "certs.d/reg.test/ca.crt"),
    "several": (at(PAIR, HOST), "certs.d/reg.test/{client.cert,client.key}"),
    "two": (at(ROOT, HOST, "a:5"), "certs.d/reg.test/ca.crt and certs.d/a:5/ca.crt"),
    "a closed folder": (at(FOLDER_CLOSED, HOST), "certs.d/reg.test/, which cannot be read"),
    "a closed file": (at(ROOT_CLOSED, HOST), "certs.d/reg.test/ca.crt, which cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("certs", "said"), TOLD.values(), ids=TOLD)
def test_files_are_told(certs: Certs, said: str) -> None:
    assert told_files(certs) == said


@pytest.mark.parametrize(
    ("certs", "files", "closed"),
    [
        (at(FOLDER_CLOSED, HOST), [], {"/srv/certs.d/reg.test"}),
        (at(ROOT_CLOSED, HOST), ["ca.crt"], {"/srv/certs.d/reg.test/ca.crt"}),
        (at(ROOT, HOST), ["ca.crt"], set()),
    ],
)
def test_what_cannot_be_read_lies_there(certs: Certs, files: list[str], closed: set[str]) -> None:
    library = Library()
    with lying(library, certs, FOLDER):
        assert [path.rpartition("/")[2] for path in library.world.files] == files
        assert library.world.closed == closed
    assert (library.world.files, library.world.closed) == ({}, frozenset())


@pytest.mark.parametrize("certs", [at(FOLDER_CLOSED, HOST), at(ROOT_CLOSED, HOST)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_cannot_be_read_is_refused(layout: str, certs: Certs) -> None:
    assert _found(layout, certs) is None


def test_what_a_file_is_called_is_no_question_of_a_host() -> None:
    library = Library()
    library.compared.add(("=", "asked"))
    with lying(library, at(ROOT, HOST), FOLDER):
        assert library.member("strings", "HasSuffix")("ca.crt", ".crt")
        assert list(library.world.files) == ["/srv/certs.d/reg.test/ca.crt"]
    assert (library.compared, library.world.files) == ({("=", "asked")}, {})
    with lying(library, (), FOLDER):
        assert library.member("strings", "HasSuffix")("reg.test", ".test")
    assert ("suffix", ".test") in library.compared


# What the model alone says of an original that takes certs.d another way: no port of it can be judged.
SPOILT = {
    "no roots": ("tlsConfig.RootCAs.AppendCertsFromPEM(pem)", ""),
    "no keys": ("tlsConfig.Certificates = append(tlsConfig.Certificates, pair)", ""),
    "half a pair passes": ('return fmt.Errorf("%s lacks its certificate", path)', ""),
    "an old version": ("tlsConfig.InsecureSkipVerify = !isSecure", "tlsConfig.InsecureSkipVerify = !isSecure\n\ttlsConfig.MinVersion = tls.VersionTLS10"),
    "a name": ("tlsConfig.InsecureSkipVerify = !isSecure", "tlsConfig.InsecureSkipVerify = !isSecure\n\ttlsConfig.ServerName = hostname"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SPOILT.values(), ids=SPOILT)
def test_an_original_that_is_otherwise_is_not_as_the_model_says(old: str, new: str) -> None:
    registry = _registry("v20.10.27")
    assert any(old.encode() in data for _, data in registry.files)
    files = tuple((path, data.replace(old.encode(), new.encode())) for path, data in registry.files)
    assert not ask(registry).misses
    assert ask(EvaluatedRegistry(files, registry.traits)).misses


def test_certificates_are_looked_for_where_the_source_keeps_them() -> None:
    folder = FIXTURES / "v20.10.27"
    files = tuple(
        (path, data.replace(b"/etc/docker/certs.d", b"/etc/other/certs.d"))
        for path, data in registry_files(Directory(folder), "")
    )
    traits = _traits(folder)
    assert ask(EvaluatedRegistry(files, traits)).misses
    assert not ask(
        EvaluatedRegistry(files, replace(traits, certs_folder="/etc/other/certs.d"))
    ).misses


@pytest.mark.parametrize(
    ("layout", "kept"),
    [("v1.12.6", False), ("v1.13.1", True), ("v28.5.2", True), ("docker-v29", True)],
)
def test_the_roots_of_the_system(layout: str, kept: bool) -> None:
    registry = _registry(layout)
    assert registry.traits.system_roots is kept
    otherwise = replace(registry.traits, system_roots=not kept)
    assert not ask(registry).misses
    assert ask(EvaluatedRegistry(registry.files, otherwise)).misses
