"""What of the patch is in for an action, and what names resolve to."""

from __future__ import annotations

import pytest

from gopatch.model import CORE, Action, Edits
from gopatch.story.question import edits_for

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
