"""The registry hosts of BuildKit and the containerd image store, and what is tried of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gopatch.model import (
    PRESETS,
    Action,
    Edits,
    Host,
    Options,
    Outcome,
    Store,
    Task,
    Traits,
    Walk,
    from_flags,
    registry_hosts,
    run,
    service_config,
)
from gopatch.story.question import parse_answers

TRIMMED = replace(PRESETS["one-client"], listed_hosts="trimmed")
KINDS = {
    **PRESETS,
    "trimmed": TRIMMED,
    "https-alone": replace(PRESETS["one-client"], buildkit="https"),
    "v23": replace(PRESETS["v2-only"], local_by_name=False, resolver_continues=True),
    "v27": replace(PRESETS["bracketed"], hosts_fallback="unreached"),
    "v27.4": replace(PRESETS["bracketed"], hosts_fallback="unreached", store="unreached"),
}
NAME = "h.example"
FALLBACKS = {"": "", "plain": "~", "unreached": "~~"}


def shown(host: Host) -> str:
    """`http://h`, `https://h?` unchecked, `~` falls back where HTTP answers, `~~` also where nobody
    does, `+` by the option."""
    words = f"{host.scheme}://{host.host}{host.path.removesuffix('/v2')}"
    if host.skip_verify:
        words += "?"
    return words + FALLBACKS[host.falls_back] + "+" * host.offers_http


def hosts(
    kind: str,
    host: str = NAME,
    listed: tuple[str, ...] = (),
    mirrors: tuple[str, ...] = (),
    *,
    accept: bool = False,
    store: Store = "graph",
    action: Action = "pull",
    edits: Edits | None = None,
) -> list[str]:
    traits = KINDS[kind]
    options = from_flags(Options(mirrors, listed, accept), traits)
    config = service_config(options, traits)
    action = action if store == "containerd" else "build"
    task = Task(action, config, host, traits, parse_answers(()), store=store)
    return [shown(h) for h in registry_hosts(task._replace(edits=edits) if edits else task)]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        ("https-alone", NAME, "https://h.example"),
        ("https-alone", "http://h.example", "https://h.example"),
        ("trimmed", NAME, "http://h.example"),
        ("trimmed", "http://h.example", "http://h.example"),
        ("trimmed", "0.0.0.0/0", "https://h.example"),
        ("one-client", NAME, "https://h.example"),
        ("one-client", "http://h.example", "http://h.example"),
        ("one-client", "https://h.example", "http://h.example"),
        ("v2-only", NAME, "https://h.example"),
        ("v2-only", "http://h.example", "http://h.example"),
        ("v2-only", "https://h.example", "https://h.example?"),
        ("v23", NAME, "https://h.example"),
        ("mirror-paths", NAME, "https://h.example"),
        ("mirror-paths", "http://h.example", "http://h.example"),
        ("bracketed", NAME, "https://h.example?~"),
        ("bracketed", "http://h.example", "https://h.example?~"),
        ("v27", NAME, "https://h.example?~~"),
        ("loopback-v6", NAME, "https://h.example?~~"),
        ("netip", "http://h.example", "https://h.example?~~"),
        ("netip", "other.example", "https://h.example"),
    ],
)
def test_what_is_listed(kind: str, listed: str, expected: str) -> None:
    assert hosts(kind, listed=(listed,)) == [expected]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        # url.Parse takes a name before a colon for a scheme, and an address for none.
        ("one-client", "192.0.2.1:5000", "http://192.0.2.1:5000"),
        ("v2-only", "192.0.2.1:5000", "https://192.0.2.1:5000"),
        ("mirror-paths", "192.0.2.1:5000", "http://192.0.2.1:5000"),
        ("bracketed", "192.0.2.0/24", "https://192.0.2.1:5000?~"),
        ("netip", "192.0.2.0/24", "https://192.0.2.1:5000?~~"),
        ("mirror-paths", "192.0.2.0/24", "https://192.0.2.1:5000"),
    ],
)
def test_addresses_that_are_listed(kind: str, listed: str, expected: str) -> None:
    assert hosts(kind, "192.0.2.1:5000", (listed,)) == [expected]


@pytest.mark.parametrize(
    ("kind", "host", "expected"),
    [
        ("one-client", "localhost:5000", "http://localhost:5000"),
        ("one-client", "localhost", "https://localhost"),
        ("one-client", "127.0.0.1:5000", "https://127.0.0.1:5000"),
        ("v2-only", "127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("v2-only", "127.0.0.2", "https://127.0.0.2"),
        ("v2-only", "::1", "http://::1"),
        ("v23", "127.0.0.2", "http://127.0.0.2"),
        ("v23", "[::1]:5", "http://[::1]:5"),
        ("v23", "localhost.example", "https://localhost.example"),
        ("bracketed", "127.0.0.2", "https://127.0.0.2?~"),
        ("netip", "localhost", "https://localhost?"),
        ("netip", "localhost:443", "https://localhost:443?"),
        ("netip", "localhost:80", "http://localhost:80"),
        ("netip", "127.0.0.1:5000", "https://127.0.0.1:5000?~~"),
    ],
)
def test_what_is_local(kind: str, host: str, expected: str) -> None:
    assert hosts(kind, host) == [expected]


@pytest.mark.parametrize(
    ("kind", "mirror", "expected"),
    [
        ("trimmed", "http://m.example", ["https://m.example/"]),
        ("one-client", "http://m.example", ["https://m.example"]),
        ("v2-only", "http://m.example", ["https://m.example", "https://registry-1.docker.io"]),
        ("bracketed", "https://m.example", ["https://m.example", "https://registry-1.docker.io"]),
        ("netip", "http://m.example", ["http://m.example", "https://registry-1.docker.io"]),
        ("netip", "http://m.example/a", ["http://m.example/a", "https://registry-1.docker.io"]),
    ],
)
@pytest.mark.parametrize("accept", [False, True])
def test_mirrors_are_as_before(kind: str, mirror: str, expected: list[str], accept: bool) -> None:
    assert hosts(kind, "docker.io", mirrors=(mirror,), accept=accept) == expected
    assert hosts(kind, "index.docker.io", mirrors=(mirror,), accept=accept) == expected


def test_an_insecure_mirror_shares_its_client() -> None:
    found = hosts("netip", "docker.io", ("m.example",), ("https://m.example",))
    assert found == ["https://m.example?~~", "https://registry-1.docker.io?~~"]


def test_docker_hub_that_is_listed_loses_its_mirrors() -> None:
    """Docker's own doing; the option has no part in it."""
    for accept in (False, True):
        found = hosts(
            "v2-only", "docker.io", ("http://docker.io",), ("https://m.example",), accept=accept
        )
        assert found == ["http://registry-1.docker.io"]


