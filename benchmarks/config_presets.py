"""Write gopatch/model/config_presets.toml anew: how one release of each kind reads its daemon.json.

python benchmarks/config_presets.py CLONE_OF_MOBY > gopatch/model/config_presets.toml
"""

from __future__ import annotations

import json
import sys
from typing import Any

from gopatch.model.config_rules import Table, table_of
from gopatch.model.read_config import read_config_rules
from gopatch.source import open_source

REFS = {
    "first-lookups": "v1.8.3",
    "ping-login": "v1.10.3",
    "v1-hub": "v1.12.6",
    "reloadable": "v1.13.1",
    "checked-lists": "v17.12.1-ce",
    "one-client": "v19.03.15",
    "v2-only": "v20.10.27",
    "mirror-paths": "v24.0.9",
    "bracketed": "v25.0.0",
    "loopback-v6": "v28.3.0",
    "netip": "docker-v29.7.2",
}


def changes(before: Table, after: Table) -> dict[str, Any]:
    """What is new and what is gone, list by list, and each word that differs."""
    found: dict[str, Any] = {
        key: value for key, value in after.words.items() if before.words.get(key) != value
    }
    for key, words in after.lists.items():
        old = before.lists.get(key, [])
        found[key] = {
            "gone": [word for word in old if word not in words],
            "new": [word for word in words if word not in old],
        }
    return found


def main(repository: str) -> None:
    print(
        "# Made by benchmarks/config_presets.py: each table says what differs from the one above."
    )
    before = Table({}, {})
    for name, ref in REFS.items():
        source = open_source(repository, ref)
        after = table_of(
            read_config_rules(lambda p, s=source: s.read(p) if s.entry(p) is not None else None)
        )
        print(f"\n[{name}]")
        for key, value in changes(before, after).items():
            if not isinstance(value, dict):
                print(f"{key} = {json.dumps(value)}")
                continue
            for kind, words in value.items():
                if words:
                    rows = "".join(f"  {json.dumps(word)},\n" for word in words)
                    print(f"{key}.{kind} = [\n{rows}]")
        before = after


if __name__ == "__main__":
    main(*sys.argv[1:])
