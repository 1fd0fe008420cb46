"""What net.IP says of itself, as Go says it."""

from __future__ import annotations

import pytest

from gopatch.evaluate.addresses import parse_ip

ASKED = ("IsLoopback", "IsPrivate", "IsUnspecified", "IsLinkLocalUnicast")


@pytest.mark.parametrize(
    ("text", "holds", "is_4"),
    [
        ("127.9.9.9", {"IsLoopback"}, True),
        ("::ffff:127.0.0.1", {"IsLoopback"}, True),
        ("::1", {"IsLoopback"}, False),
        ("10.1.2.3", {"IsPrivate"}, True),
        ("172.31.0.1", {"IsPrivate"}, True),
        ("172.32.0.1", set(), True),
        ("fd00::1", {"IsPrivate"}, False),
        # Python calls these private, Go does not.
        ("192.0.2.9", set(), True),
        ("127.0.0.0", {"IsLoopback"}, True),
        ("2001:db8::1", set(), False),
        ("0.0.0.0", {"IsUnspecified"}, True),
        ("169.254.1.1", {"IsLinkLocalUnicast"}, True),
        ("fe80::1", {"IsLinkLocalUnicast"}, False),
    ],
)
def test_what_an_address_is(text: str, holds: set[str], is_4: bool) -> None:
    found = parse_ip(text)
    assert found is not None
    assert {name for name in ASKED if found.methods[name]()} == holds
    assert (found.methods["To4"]() is found) is is_4
    assert found.methods["Equal"](parse_ip(text))
    assert not found.methods["Equal"](None)


@pytest.mark.parametrize("text", ["", "reg.test", "10.1.2", "10.1.2.3:80", "[::1]"])
def test_what_is_no_address_is_nil(text: str) -> None:
    assert parse_ip(text) is None