@pytest.mark.parametrize("kind", [k for k, t in KINDS.items() if t.buildkit not in ("", "https")])
def test_the_option_offers_http_beside_https(kind: str) -> None:
    assert hosts(kind, accept=True) == ["https://h.example+"]
    assert hosts(kind) == ["https://h.example"]
    assert hosts(kind, accept=True, edits=Edits(hosts=False)) == ["https://h.example"]


@pytest.mark.parametrize("kind", [k for k, t in KINDS.items() if t.buildkit])
@pytest.mark.parametrize("hub", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_the_option_is_not_for_docker_hub(kind: str, hub: str) -> None:
    assert hosts(kind, hub, accept=True) == ["https://registry-1.docker.io"]


def test_where_buildkit_knows_https_alone_so_it_stays() -> None:
    assert hosts("https-alone", accept=True) == ["https://h.example"]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        ("mirror-paths", NAME, "https://h.example~"),
        ("mirror-paths", "http://h.example", "http://h.example~"),
        ("bracketed", NAME, "https://h.example?~"),
        ("v27.4", NAME, "https://h.example?~~"),
        ("netip", NAME, "https://h.example?~~"),
        ("netip", "other.example", "https://h.example"),
    ],
)
def test_the_image_store_adds_a_fallback_of_its_own(kind: str, listed: str, expected: str) -> None:
    for action in ("pull", "push", "classic-build"):
        assert hosts(kind, listed=(listed,), store="containerd", action=action) == [expected]
    # BuildKit does not go by the store's hosts.
    traits = KINDS[kind]
    config = service_config(Options(insecure_registries=(listed,)), traits)
    build = Task("build", config, NAME, traits, parse_answers(()), store="containerd")
    assert list(map(shown, registry_hosts(build))) == hosts(kind, listed=(listed,))


def walk(
    action: Action,
    traits: Traits,
    answers: tuple[str, ...],
    options: Options,
    store: Store = "graph",
    host: str = NAME,
) -> str:
    """Attempts as `https http* ...`; `*`: a password went out, `-`: skipped; then the end."""
    config = service_config(options, traits)
    task = Task(action, config, host, traits, parse_answers(answers), store=store)
    found: Walk = run(task)
    words = []
    for attempt in found.attempts:
        mark = "-" if attempt.outcome is Outcome.SKIPPED else "*" if attempt.credentials else ""
        words.append(attempt.base.partition(":")[0] + mark)
    return " ".join([*words, "ok" if found.ok else found.error])


ON = Options(accept_insecure_registry=True)
LISTED = Options(insecure_registries=(NAME, f"http://{NAME}"))
HTTP_ONLY = ("http://h.example=401+accepts",)
MIXED = ("https://h.example=http", *HTTP_ONLY)
BAD = ("https://h.example=tls-bad+401+accepts", *HTTP_ONLY)
WRONG = ("https://h.example=401", *HTTP_ONLY)


