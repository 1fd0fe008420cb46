"""Cases for the search by `--fuzz`: without an end, the option off, the same for the same seed and words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.model import Options, Traits
from gopatch.verify._go.lookup_cases import DRAWN, HOSTS, NAMES, LookupCase

BATCH = 2000
_PORTS = (0, 1, 80, 443, 5000, 5001, 8080, 8443, 65535, 65536)
_SIGNS = "abzAZ09.:-_[]%/@ é"


class Words(NamedTuple):
    """What a port names: texts without blanks, numbers, and variables of the environment."""

    texts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()


def batches(seed: int, words: Words, traits: Traits) -> Iterator[list[LookupCase]]:
    """Batch after batch of cases."""
    maker = _Maker(random.Random(f"fuzz {seed}"), words)
    switches = (False, True) if traits.v1 else (False,)
    while True:
        yield [maker.case(maker.dice.choice(switches)) for _ in range(BATCH)]


class _Maker:
    """Draws the parts of a case."""

    def __init__(self, dice: random.Random, words: Words) -> None:
        self.dice, self.words = dice, words

    def case(self, v2_only: bool) -> LookupCase:
        host = self.host()
        options = Options(
            mirrors=tuple(self.mirror() for _ in range(self.count())),
            insecure_registries=tuple(self.listed(host) for _ in range(self.count())),
            disable_legacy_registry=v2_only,
        )
        names = {name: found for name, found in NAMES.items() if self.dice.random() < 0.7}
        bare = host.rpartition(":")[0] or host
        if self.dice.random() < 0.5:
            names[bare] = self.addresses()
        return LookupCase(host, options, tuple(names.items()))

    def count(self) -> int:
        """How many of a list: few, and now and then what the port counts to."""
        near = [n + by for n in self.words.numbers if n <= 12 for by in (-1, 0, 1)]
        if near and self.dice.random() < 0.2:
            return max(0, self.dice.choice(near))
        return self.dice.choice((0, 0, 0, 1, 1, 2, 3, 4, 6))

    def host(self) -> str:
        found = self.name()
        for _ in range(self.dice.choice((0, 0, 1, 1, 2))):
            found = self.dice.choice((self.ported, self.turned, self.grown, self.cut))(found)
        return found

    def name(self) -> str:
        texts = self.words.texts
        if texts and self.dice.random() < 0.4:
            text = self.dice.choice(texts).removeprefix("http://").removeprefix("https://")
            more = "".join(self.dice.choices("abx1", k=self.dice.randint(1, 4)))
            return self.dice.choice((text, text, more + text, f"{more}.{text}", text + more))
        if self.dice.random() < 0.15:
            return "".join(self.dice.choices(_SIGNS, k=self.dice.randint(1, 12)))
        return self.dice.choice(HOSTS)

    def ported(self, host: str) -> str:
        ports = (*_PORTS, *self.words.numbers, self.dice.randint(1, 65535))
        return f"{host}:{self.dice.choice(ports)}"

    def turned(self, host: str) -> str:
        """Some letters in capitals."""
        return "".join(c.upper() if self.dice.random() < 0.3 else c for c in host)

    def grown(self, host: str) -> str:
        part = "".join(self.dice.choices("abcxyz0189-", k=self.dice.choice((1, 2, 8, 63, 250))))
        return self.dice.choice((f"{part}.{host}", part + host, f"{host}.{part}", host + "."))

    def cut(self, host: str) -> str:
        at = self.dice.randint(0, max(0, len(host) - 1))
        return host[:at] + host[at + 1 :]

    def listed(self, host: str) -> str:
        kind = self.dice.random()
        if kind < 0.2:
            return self.dice.choice((host, host.rpartition(":")[0] or host))
        if kind < 0.35:
            return f"{self.address()}/{self.dice.randint(0, 32)}"
        if kind < 0.5:
            return self.host()
        return str(self.dice.choice(DRAWN["listed_badly" if kind > 0.97 else "listed"]))

    def mirror(self) -> str:
        kind = self.dice.random()
        if kind < 0.4:
            return f"{self.dice.choice(('http', 'https'))}://{self.host()}"
        return str(self.dice.choice(DRAWN["mirrors_badly" if kind > 0.97 else "mirrors"]))

    def addresses(self) -> tuple[str, ...]:
        known = self.dice.choice(list(NAMES.values()))
        return self.dice.choice((known, (self.address(),), (*known, self.address())))

    def address(self) -> str:
        return ".".join(str(self.dice.choice((0, 1, 10, 127, 192, 255))) for _ in range(4))
