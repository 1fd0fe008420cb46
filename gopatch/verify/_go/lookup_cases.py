"""Cases for the harness: what the daemon is told, which host is asked for, how names resolve.

A case as text, for `--case` and in reports, is JSON with daemon.json's own keys:
{"host": "a:5000", "insecure-registries": ["10.0.0.0/8"], "accept-insecure-registry": true,
"resolve": {"a": ["10.1.2.3"]}}; a key that is missing is empty or false.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from gopatch.errors import UsageError
from gopatch.model import Options, Traits

COUNT = 5000
SEED = 1

DRAWN = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
NAMES: dict[str, tuple[str, ...]] = {name: tuple(found) for name, found in DRAWN["names"].items()}
HOSTS: tuple[str, ...] = (*NAMES, *(f"{name}:5000" for name in NAMES), *DRAWN["hosts"])
_SOUND = tuple((tuple(mirrors), tuple(listed)) for mirrors, listed in DRAWN["sound"])
_ALPHABET = "ab.:[]-%1"


@dataclass(frozen=True)
class LookupCase:
    """One question to the registry package. `resolve` are the names that resolve, with what."""

    host: str
    options: Options = field(default_factory=Options)
    resolve: tuple[tuple[str, tuple[str, ...]], ...] = tuple(NAMES.items())

    def __str__(self) -> str:
        table: dict[str, Any] = {"host": self.host}
        if self.options.mirrors:
            table["registry-mirrors"] = list(self.options.mirrors)
        if self.options.insecure_registries:
            table["insecure-registries"] = list(self.options.insecure_registries)
        if self.options.accept_insecure_registry:
            table["accept-insecure-registry"] = True
        if self.options.disable_legacy_registry:
            table["disable-legacy-registry"] = True
        if self.resolve:
            table["resolve"] = {name: list(found) for name, found in self.resolve}
        return json.dumps(table)

    def question(self, traits: Traits) -> dict[str, Any]:
        """The case as the harness reads it."""
        return {
            "mirrors": list(self.options.mirrors),
            "insecure": list(self.options.insecure_registries),
            "accept": self.options.accept_insecure_registry,
            "v2only": bool(self.options.disable_legacy_registry),
            "host": self.host,
            "lookup": f"{self.host}/app" if traits.by_repository else self.host,
            "names": {name: list(found) for name, found in self.resolve},
        }


def make(count: int, seed: int, traits: Traits) -> list[LookupCase]:
    """All hosts under all sound configurations, with the option off and on; then random cases.

    At least `count` of them, the same for the same seed. The first protocol, where it can be,
    is switched off in half of them: v1.8.0 to v1.8.2 have no switch for it.
    """
    switches = (False, True) if traits.v1 and not traits.both_at_once else (False,)
    grid = [
        LookupCase(host, Options(mirrors, listed, accept, v2_only))
        for (mirrors, listed), host, accept, v2_only in product(
            _SOUND, HOSTS, (False, True), switches
        )
    ]
    dice = random.Random(seed)
    return grid + [_random(dice, switches) for _ in range(max(0, count - len(grid)))]


def _random(dice: random.Random, switches: Sequence[bool]) -> LookupCase:
    options = Options(
        mirrors=_some(dice, DRAWN["mirrors"], DRAWN["mirrors_badly"], (0, 0, 1, 2)),
        insecure_registries=_some(dice, DRAWN["listed"], DRAWN["listed_badly"], (0, 1, 1, 2, 3, 5)),
        accept_insecure_registry=dice.random() < 0.5,
        disable_legacy_registry=dice.choice(switches),
    )
    host = dice.choice(HOSTS)
    if dice.random() < 0.25:
        host = "".join(dice.choice(_ALPHABET) for _ in range(dice.randint(1, 8)))
    names = tuple((name, _addresses(dice, found)) for name, found in NAMES.items())
    return LookupCase(host, options, tuple(item for item in names if dice.random() < 0.8))


def _some(
    dice: random.Random, well: Sequence[str], badly: Sequence[str], counts: Sequence[int]
) -> tuple[str, ...]:
    """Some values, most of them well formed."""
    return tuple(
        dice.choice(badly if dice.random() < 0.08 else well) for _ in range(dice.choice(counts))
    )


def _addresses(dice: random.Random, found: tuple[str, ...]) -> tuple[str, ...]:
    other = dice.choice(list(NAMES.values()))
    return dice.choice((found, found, other, found + other))


def read(text: str) -> LookupCase:
    """A case from its text, or from a file that holds it. Raises UsageError."""
    given = text
    if not text.lstrip().startswith("{"):
        try:
            given = Path(text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--case {text}: {error}", hint="give JSON, or a file of it") from None
    try:
        table = json.loads(given)
        return _read(table)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise UsageError(
            f"--case is no case: {error!r}", hint=f"for example: {LookupCase('a:5000', resolve=())}"
        ) from None


def _read(table: dict[str, Any]) -> LookupCase:
    known = {
        "host", "registry-mirrors", "insecure-registries", "accept-insecure-registry",
        "disable-legacy-registry", "resolve",
    }  # fmt: skip
    if unknown := sorted(table.keys() - known):
        raise ValueError(f"unknown key {unknown[0]}")
    switches = [
        table.get(f"{name}-registry", False) for name in ("accept-insecure", "disable-legacy")
    ]
    if not all(isinstance(switch, bool) for switch in switches):
        raise ValueError("a switch is true or false")
    options = Options(
        mirrors=_strings(table.get("registry-mirrors", [])),
        insecure_registries=_strings(table.get("insecure-registries", [])),
        accept_insecure_registry=switches[0],
        disable_legacy_registry=switches[1],
    )
    resolve = {name: _strings(found) for name, found in table.get("resolve", {}).items()}
    (host,) = _strings([table["host"]])
    return LookupCase(host, options, tuple(resolve.items()))


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{value!r} is no list of strings")
    return tuple(value)