@pytest.mark.parametrize(
    ("action", "kind", "store", "answers", "off", "on", "listed"),
    [
        pytest.param(
            "build",
            "one-client",
            "graph",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "http* ok",
            id="one client",
        ),
        pytest.param(
            "build",
            "v2-only",
            "graph",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "http* ok",
            id="a map",
        ),
        pytest.param(
            "build",
            "bracketed",
            "graph",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "https refused",
            id="nobody at 443, and no fallback for that",
        ),
        pytest.param(
            "build",
            "bracketed",
            "graph",
            MIXED,
            "https plain",
            "https http* ok",
            "https http* ok",
            id="http at 443",
        ),
        pytest.param(
            "build",
            "netip",
            "graph",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "https http* ok",
            id="hosts.toml",
        ),
        pytest.param(
            "build",
            "netip",
            "graph",
            BAD,
            "https tls-bad",
            "https tls-bad",
            "https* ok",
            id="a bad certificate",
        ),
        pytest.param("build", "netip", "graph", WRONG, *["https* 401"] * 3, id="a wrong password"),
        pytest.param(
            "push",
            "netip",
            "containerd",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "https http* ok",
            id="a push to the store",
        ),
        pytest.param(
            "pull",
            "netip",
            "containerd",
            BAD,
            "https tls-bad",
            "https tls-bad",
            "https* ok",
            id="a pull after a bad certificate",
        ),
        pytest.param(
            "push", "netip", "containerd", WRONG, *["https* 401"] * 3, id="a push after a 401"
        ),
        pytest.param(
            "plugin-install",
            "v2-only",
            "graph",
            HTTP_ONLY,
            "https refused",
            "https http* ok",
            "https http* ok",
            id="a plugin",
        ),
        pytest.param(
            "plugin-install",
            "v2-only",
            "graph",
            WRONG,
            *["https* 401"] * 3,
            id="a plugin with a wrong password, once final",
        ),
        pytest.param(
            "plugin-install",
            "netip",
            "graph",
            WRONG,
            "https* 401",
            "https* http- 401",
            "https* http* ok",
            id="and now no more",
        ),
        pytest.param(
            "plugin-push",
            "netip",
            "graph",
            WRONG,
            "https* 401",
            "https* http- 401",
            "https* http* ok",
            id="a plugin's push",
        ),
        pytest.param(
            "plugin-push",
            "netip",
            "graph",
            BAD,
            "https tls-bad",
            "https http- tls-bad",
            "https* ok",
            id="after a bad certificate",
        ),
    ],
)
def test_what_is_tried(
    action: Action,
    kind: str,
    store: Store,
    answers: tuple[str, ...],
    off: str,
    on: str,
    listed: str,
) -> None:
    found = [walk(action, PRESETS[kind], answers, o, store) for o in (Options(), ON, LISTED)]
    assert found == [off, on, listed]


def test_a_port_of_its_own_is_not_left_for_another() -> None:
    """Docker's fallback keeps to a port that was given; the patch's tells HTTP from HTTPS by it."""
    answers = ("http://h.example:5000=200",)
    host, traits = "h.example:5000", PRESETS["netip"]
    listed = Options(insecure_registries=(host,))
    assert walk("build", traits, answers, listed, host=host) == "https refused"
    assert walk("build", traits, answers, ON, host=host) == "https http ok"


def test_a_plugin_stops_at_its_first_address() -> None:
    traits = replace(PRESETS["reloadable"], plugins="first")
    for action in ("plugin-install", "plugin-push"):
        assert walk(action, traits, HTTP_ONLY, ON) == "https refused"
        assert walk(action, traits, ("https://h.example=401+accepts",), ON) == "https* ok"


def test_mirrors_get_no_password_but_of_a_plugin() -> None:
    options = Options(mirrors=("https://m.example",))
    answers = ("https://m.example=401", "https://registry-1.docker.io=401+accepts")
    for kind in ("v2-only", "v23", "netip"):
        traits = KINDS[kind]
        build, plugin = (
            walk(action, traits, answers, options, host="docker.io")
            for action in ("build", "plugin-install")
        )
        continues = traits.resolver_continues
        assert build == ("https https* ok" if continues else "https 401")
        assert plugin == ("https* https* ok" if continues else "https* 401")
    pushed = walk("push", PRESETS["netip"], answers, options, "containerd", "docker.io")
    assert pushed == "https* ok"


def test_the_first_error_but_404_is_reported() -> None:
    options = Options(mirrors=("https://m.example", "https://n.example"))
    answers = ("https://m.example=404", "https://n.example=500")
    assert walk("build", PRESETS["netip"], answers, options, host="docker.io").endswith(" 500")
