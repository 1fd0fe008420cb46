"""What of the patch is in for an action, and what names resolve to."""

from __future__ import annotations

import pytest

from gopatch.model import CORE, Action, Edits, ModelError
from gopatch.story.question import edits_for, parse_names

ALL = {"search", "hosts", "reload"} | {
    f"no-downgrade-{name}" for name in ("login", "pull", "push", "plugin")
}


@pytest.mark.parametrize(
    ("action", "lacks", "plugin_hosts", "expected"),
    [
        ("login", set(), False, Edits()),
        ("login", {"no-downgrade-pull"}, False, Edits()),
        ("login", {"no-downgrade-login"}, False, Edits(rails=False)),
        ("classic-build", {"no-downgrade-pull"}, False, Edits(rails=False)),
        ("plugin-push", {"no-downgrade-push"}, False, Edits(rails=False)),
        ("plugin-push", {"no-downgrade-push"}, True, Edits()),
        ("plugin-push", {"no-downgrade-plugin"}, True, Edits(rails=False)),
        ("plugin-install", {"no-downgrade-plugin"}, False, Edits()),
        ("pull", {"hosts"}, False, Edits(hosts=False)),
        ("pull", {"reload"}, False, Edits(reload=False)),
        ("pull", ALL, False, CORE),
    ],
)
def test_edits(action: Action, lacks: set[str], plugin_hosts: bool, expected: Edits) -> None:
    assert edits_for(action, ALL - lacks, plugin_hosts=plugin_hosts) == expected


@pytest.mark.parametrize("name", ["r.example", "R.EXAMPLE"])
def test_names_know_no_case(name: str) -> None:
    names = parse_names(["R.example=10.1.2.3", "r.example=fe80::1%eth0"])
    assert names(name) == ("10.1.2.3", "fe80::1%eth0")


@pytest.mark.parametrize(
    "pair", ["r.example", "=10.1.2.3", "r.example=", "r.example=banana", "r.example=10.1.2.300"]
)
def test_a_name_resolves_to_addresses(pair: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_names([pair])
    assert caught.value.kind == "resolve"
