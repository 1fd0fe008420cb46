"""The clients of BuildKit, of the image store and of plugins, where files lie in the folder of certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.certs import BROKEN, HELD, Certs, told_files
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.driven_roads import HOSTS, OFF, ON
from gopatch.verify._model.driving import TAKEN
from gopatch.verify._model.points import Point

Ask = Callable[[EvaluatedDaemon, str, Options, str, Certs], RoadResult]
_LISTED = Options(insecure_registries=HOSTS[:1])


def judge_certified(point: Point, stock: EvaluatedDaemon, port: EvaluatedDaemon, ask: Ask) -> None:
    """They have the TLS settings of the original's; where that gives none, for it refuses, nor does the port.

    `ask` asks a host over HTTPS, which answers in some way, and then as a daemon does. An original that cannot be
    run here where there are certificates is not compared with.
    """
    try:
        for host, certs in (*HELD, *BROKEN):
            ask(stock, host, OFF, TAKEN[0], certs)
    except UnsupportedError:
        return
    for host, certs in (*HELD, *BROKEN):
        for name in TAKEN:
            wanted = ask(stock, host, OFF, name, certs)
            found = ask(port, host, ON, name, certs)
            when = f"{point.name}: {host}, {name}, with {told_files(certs)}"
            right = _tls(found) == _tls(wanted) and bool(found.trace) == bool(wanted.trace)
            point.expect(right, f"{when}: other TLS settings than without the option")
            without = ask(port, host, ON, name, ())
            refused = not wanted.trace
            alike = refused or [s.url for s in found.plain] == [s.url for s in without.plain]
            point.expect(alike, f"{when}: plain HTTP is not asked as where there are no files")
            for options in (OFF, _LISTED):
                wanted = ask(stock, host, options, name, certs)
                found = ask(port, host, options, name, certs)
                right = (found.trace, found.fine) == (wanted.trace, wanted.fine)
                point.expect(right, f"{when}: with the option off, not as in the original")


def _tls(result: RoadResult) -> set[Any]:
    """The settings of all that was asked over HTTPS."""
    return {sent.tls for sent in result.trace if sent.url.startswith("https:")}
