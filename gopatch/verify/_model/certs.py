"""What lies in the folder of certificates while a port is asked: for each host roots, pairs of keys, or half of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gopatch.evaluate import Library
from gopatch.evaluate.files import CERTIFICATE, KEY

FOLDER = "/etc/docker/certs.d"
Certs = tuple[tuple[str, tuple[str, ...]], ...]  # hosts, each with the names of its files
ROOT = ("ca.crt",)
PAIR = ("client.cert", "client.key")
WHOLE = (*PAIR, *ROOT)
CERTIFICATE_ALONE, KEY_ALONE = PAIR[:1], PAIR[1:]


def at(names: Sequence[str], *hosts: str) -> Certs:
    """The same files for some hosts, each with certificates of its own in them."""
    return tuple((host, tuple(names)) for host in hosts)


def told_files(certs: Certs) -> str:
    """The files that are there, a folder after the other, as a shell would take them; "" where there are none."""
    return " and ".join(f"{FOLDER}/{host}/{_braced(names)}" for host, names in certs)


def _braced(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{{{','.join(names)}}}"


# Files for a registry that is asked: as they should be, and such as are refused.
_HOST, _PORTED = "reg.test", "reg.test:5000"
HELD = (
    (_HOST, at(ROOT, _HOST)),
    (_PORTED, at(PAIR, _PORTED)),
    (_PORTED, at(WHOLE, _HOST, _PORTED)),
)
BROKEN = (_HOST, at(CERTIFICATE_ALONE, _HOST)), (_PORTED, at(KEY_ALONE, _PORTED))


@contextmanager
def lying(library: Library, certs: Certs) -> Iterator[None]:
    """These files are in the world of a library, and no others, while the context lasts.

    What texts are compared with meanwhile are names of files, and no questions of hosts.
    """
    if not certs:
        yield
        return
    before, library.world.files = frozenset(library.compared), dict(_files(certs))
    try:
        yield
    finally:
        library.world.files = {}
        library.compared &= before


def _files(certs: Certs) -> Iterator[tuple[str, str]]:
    for host, names in certs:
        for name in names:
            stem = name.rpartition(".")[0]
            begin = KEY if name.endswith(".key") else CERTIFICATE
            yield f"{FOLDER}/{host}/{name}", f"{begin}{host}/{stem}"
