"""What login, pull, push and search try, and where a password goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import (
    ACTIONS,
    CORE,
    PRESETS,
    STORES,
    WHOLE,
    Action,
    Answer,
    Edits,
    ModelError,
    Options,
    Outcome,
    Store,
    Traits,
    Walk,
    no_road,
    run,
    service_config,
)
from gopatch.model.traits import BuildRule
from gopatch.story.question import parse_answers

OFF = Options(disable_legacy_registry=False)
ON = replace(OFF, accept_insecure_registry=True)
LISTED = replace(OFF, insecure_registries=("h.example",))

HTTP_ONLY = ("http://h.example=401+accepts",)
BAD_CERTIFICATE = ("https://h.example=tls-bad+401+accepts", "http://h.example=401+accepts")
WRONG_PASSWORD = ("https://h.example=401", "http://h.example=401")
WITHOUT_HEADER = ("https://h.example=401+no-v2", "http://h.example=401+no-v2")
GOOD = ("https://h.example=401+accepts", "http://h.example=401+accepts")
MISSING = ("https://h.example=404+v2", "http://h.example=200")
DENIED = ("https://h.example=403+v2", "http://h.example=200")
NO_REGISTRY = ("https://h.example=404", "http://h.example=200")


def walk(
    action: Action,
    options: Options,
    kind: str,
    answers: tuple[str, ...],
    *,
    host: str = "h.example",
    credentials: bool = True,
    edits: Edits = WHOLE,
) -> Walk:
    traits = PRESETS[kind]
    config = service_config(options, traits)
    ask = parse_answers(answers)
    return run(action, config, host, traits, ask, credentials=credentials, edits=edits)


def shown(found: Walk) -> str:
    """Attempts as `https2 http2* ...`; `*`: a password went out, `-`: skipped; then the end."""
    words = []
    for attempt in found.attempts:
        mark = "-" if attempt.outcome is Outcome.SKIPPED else "*" if attempt.credentials else ""
        words.append(f"{attempt.base.partition(':')[0]}{attempt.version}{mark}")
    return " ".join([*words, "ok" if found.ok else found.error])


@pytest.mark.parametrize(
    ("kind", "answers", "off", "on", "listed"),
    [
        pytest.param(
            "reloadable",
            HTTP_ONLY,
            "https2 https1 refused",
            "https2 http2* ok",
            "https2 http2* ok",
            id="http only",
        ),
        pytest.param(
            "netip",
            HTTP_ONLY,
            "https2 refused",
            "https2 http2* ok",
            "https2 http2* ok",
            id="http only, V2",
        ),
        pytest.param("netip", GOOD, "https2* ok", "https2* ok", "https2* ok", id="https works"),
        pytest.param(
            "netip",
            BAD_CERTIFICATE,
            "https2 tls-bad",
            "https2 http2- tls-bad",
            "https2* ok",
            id="bad certificate",
        ),
        pytest.param(
            "reloadable",
            BAD_CERTIFICATE,
            "https2 https1 tls-bad",
            "https2 http2- https1 http1- tls-bad",
            "https2* ok",
            id="bad certificate with V1",
        ),
        pytest.param(
            "netip",
            WRONG_PASSWORD,
            "https2* 401",
            "https2* http2- 401",
            "https2* http2* 401",
            id="wrong password",
        ),
        pytest.param(
            "v2-only", WRONG_PASSWORD, *["https2* 401"] * 3, id="wrong password, header seen"
        ),
        pytest.param(
            "v2-only",
            WITHOUT_HEADER,
            "https2* 401",
            "https2* http2- 401",
            "https2* http2* 401",
            id="no header",
        ),
        pytest.param(
            "v2-only",
            NO_REGISTRY,
            "https2 404",
            "https2 http2- 404",
            "https2 http2 ok",
            id="no registry there",
        ),
        pytest.param(
            "netip",
            ("https://h.example=http", "http://h.example=200"),
            "https2 plain",
            "https2 http2 ok",
            "https2 http2 ok",
            id="http on the https port",
        ),
        pytest.param(
            "netip",
            ("https://h.example=timeout", "http://h.example=timeout"),
            "https2 timeout",
            "https2 http2 timeout",
            "https2 http2 timeout",
            id="silence",
        ),
        pytest.param(
            "reloadable",
            ("http://h.example/v1=200",),
            "https2 https1 refused",
            "https2 http2 https1 http1* ok",
            "https2 http2 https1 http1* ok",
            id="V1 over http",
        ),
        pytest.param(
            "reloadable",
            ("https://h.example/v1=404",),
            "https2 https1* 404",
            "https2 http2 https1* 404",
            "https2 http2 https1* 404",
            id="V1 answers are final",
        ),
    ],
)
def test_login(kind: str, answers: tuple[str, ...], off: str, on: str, listed: str) -> None:
    assert [shown(walk("login", options, kind, answers)) for options in (OFF, ON, LISTED)] == [
        off,
        on,
        listed,
    ]


@pytest.mark.parametrize(
    ("kind", "answers", "off", "on", "listed"),
    [
        pytest.param(
            "netip",
            HTTP_ONLY,
            "https2 refused",
            "https2 http2* ok",
            "https2 http2* ok",
            id="http only",
        ),
        pytest.param("netip", GOOD, "https2* ok", "https2* ok", "https2* ok", id="https works"),
        pytest.param(
            "netip",
            BAD_CERTIFICATE,
            "https2 tls-bad",
            "https2 http2- tls-bad",
            "https2* ok",
            id="bad certificate",
        ),
        pytest.param(
            "reloadable",
            WRONG_PASSWORD,
            "https2* https1- 401",
            "https2* http2- https1- http1- 401",
            "https2* http2- https1- http1- 401",
            id="V2 and TLS are confirmed",
        ),
        pytest.param(
            "v2-only",
            MISSING,
            "https2 404",
            "https2 http2- 404",
            "https2 http2- 404",
            id="no such image, goes on",
        ),
        pytest.param(
            "netip",
            NO_REGISTRY,
            "https2 404",
            "https2 http2- 404",
            "https2 http2- 404",
            id="no registry there",
        ),
        pytest.param(
            "ping-login",
            NO_REGISTRY,
            "https2 https1* 404",
            "https2 http2- https1* 404",
            "https2 http2 ok",
            id="before TLS was remembered",
        ),
        pytest.param(
            "reloadable",
            ("http://h.example/v1=200",),
            "https2 https1 refused",
            "https2 http2 https1 http1* ok",
            "https2 http2 https1 http1* ok",
            id="V1 over http",
        ),
        pytest.param(
            "reloadable",
            ("https://h.example/v1/_ping=200",),
            "https2 https1 refused",
            "https2 http2 https1 refused",
            "https2 http2 https1 refused",
            id="what comes after the V1 ping is final",
        ),
    ],
)
def test_transfers(kind: str, answers: tuple[str, ...], off: str, on: str, listed: str) -> None:
    for options, expected in ((OFF, off), (ON, on), (LISTED, listed)):
        assert shown(walk("pull", options, kind, answers)) == expected
        assert shown(walk("push", options, kind, answers)) == expected


@pytest.mark.parametrize(
    ("kind", "answers", "off", "on", "listed"),
    [
        pytest.param(
            "netip",
            HTTP_ONLY,
            "https1 refused",
            "https1 http1 http1* ok",
            "https1 http1 http1* ok",
            id="http only",
        ),
        pytest.param("netip", GOOD, *["https1 https1* ok"] * 3, id="https works"),
        pytest.param(
            "netip",
            BAD_CERTIFICATE,
            "https1 tls-bad",
            "https1 http1- tls-bad",
            "https1 https1* ok",
            id="bad certificate",
        ),
        pytest.param("netip", NO_REGISTRY, *["https1 https1* 404"] * 3, id="any answer is a ping"),
        pytest.param(
            "ping-login",
            HTTP_ONLY,
            "https2 https1 refused",
            "https2 https1 http2 http2* ok",
            "https2 https1 http2 http2* ok",
            id="any version",
        ),
        pytest.param(
            "ping-login",
            ("http://h.example/v1=200",),
            "https2 https1 refused",
            "https2 https1 http2 http1 http1* ok",
            "https2 https1 http2 http1 http1* ok",
            id="V1 over http",
        ),
    ],
)
def test_search(kind: str, answers: tuple[str, ...], off: str, on: str, listed: str) -> None:
    assert [shown(walk("search", options, kind, answers)) for options in (OFF, ON, LISTED)] == [
        off,
        on,
        listed,
    ]


def test_login_by_ping() -> None:
    assert shown(walk("login", ON, "ping-login", HTTP_ONLY)) == "https2 https1 http2 http2* ok"
    v2_only = replace(ON, disable_legacy_registry=True)
    assert shown(walk("login", v2_only, "ping-login", HTTP_ONLY)) == "https2 http2 http2* ok"
    open_registry = ("https://h.example=200",)
    assert shown(walk("login", OFF, "ping-login", open_registry)) == "https2 https2 200"


@pytest.mark.parametrize("kind", list(PRESETS))
def test_docker_hub_is_searched_at_its_index(kind: str) -> None:
    found = walk("search", ON, kind, ("https://index.docker.io=200",), host="ubuntu")
    assert [attempt.url for attempt in found.attempts] == ["https://index.docker.io/v1/search"]
    assert found.ok


def test_a_search_term_has_no_scheme() -> None:
    with pytest.raises(ModelError) as caught:
        walk("search", OFF, "netip", (), host="http://h.example/x")
    assert caught.value.kind == "search-term"


def test_older_searches_refuse_a_hyphen() -> None:
    with pytest.raises(ModelError) as caught:
        walk("search", OFF, "v2-only", (), host="-h.example")
    assert caught.value.kind == "hyphen"
    assert shown(walk("search", OFF, "netip", (), host="-h.example")) == "https1 refused"


def test_mirrors_first_and_then_docker_hub() -> None:
    options = Options(mirrors=("http://m.example",), accept_insecure_registry=True)
    answers = ("http://m.example=404+v2", "https://registry-1.docker.io=200")
    found = walk("pull", options, "netip", answers, host="docker.io")
    assert [attempt.url for attempt in found.attempts] == [
        "http://m.example/v2/",
        "https://registry-1.docker.io/v2/",
    ]
    assert found.ok


def test_without_a_password_none_is_sent() -> None:
    for action, kind, store in ROADS:
        found = _made(action, ON, PRESETS[kind], Answer(), HTTP_401, store, credentials=False)
        assert not any(attempt.credentials for attempt in found.attempts)


def test_a_tls_server_on_the_http_port() -> None:
    traits = PRESETS["netip"]

    def ask(url: str) -> Answer:
        return Answer("refused") if url.startswith("https") else Answer("tls-good", 200)

    found = run("login", service_config(ON, traits), "h.example", traits, ask)
    assert shown(found) == "https2 http2 tls"


HTTP_401 = Answer("plain", 401, True, True)
ROADS: list[tuple[Action, str, Store]] = [
    (action, kind, store)
    for action in ACTIONS
    for kind, traits in PRESETS.items()
    for store in STORES
    if not no_road(action, traits, store)
]
SPOKEN = ["tls-good", "tls-bad"]
TRANSPORTS = ["refused", "timeout", "plain", *SPOKEN, "stalled"]

roads = st.sampled_from(ROADS)
statuses = st.sampled_from([200, 401, 403, 404, 500])
answers_made = st.builds(
    Answer, st.sampled_from(TRANSPORTS), statuses, st.booleans(), st.booleans()
)
spoken = st.builds(Answer, st.sampled_from(SPOKEN), statuses, st.booleans(), st.booleans())
parts = st.builds(Edits, st.booleans(), st.booleans(), st.booleans(), st.booleans())
Road = tuple[Action, str, Store]


def _made(
    action: Action,
    options: Options,
    traits: Traits,
    https: Answer,
    http: Answer,
    store: Store = "graph",
    *,
    host: str = "h.example",
    credentials: bool = True,
    edits: Edits = WHOLE,
) -> Walk:
    def ask(url: str) -> Answer:
        return https if url.startswith("https://") else http

    config = service_config(options, traits)
    return run(action, config, host, traits, ask, credentials=credentials, store=store, edits=edits)


def _on(road: Road, options: Options, https: Answer, http: Answer, edits: Edits = WHOLE) -> Walk:
    action, kind, store = road
    return _made(action, options, PRESETS[kind], https, http, store, edits=edits)


def _tried(found: Walk) -> list[str]:
    return [a.url for a in found.attempts if a.outcome is not Outcome.SKIPPED]


@given(roads, spoken, answers_made)
def test_no_http_by_the_option_once_https_has_spoken(
    road: Road, https: Answer, http: Answer
) -> None:
    assert all(url.startswith("https://") for url in _tried(_on(road, ON, https, http)))


@given(roads, answers_made, answers_made)
def test_a_password_needs_a_checked_certificate_or_http_after_silence(
    road: Road, https: Answer, http: Answer
) -> None:
    for attempt in _on(road, ON, https, http).attempts:
        if attempt.credentials and attempt.url.startswith("https://"):
            assert https.transport in ("tls-good", "stalled")
        elif attempt.credentials:
            # Whoever can hold up an answer can block it as well: no rail keeps him out.
            held_up = "stalled" if attempt.kind in ("v2 pull", "v2 push") else ""
            assert https.transport in ("refused", "timeout", "plain", held_up)


@given(roads, answers_made, answers_made)
def test_what_works_works_with_the_option_too(road: Road, https: Answer, http: Answer) -> None:
    stock, on = (_on(road, options, https, http) for options in (OFF, ON))
    assert stock.attempts[0] == on.attempts[0]
    # V1 over https comes after V2 over http, whose answer can be final: the order is Docker's.
    if stock.ok and https.transport == "tls-good":
        assert on.ok


@given(roads, answers_made, answers_made)
def test_a_listed_registry_is_treated_as_before(road: Road, https: Answer, http: Answer) -> None:
    both = replace(LISTED, accept_insecure_registry=True)
    stock, on = (_on(road, options, https, http) for options in (LISTED, both))
    # Not every road finds what is listed; there the option adds to it.
    if not any(attempt.by_option for attempt in on.attempts):
        assert stock == on
    assert stock.attempts[0] == on.attempts[0]
    assert not stock.ok or on.ok


@given(roads, answers_made, answers_made, parts)
def test_off_no_part_of_the_patch_does_anything(
    road: Road, https: Answer, http: Answer, edits: Edits
) -> None:
    for options in (OFF, LISTED):
        stock = _on(road, options, https, http)
        assert _on(road, options, https, http, edits) == stock
        assert not any(attempt.by_option for attempt in stock.attempts)


@given(
    roads,
    st.sampled_from(["docker.io", "index.docker.io", "registry-1.docker.io"]),
    answers_made,
    answers_made,
    parts,
)
def test_docker_hub_is_never_asked_over_http(
    road: Road, host: str, https: Answer, http: Answer, edits: Edits
) -> None:
    action, kind, store = road
    found = _made(action, ON, PRESETS[kind], https, http, store, host=host, edits=edits)
    assert all(url.startswith("https://") for url in _tried(found))


@given(roads, answers_made, answers_made)
def test_the_rails_only_take_away(road: Road, https: Answer, http: Answer) -> None:
    bare = replace(WHOLE, rails=False)
    railed, free = (_on(road, ON, https, http, edits) for edits in (WHOLE, bare))
    plain = [{url for url in _tried(w) if url.startswith("http://")} for w in (railed, free)]
    assert plain[0] <= plain[1]
    # What has no rails to lose keeps its own: the search and the hosts.
    if https.transport in SPOKEN and road[0] in ("search", "build"):
        assert railed.attempts == free.attempts or PRESETS[road[1]].buildkit == ""


@pytest.mark.parametrize(
    ("action", "kind", "answers", "whole", "core"),
    [
        pytest.param(
            "login",
            "netip",
            BAD_CERTIFICATE,
            "https2 http2- tls-bad",
            "https2 http2* ok",
            id="a login after a bad certificate",
        ),
        pytest.param(
            "login",
            "netip",
            WRONG_PASSWORD,
            "https2* http2- 401",
            "https2* http2* 401",
            id="a login after a 401",
        ),
        pytest.param(
            "login", "v2-only", WRONG_PASSWORD, "https2* 401", "https2* 401", id="a login that ends"
        ),
        pytest.param(
            "pull",
            "netip",
            BAD_CERTIFICATE,
            "https2 http2- tls-bad",
            "https2 http2* ok",
            id="a pull after a bad certificate",
        ),
        pytest.param(
            "push",
            "netip",
            WRONG_PASSWORD,
            "https2* http2- 401",
            "https2* http2- 401",
            id="a push, which remembers TLS by itself",
        ),
        pytest.param(
            "plugin-push",
            "netip",
            WRONG_PASSWORD,
            "https2* http2- 401",
            "https2* http2* 401",
            id="a plugin's push after a 401",
        ),
        pytest.param(
            "plugin-install",
            "v2-only",
            WRONG_PASSWORD,
            "https2* 401",
            "https2* 401",
            id="a plugin of v20.10 after a 401",
        ),
        pytest.param(
            "plugin-install",
            "v2-only",
            BAD_CERTIFICATE,
            "https2 http2- tls-bad",
            "https2 http2* ok",
            id="a plugin after a bad certificate",
        ),
        pytest.param(
            "classic-build",
            "reloadable",
            BAD_CERTIFICATE,
            "https2 http2- https1 http1- tls-bad",
            "https2 http2* ok",
            id="a classic build",
        ),
        pytest.param(
            "login",
            "ping-login",
            HTTP_ONLY,
            "https2 https1 http2 http2* ok",
            "https2 https1 refused",
            id="a login by ping is not reached",
        ),
        pytest.param(
            "search",
            "netip",
            HTTP_ONLY,
            "https1 http1 http1* ok",
            "https1 refused",
            id="a search is not reached",
        ),
        pytest.param(
            "build", "netip", HTTP_ONLY, "https2 http2* ok", "https2 refused", id="nor a build"
        ),
        pytest.param(
            "build",
            "netip",
            BAD_CERTIFICATE,
            "https2 tls-bad",
            "https2 tls-bad",
            id="which leaks nothing then",
        ),
    ],
)
def test_the_core_alone(
    action: Action, kind: str, answers: tuple[str, ...], whole: str, core: str
) -> None:
    assert shown(walk(action, ON, kind, answers)) == whole
    assert shown(walk(action, ON, kind, answers, edits=CORE)) == core


@pytest.mark.parametrize(
    ("action", "kind", "on"),
    [
        pytest.param("login", "netip", "https2 http2- stalled", id="a login has seen it"),
        pytest.param("login", "ping-login", "https2 stalled", id="a ping waits"),
        pytest.param("search", "netip", "https1 stalled", id="so does a search"),
        pytest.param("pull", "netip", "https2 http2* ok", id="a pull counts it as no answer"),
        pytest.param("push", "v2-only", "https2 http2* ok", id="so does a push"),
        pytest.param(
            "pull", "ping-login", "https2 http2- https1 stalled", id="but not without a memory"
        ),
        pytest.param("build", "netip", "https2 stalled", id="a build waits"),
        pytest.param("plugin-push", "netip", "https2 stalled", id="so do plugins"),
    ],
)
def test_a_certificate_and_then_nothing(action: Action, kind: str, on: str) -> None:
    answers = ("https://h.example=stalled", "http://h.example=401+accepts")
    assert shown(walk(action, ON, kind, answers)) == on


@pytest.mark.parametrize(
    ("action", "kind", "store", "word"),
    [
        ("plugin-install", "first-lookups", "graph", "plugins"),
        ("plugin-push", "v1-hub", "graph", "plugins"),
        ("pull", "v2-only", "containerd", "containerd"),
        ("login", "reloadable", "containerd", "containerd"),
    ],
)
def test_a_road_that_is_not_there(action: Action, kind: str, store: Store, word: str) -> None:
    with pytest.raises(ModelError, match=word) as caught:
        _made(action, ON, PRESETS[kind], Answer(), Answer(), store)
    assert caught.value.kind == "road"


@pytest.mark.parametrize("rule", ["", "https", "client"])
def test_a_store_whose_hosts_are_not_known(rule: BuildRule) -> None:
    traits = replace(PRESETS["netip"], buildkit=rule)
    for action in ACTIONS:
        with pytest.raises(ModelError, match="not known") as caught:
            _made(action, ON, traits, Answer(), Answer(), "containerd")
        assert caught.value.kind == "road"


@pytest.mark.parametrize(
    ("kind", "answers", "https", "error"),
    [
        ("netip", WRONG_PASSWORD, "https2*", "401"),
        ("netip", MISSING, "https2", "404"),
        ("netip", DENIED, "https2", "403"),
        ("v2-only", DENIED, "https2", "403"),
    ],
)
def test_the_registrys_word_ends_a_pull_and_not_a_push(
    kind: str, answers: tuple[str, ...], https: str, error: str
) -> None:
    for options, rest in ((OFF, ""), (ON, " http2-"), (LISTED, " http2-")):
        assert shown(walk("pull", options, kind, answers)) == f"{https} {error}"
        assert shown(walk("push", options, kind, answers)) == f"{https}{rest} {error}"
