"""What is handed to the door of a road: a context, the name of an image, who asks, and by which service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.evaluate import Machine, Native, Pointer, Spot, Struct
from gopatch.evaluate.distribution import domain, path
from gopatch.evaluate.network import World, context
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.program import Program
from gopatch.evaluate.types import Type, zero_maker

USER, WORD = "alice", "secret"


class Asker(NamedTuple):
    """Makes arguments by their types, as they are written."""

    program: Program
    world: World
    service: Any

    def arguments(self, machine: Machine, place: Spot, text: str) -> list[Any]:
        """Arguments for a door: a context, who logs in, the text where the first text goes."""
        made: list[Any] = []
        for parameter in parts(place.node.field("parameters")):
            kind = parameter.field("type")
            if kind is None:
                continue
            for _ in parameter.names() or [parameter]:
                value = self._argument(machine, Type(place.file, kind), text)
                text = "" if value == text else text
                made.append(value)
        return made

    def _argument(self, machine: Machine, kind: Type, text: str) -> Any:
        named = text_of(kind.node)
        if named.endswith("context.Context"):
            return context(self.world)
        if named == "string":
            return text
        if named == "int":
            return 25
        if named.endswith("Named"):
            return _name(named, text)
        pointer = named.startswith("*")
        inner = Type(kind.file, kind.node.children[-1]) if pointer else kind
        value = zero_maker(machine, inner)()
        if named.endswith("AuthConfig") and not isinstance(value, Struct):
            value = self.program.library.zero("types/registry", "AuthConfig")  # of another package
        if isinstance(value, Struct):
            self._say_who(value, text)
        return Pointer(value) if pointer and isinstance(value, Struct) else value

    def _say_who(self, value: Struct, text: str) -> None:
        """Set who asks, and by which service, where a struct wants to know that."""
        for name, word in (("Username", USER), ("Password", WORD), ("ServerAddress", text)):
            if name in value.fields:
                value.fields[name] = word
        for name, given in (("RegistryService", self.service), ("AuthConfig", self._login(text))):
            holder = value.holder(name)
            if holder is not None and (name == "RegistryService" or holder.fields[name] is None):
                holder.fields[name] = given

    def _login(self, address: str) -> Pointer:
        """Who pulls and pushes."""
        made = self.program.library.zero("types/registry", "AuthConfig")
        made.fields.update(Username=USER, Password=WORD, ServerAddress=address)
        return Pointer(made)


def _name(kind: str, text: str) -> Native:
    """A reference.Named."""
    methods: dict[str, Callable[..., Any]] = dict.fromkeys(
        ("String", "Name", "FullName"), lambda: text
    )
    methods["Hostname"] = lambda: domain(text)
    methods["RemoteName"] = lambda: path(text)
    return Native(kind, methods, text)


def takes_host(place: Spot) -> bool:
    """Whether a door is handed the name of a host."""
    return "string" in text_of(place.node.field("parameters"))
