"""What lies in the folder of certificates while a port is asked: for each host roots, pairs of keys, half of one, what
is none, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gopatch.evaluate import Library
from gopatch.evaluate.files import CERTIFICATE, KEY
from gopatch.model import CertsFolder

Certs = tuple[tuple[str, tuple[str, ...]], ...]  # hosts, each with the names of its files
ROOT = ("ca.crt",)
PAIR = ("client.cert", "client.key")
WHOLE = (*PAIR, *ROOT)
CERTIFICATE_ALONE, KEY_ALONE = PAIR[:1], PAIR[1:]
NONE = "none.crt"  # a root by its name, and no certificate
# Two of each, and what Docker passes over or looks at although it may not seem to.
FULL = (*WHOLE, "other.cert", "other.key", "more.crt", ".old.crt", NONE, "site.pem")
_CLOSED = "!"  # ends the name of what cannot be read; alone it is the folder
FOLDER_CLOSED, ROOT_CLOSED = (_CLOSED,), (f"ca.crt{_CLOSED}",)


def at(names: Sequence[str], *hosts: str) -> Certs:
    """The same files for some hosts, each with certificates of its own in them."""
    return tuple((host, tuple(names)) for host in hosts)


def told_files(certs: Certs) -> str:
    """The files that are there, a folder after the other, as a shell would take them; "" where there are none."""
    return " and ".join(f"certs.d/{host}/{_told(names)}" for host, names in certs)


def _told(names: Sequence[str]) -> str:
    closed = any(name.endswith(_CLOSED) for name in names)
    bare = [name.removesuffix(_CLOSED) for name in names]
    return _braced(bare) + (", which cannot be read" if closed else "")


def _braced(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{{{','.join(names)}}}"


# Files for a registry that is asked: as they should be, and such as are refused.
_HOST, _PORTED = "reg.test", "reg.test:5000"
HELD = (
    (_HOST, at(ROOT, _HOST)),
    (_PORTED, at(PAIR, _PORTED)),
    (_PORTED, at(FULL, _HOST, _PORTED)),
)
BROKEN = (
    (_HOST, at(CERTIFICATE_ALONE, _HOST)),
    (_PORTED, at(KEY_ALONE, _PORTED)),
    (_HOST, at(FOLDER_CLOSED, _HOST)),
    (_HOST, at(ROOT_CLOSED, _HOST)),
)


@contextmanager
def lying(library: Library, certs: Certs, folder: str) -> Iterator[None]:
    """These files are in the world of a library, below `folder`, and no others, while the context lasts.

    What texts are compared with meanwhile are names of files, and no questions of hosts.
    """
    if not certs:
        yield
        return
    there = laid(certs)
    before = frozenset(library.compared)
    library.world.files = {f"{folder}/{path}": text for path, text in there.files.items()}
    library.world.closed = frozenset(f"{folder}/{path}" for path in there.closed)
    try:
        yield
    finally:
        library.world.files, library.world.closed = {}, frozenset()
        library.compared &= before


def laid(certs: Certs) -> CertsFolder:
    """The files with their texts, as the model takes them."""
    return CertsFolder(dict(_files(certs)), frozenset(_closed(certs)))


def _files(certs: Certs) -> Iterator[tuple[str, str]]:
    for host, names in certs:
        for name in (each.removesuffix(_CLOSED) for each in names if each != _CLOSED):
            stem = name.rpartition(".")[0]
            begin = KEY if name.endswith(".key") else "" if name == NONE else CERTIFICATE
            yield f"{host}/{name}", f"{begin}{host}/{stem}"


def _closed(certs: Certs) -> Iterator[str]:
    for host, names in certs:
        for name in (each.removesuffix(_CLOSED) for each in names if each.endswith(_CLOSED)):
            yield f"{host}/{name}".rstrip("/")
