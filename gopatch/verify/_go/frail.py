"""What docker info asks of a daemon that has no more than its service and its configuration.

A method that SystemInfo calls may want a store of images or of events; one that crashes for want of it gives
nothing here, in the original and in the port, so that what SystemInfo itself says is seen. What the port has
written is as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gopatch.errors import SourceError
from gopatch.source.roots import join
from gopatch.verify._go.go_packages import GoPackage
from gopatch.verify._go.two_sides import GoWork, JudgedSide

_FILE = "gopatch_frail.go"
_KINDS = ("daemon", "images", "events")
_RECOVERS = "package {}\n\nfunc gopatchFrail() {{ _ = recover() }}\n"
_METHOD = re.compile(r"^(func \(\w+ \*?\w+\) (\w+)\(.*\{)((?:gopatchRan\(\d+\);)?)$", re.MULTILINE)


def frail(work: GoWork, side: JudgedSide, found: Mapping[str, GoPackage]) -> dict[str, bytes]:
    """Files of a side in which the methods that docker info calls give nothing where they would crash."""
    info = _function("SystemInfo", found["daemon"].text) if "daemon" in found else ""
    called = set(re.findall(r"\.(\w+)\(", info))
    files: dict[str, bytes] = {}
    for package in (found[kind] for kind in _KINDS if kind in found and called):
        for path in package.files:
            if text := _changed(work, side, path, called):
                files[path] = text.encode()
                name = work.package_of(package.folder)
                files[f"{package.folder}/{_FILE}"] = _RECOVERS.format(name).encode()
    return files


def _changed(work: GoWork, side: JudgedSide, path: str, called: set[str]) -> str:
    """A file with its frail methods, "" where it has none; one that the port has written is none of them."""
    stock, judged, run = (_text(work, files, path) for files in ({}, side.files, side.runs))
    alike = {name for name in called if _function(name, stock) == _function(name, judged)}

    def made(found: re.Match[str]) -> str:
        return f"{found[1]} defer gopatchFrail(); {found[3]}" if found[2] in alike else found[0]

    changed = _METHOD.sub(made, run)
    return changed if changed != run else ""


def _function(name: str, text: str) -> str:
    """The text of a function or method, "" where there is none."""
    found = re.search(rf"^func (?:\([^)]*\) )?{name}\(.*?^}}", text, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _text(work: GoWork, files: Mapping[str, bytes | None], path: str) -> str:
    data = files[path] if path in files else _read(work, path)
    return (data or b"").decode("utf-8", "replace")


def _read(work: GoWork, path: str) -> bytes | None:
    try:
        return work.source.read(join(work.space.prefix, path))
    except SourceError:
        return None
