"""What holds on every road, whatever anybody answers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import PRESETS, WHOLE, Answer, Edits
from tests.model.walks import LISTED, OFF, ON, ROADS, Road, World, made, tried

SPOKEN = ["tls-good", "tls-bad"]
SILENT = ["refused", "timeout", "silent", "plain", "proxy-refused"]

roads = st.sampled_from(ROADS)
statuses = st.sampled_from([200, 401, 403, 404, 500])
nowhere = st.just("")


def answering(transports: list[str]) -> st.SearchStrategy[Answer]:
    kinds = st.sampled_from(transports)
    return st.builds(Answer, kinds, statuses, st.booleans(), st.booleans(), nowhere)


plain = answering(["refused", "timeout", "silent", "plain", *SPOKEN])
spoken = st.builds(World, answering(SPOKEN), plain)
worlds = st.builds(World, answering([*SILENT, *SPOKEN, "stalled"]), plain)
parts = st.builds(Edits, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(roads, spoken)
def test_no_http_by_the_option_once_https_has_spoken(road: Road, world: World) -> None:
    assert all(url.startswith("https://") for url in tried(made(road, ON, world)))


@given(roads, worlds)
def test_a_password_needs_a_checked_certificate_or_http_after_silence(
    road: Road, world: World
) -> None:
    for attempt in made(road, ON, world).attempts:
        if attempt.credentials and attempt.url.startswith("https://"):
            assert world.https.transport in ("tls-good", "stalled")
        elif attempt.credentials:
            # Whoever can hold up an answer can block it as well: no rail keeps him out.
            held_up = "stalled" if attempt.kind in ("v2 pull", "v2 push") else ""
            assert world.https.transport in (*SILENT, held_up)


@given(roads, worlds)
def test_what_works_works_with_the_option_too(road: Road, world: World) -> None:
    stock, on = (made(road, options, world) for options in (OFF, ON))
    assert tried(stock)[0] == tried(on)[0]
    # V1 over https comes after V2 over http, whose answer can be final: the order is Docker's.
    if stock.ok and world.https.transport == "tls-good":
        assert on.ok


@given(roads, worlds)
def test_a_listed_registry_is_treated_as_before(road: Road, world: World) -> None:
    both = replace(LISTED, accept_insecure_registry=True)
    stock, on = (made(road, options, world) for options in (LISTED, both))
    # Not every road finds what is listed; there the option adds to it.
    if not any(attempt.by_option for attempt in on.attempts):
        assert stock == on
    assert stock.attempts[0] == on.attempts[0]
    assert not stock.ok or on.ok


@given(roads, worlds, parts)
def test_off_no_part_of_the_patch_does_anything(road: Road, world: World, edits: Edits) -> None:
    for options in (OFF, LISTED):
        stock = made(road, options, world)
        assert made(road, options, world, edits) == stock
        assert not any(attempt.by_option for attempt in stock.attempts)


@given(
    roads,
    st.sampled_from(["docker.io", "index.docker.io", "registry-1.docker.io"]),
    worlds,
    parts,
)
def test_docker_hub_is_never_asked_over_http(
    road: Road, host: str, world: World, edits: Edits
) -> None:
    found = made(road, ON, world, edits, host)
    assert all(url.startswith("https://") for url in tried(found))


@given(roads, worlds)
def test_the_rails_only_take_away(road: Road, world: World) -> None:
    """But for clause 6, which comes with the rail of a login, and is about a silence alone."""
    bare = replace(WHOLE, rails=False)
    railed, free = (made(road, ON, world, edits) for edits in (WHOLE, bare))
    over = [{url for url in tried(w) if url.startswith("http://")} for w in (railed, free)]
    assert over[0] <= over[1] or (road.action == "login" and world.https.transport == "timeout")
    # What has no rails to lose keeps its own: the search and the hosts.
    if world.https.transport in SPOKEN and road.action in ("search", "build"):
        assert railed.attempts == free.attempts or PRESETS[road.kind].buildkit == ""


@given(roads, worlds, st.sampled_from([301, 302, 303, 307, 308]))
def test_a_redirect_is_followed_to_its_end(road: Road, world: World, status: int) -> None:
    """One that leads back to itself ends; nobody sees its status."""
    around = Answer("tls-good", status, False, True, "https://h.example/v2/")
    found = made(road, ON, World(around, world.http))
    assert not found.ok
    assert not any(attempt.error == str(status) for attempt in found.attempts)
    assert all(
        len(attempt.hops) == 10 for attempt in found.attempts if attempt.error == "redirects"
    )
