"""How the daemons are set up, one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from gopatch.model import ConfigRules, ModelError, patched, read_daemon_json
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

_RELOADS = {"reload", "reload-list"}

# Daemons that do not start by most releases' rules, and the words with which they say so.
REFUSED = {
    "flag-and-key": "specified both as a flag and in the configuration file",
    "key-no-boolean": "unmarshal",
}


def settings_of(rules: ConfigRules) -> tuple[Setting, ...]:
    """The settings that a source can have: not every one reads a daemon.json."""
    of_file = (one for one in SETTINGS if one.values or _RELOADS & set(one.parts))
    without = () if rules.reader else tuple(of_file)
    return tuple(one for one in SETTINGS if one not in without)


def refused_by(rules: ConfigRules) -> Mapping[str, str]:
    """Those of `REFUSED` that must not start by the source's own rules: until v1.10 a file sets a flag, and
    takes any text for a boolean that the command line takes."""
    by_name = {setting.name: setting for setting in SETTINGS}
    return {name: words for name, words in REFUSED.items() if _refuses(by_name[name], rules)}


def _refuses(setting: Setting, rules: ConfigRules) -> bool:
    given = {KEY: "true"} if FLAG in setting.flags else {}
    try:
        read_daemon_json(json.dumps(setting.values).encode(), patched(rules), given)
    except ModelError:
        return True
    return False
