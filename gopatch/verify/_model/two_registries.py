"""The clients of two registries that one daemon is given, one after the other: what is learnt of the one says nothing
of the other."""

from __future__ import annotations

from typing import Any

from gopatch.evaluate import UnsupportedError
from gopatch.verify._model.certs import WHOLE, at, lying
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.driven_roads import HOSTS, OFF, ON
from gopatch.verify._model.points import Point

_FIRST, _SECOND = HOSTS[0], "other.test"
# Whom is asked, how it answers over HTTPS, and by which schemes it must be asked.
_STORIES = (
    (
        (_FIRST, "bad certificate", ["https"]),
        (_SECOND, "refused", ["https", "http"]),
        (_FIRST, "refused", ["https"]),
    ),
    (
        (_SECOND, "refused", ["https", "http"]),
        (_FIRST, "refused", ["https", "http"]),
        (_SECOND, "refused", ["http"]),
    ),
)
_CERTS = at(WHOLE, _FIRST, _SECOND)


def judge_two(point: Point, stock: EvaluatedDaemon, port: EvaluatedDaemon) -> None:
    for steps in _STORIES:
        entries = _entries(port, accept=True)
        for number, (host, https, want) in enumerate(steps, 1):
            sent = _sent(port, entries[host], host, https)
            way = [each.url.partition(":")[0] for each in sent]
            there = all(f"://{host}/" in each.url for each in sent)
            said = f"{point.name}: {_FIRST} and {_SECOND}, step {number} ({host}, {https})"
            told = ", ".join(each.url for each in sent) or "nothing"
            point.expect(
                way == want and there, f"{said}: asks {told}, not {' and then '.join(want)}"
            )
    try:
        wanted = _settings(stock, accept=False)
    except UnsupportedError:
        return  # which cannot be run here where there are certificates
    found = _settings(port, accept=True)
    said = f"{point.name}: {_FIRST} and {_SECOND}, each with certificates: other TLS settings"
    point.expect(found == wanted, f"{said} than without the option")


def _entries(daemon: EvaluatedDaemon, *, accept: bool) -> dict[str, Any]:
    """The own host of each, by what one daemon gives."""
    daemon.world.reset({})
    options = ON if accept else OFF
    give = daemon.giver(daemon.registry.start(options), _FIRST, options)
    hosts = [entry for host in (_FIRST, _SECOND) for entry in give(host)[0]]
    return {entry.fields["Host"]: entry for entry in hosts}


def _sent(daemon: EvaluatedDaemon, entry: Any, host: str, https: str) -> list[Any]:
    daemon.world.reset({("https", host): https, ("http", host): "200"})
    daemon.send(entry.fields["Client"], f"https://{host}/v2/")
    return list(daemon.world.trace)


def _settings(daemon: EvaluatedDaemon, *, accept: bool) -> list[Any]:
    """The TLS settings with which each is asked."""
    with lying(daemon.program.library, _CERTS, daemon.traits.certs_folder):
        entries = _entries(daemon, accept=accept)
        return [
            sent.tls
            for host in (_FIRST, _SECOND)
            for sent in _sent(daemon, entries[host], host, "200")
        ]
