"""Go's own net, net/netip, net/url and strconv beside `gopatch.go.net`, which model and evaluator share:
a slip in it would stand on both sides of what the judge `model` compares.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gopatch.go.net import (
    Address,
    GoRules,
    Network,
    atoi,
    go_rules,
    is_loopback,
    net_contains,
    netip_contains,
    parse_address,
    parse_cidr,
    parse_prefix,
    parse_url,
    parse_zoned,
    quoted,
    split_host_port,
    unmap,
    url_error,
)

pytestmark = pytest.mark.real

PROGRAM = Path(__file__).with_name("net.go")
PIECES = (
    "http://", "https://", "HTTP:", "//", "/", "?", "#", "@", ":", "::", "[", "]", "%", "%25", "%41", "%zz",
    "registry.example", "r", "localhost", "10.1.2.3", "127.0.0.1", "010.0.0.1", "256.1.1.1", "1.2.3", "::1",
    "fe80::1", "2001:db8::", "::ffff:10.0.0.0", "::ffff:127.9.9.9", "1:2:3:4:5:6:7:8", "eth0", "/8", "/08",
    "/104", "/129", "/32", "/0", "5000", "0", "-1", "+7", "65536", "99999999999999999999", " ", "\t", "\x7f",
    "é", "\u200b", "user:pw", "_", "-", ".", "..", "~", "<", ">", '"', "\\", "a b", "%20", "=", "&", "*",
)  # fmt: skip
LITERALS = (
    "0", "1", "01", "7f", "255", "256", "1000", "fFfF", "12345", "g", ".", ".", ":", ":", ":", "::", "%25", "eth0",
    "1.2.3", "10.0.0.1", "::ffff:", "1:2:3:4:5:6", "é", "<",
)  # fmt: skip
TENS, HERE = parse_address("10.1.2.3"), parse_address("::1")


def texts(seed: str, count: int) -> Iterator[str]:
    """Each piece alone, `count` texts of up to seven of them, and half as many literals in brackets."""
    draw = random.Random(seed)
    yield from PIECES
    for _ in range(count):
        yield "".join(draw.choices(PIECES, k=draw.randint(1, 7)))
    for _ in range(count // 2):
        yield f"http://[{''.join(draw.choices(LITERALS, k=draw.randint(1, 10)))}]/"


def shown(address: Address) -> str:
    return str(unmap(address))


def network(found: Network | None) -> list[Any] | None:
    if found is None:
        return None
    assert TENS is not None
    assert HERE is not None
    base = found.network_address
    # Go writes an IPv4 network in IPv6 clothes with the address in IPv4's.
    return [
        shown(base),
        found.prefixlen,
        found.max_prefixlen,
        net_contains(found, TENS),
        net_contains(found, HERE),
    ]


def prefix(found: Network | None) -> list[Any] | None:
    if found is None:
        return None
    assert TENS is not None
    return [shown(found.network_address), found.prefixlen, netip_contains(found, TENS)]


def ours(text: str, rules: GoRules) -> list[Any]:
    address, zoned, number = parse_address(text, rules), parse_zoned(text, rules), atoi(text)
    split, url = split_host_port(text), parse_url(text, rules)
    return [
        split and list(split),
        None if address is None else [shown(address), is_loopback(address)],
        network(parse_cidr(text, rules)),
        prefix(parse_prefix(text)),
        zoned and [shown(zoned[0]), zoned[1]],
        None if number is None else [number],
        [url.scheme, *map(quoted, url[1:5]), url.user] if url else url_error(text, rules),
        quoted(text),
    ]


def test_go_reads_them_as_we_say(go: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "net.go").write_bytes(PROGRAM.read_bytes())
    (tmp_path / "go.mod").write_text("module net.example\n\ngo 1.21\n")
    version = subprocess.run(
        ["go", "version"], env=go, check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"go(\d[\d.]*)", version)
    assert found
    asked = list(texts(os.environ.get("GOPATCH_SEED", "net"), 40_000))
    ran = subprocess.run(
        ["go", "run", "net.go"], cwd=tmp_path, env=go, input=json.dumps(asked), check=True, capture_output=True, text=True
    )  # fmt: skip
    rules = go_rules(found[1], "1.21")
    rows = json.loads(ran.stdout)
    wrong = [
        f"{text!r}: Go {theirs}, we {mine}"
        for text, row in zip(asked, rows, strict=True)
        for theirs, mine in zip(row, ours(text, rules), strict=True)
        if theirs != mine
    ]
    assert not wrong, "\n".join(wrong[:20])
