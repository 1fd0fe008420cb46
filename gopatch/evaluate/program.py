"""Several packages of one source, run together on one world."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from gopatch.evaluate.library import Library
from gopatch.evaluate.machine import Machine
from gopatch.evaluate.network import World
from gopatch.evaluate.package import Package
from gopatch.go.net import Resolver, no_resolver

Files = tuple[tuple[str, bytes], ...]
# Docker has moved four times; forks keep its path.
_OWN = re.compile(
    r"github\.com/(?:docker/docker|moby/moby(?:/v\d+)?|dotcloud/docker|docker/engine)/(.+)"
)


NO_LINES: Mapping[str, Container[int]] = MappingProxyType({})


def own_folder(path: str) -> str | None:
    """The folder of an import path below the engine's root, None of a package that is not Docker's own."""
    found = _OWN.fullmatch(path)
    return None if found is None else found[1]


class Program:
    """`folder` gives the Go files of a folder below the engine's root, () where there are none; `written` are the
    lines, from 1, of which is noted what they ask, by path."""

    def __init__(
        self,
        folder: Callable[[str], Files],
        world: World,
        resolve: Resolver = no_resolver,
        *,
        bracketed_hosts: bool = True,
        written: Mapping[str, Container[int]] = NO_LINES,
    ) -> None:
        self._folder = folder
        self.world = world
        self.library = Library(
            resolve, bracketed_hosts=bracketed_hosts, world=world, find=self.find
        )
        self.library.asked.written = written
        self._machines: dict[str, Machine | None] = {}

    def at(self, folder: str) -> Machine | None:
        """The package in a folder, None where there is none."""
        if folder not in self._machines:
            files = self._folder(folder)
            made = Machine(Package(files), self.library, watching=True) if files else None
            self._machines[folder] = made
        return self._machines[folder]

    def fresh(self, folder: str) -> Machine | None:
        """The package in a folder, as it is when nothing has run yet."""
        self._machines.pop(folder, None)
        return self.at(folder)

    def find(self, path: str) -> Machine | None:
        """The package of an import path, if it is one of the source's own."""
        folder = own_folder(path)
        return None if folder is None else self.at(folder)

    def ran(self) -> set[tuple[str, int]]:
        """Path and offset of every statement that was run."""
        return set().union(*(m.ran for m in self._machines.values() if m is not None))

    def answers(self) -> set[tuple[str, int, int, bool]]:
        """How each question for a constant or for what is outside came out: see Machine.answers."""
        return set().union(*(m.answers for m in self._machines.values() if m is not None))

    def questions(self) -> set[tuple[str, int, int]]:
        """The questions in functions that were run, asked or not: see Machine.questions."""
        return set().union(*(m.questions for m in self._machines.values() if m is not None))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the files of every package that was looked at."""
        for machine in self._machines.values():
            if machine is not None:
                yield from ((file.path, file.data) for file in machine.package.files)

    def method(self, value: Any, name: str) -> Any:
        """A method of any value, whatever package it comes from; None without."""
        machine = next((m for m in self._machines.values() if m is not None), None)
        return None if machine is None else machine.method(value, name)
