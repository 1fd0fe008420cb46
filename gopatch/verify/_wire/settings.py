"""How the daemons are set up, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from gopatch.verify._wire.places import INDEX, REGISTRIES

KEY = "accept-insecure-registry"
FLAG = f"--{KEY}"
FIRST = "stock-listed"
LISTED = tuple(place.host for place in (*REGISTRIES, INDEX))


@dataclass(frozen=True)
class Setting:
    """`patched` says which daemon; `parts` what it is asked, by the names of `inside`; `values` are
    its daemon.json."""

    name: str
    patched: bool
    parts: tuple[str, ...]
    flags: tuple[str, ...] = ()
    values: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def option(self) -> bool:
        return FLAG in self.flags or bool(self.values.get(KEY))

    @property
    def listed(self) -> tuple[str, ...]:
        """What is listed with --insecure-registry."""
        mark = "--insecure-registry="
        return tuple(f.removeprefix(mark) for f in self.flags if f.startswith(mark))


# With its scheme, too: from v20.10 to v24 the registry hosts of BuildKit know no other form.
_LIST = tuple(f"--insecure-registry={way}{host}" for host in LISTED for way in ("", "http://"))

SETTINGS = (
    Setting(FIRST, False, ("converse",), _LIST),
    Setting("stock", False, ("converse",)),
    Setting("off", True, ("converse",)),
    Setting("on", True, ("converse", "fall-back", "traps"), (FLAG,)),
    Setting("listed", True, ("converse",), _LIST),
    Setting("file", True, ("short",), values={KEY: True}),
    Setting("flag-and-key", True, ("short",), (FLAG,), {KEY: True}),
    Setting("key-no-boolean", True, ("short",), values={KEY: "true"}),
    Setting("stock-reload", False, ("reload-list",)),
    Setting("reload", True, ("reload",)),
)

# Daemons that must not start, and the words with which they say so.
REFUSED = {
    "flag-and-key": "specified both as a flag and in the configuration file",
    "key-no-boolean": "unmarshal",
}
