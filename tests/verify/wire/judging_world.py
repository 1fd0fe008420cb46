"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones: what its tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from gopatch.model import PRESETS, Action, Options, Traits
from gopatch.story.question import Answers, Question, edits_for
from gopatch.story.tell import story
from gopatch.verify._wire.logged import Event
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.places import (
    CHALLENGE,
    INDEX,
    MIXED_UP,
    OPEN,
    PLACES,
    REGISTRIES,
    TRAPS,
    UNKNOWN_CA,
)
from gopatch.verify._wire.settings import KEY, SETTINGS, Setting

TRAITS = PRESETS["v2-only"]


ALL = frozenset(
    {
        "guard-v2",
        "search",
        "hosts",
        "reload",
        "no-downgrade-login",
        "no-downgrade-pull",
        "no-downgrade-push",
        "no-downgrade-plugin",
        "warn",
        "warn-info",
        "warn-reload",
    }
)


CORE = frozenset({"guard-v2"})


ROADS = ("login", "push", "pull", "pull-digest", "build", "buildkit", "plugin-push", "plugin")


ACTIONS: dict[str, Action] = {
    "login": "login",
    "push": "push",
    "pull": "pull",
    "pull-digest": "pull",
    "build": "classic-build",
    "buildkit": "build",
    "plugin-push": "plugin-push",
    "plugin": "plugin-install",
    "search": "search",
}


WARNING = f'level=warning msg="{KEY} is on"'


def works(setting: Setting, road: str, edits: frozenset[str]) -> bool:
    if setting.listed:
        return True
    needed = {"search": "search", "buildkit": "hosts"}.get(road, "guard-v2")
    return setting.option and needed in edits


def told(
    setting: Setting, road: str, host: str, edits: frozenset[str], traits: Traits = TRAITS
) -> tuple[bool, tuple[str, ...]]:
    """Whether it works, and the lines of a daemon that does what the model says."""
    action = ACTIONS[road]
    on = setting.option and works(setting, road, edits)
    options = Options(insecure_registries=setting.listed, accept_insecure_registry=on)
    answers = Answers(tuple(pair for place in PLACES for pair in place.answers()))
    parts = edits_for(action, edits, plugin_hosts=True)
    found = story(Question(host, action, options, traits, answers, edits=parts))
    return found.ok, tuple(line for attempt in found.attempts for line in attempt.log)


def step(
    setting: Setting, road: str, host: str, edits: frozenset[str], traits: Traits = TRAITS
) -> Observation:
    able, lines = told(setting, road, host, edits, traits)
    ok = able and works(setting, road, edits)
    error, served = ("", 3) if ok else ("refused", 0)
    return Observation("graph", setting.name, road, host, error, lines, served)


@lru_cache
def perfect(edits: frozenset[str], traits: Traits = TRAITS) -> tuple[Observation, ...]:
    """All that a room tells of daemons that are right, for a port with these edits."""
    found = []
    by_name = {setting.name: setting for setting in SETTINGS}
    for name in ("stock-listed", "stock", "off", "on", "listed"):
        setting = by_name[name]
        warned = (WARNING,) if setting.option and "warn" in edits else ()
        found.append(Observation("graph", name, "start", "", "", warned))
        for place in REGISTRIES:
            found += [step(setting, road, place.host, edits, traits) for road in ROADS]
        found.append(step(setting, "search", INDEX.host, edits, traits))
    return (*found, *_trapped(by_name, edits, traits), *_reloaded(edits))


def _trapped(
    by_name: dict[str, Setting], edits: frozenset[str], traits: Traits
) -> list[Observation]:
    """What is told of traps, of Docker Hub, and of daemons that must not start."""
    found = []
    on = by_name["on"]
    found.append(step(on, "login", MIXED_UP.host, edits, traits))
    for place in TRAPS:
        lines = told(on, "login", place.host, edits, traits)[1]
        # The model's word for a certificate that is refused; without rails HTTP comes next.
        plain = int(
            place.https in ("unknown-ca", "wrong-name") and "no-downgrade-login" not in edits
        )
        seen = Observation("graph", "on", "login", place.host, "refused", lines)
        found.append(replace(seen, plain=plain, secrets=plain))
    found.append(Observation("graph", "on", "pull", "docker.io", "refused"))
    found += [
        Observation("graph", "file", "start", "", "", (WARNING,)),
        step(by_name["file"], "login", OPEN.host, edits, traits),
        Observation("graph", "file", "info", OPEN.host, "", (f"{KEY} is on",)),
        Observation(
            "graph", "flag-and-key", "start", "",
            "dockerd does not start: specified both as a flag and in the configuration file",
        ),
        Observation("graph", "key-no-boolean", "start", "", "json: cannot unmarshal string"),
    ]  # fmt: skip
    return found


def _reloaded(edits: frozenset[str]) -> list[Observation]:
    """What is told of reloads."""
    found = []
    for name, working in (("off", False), ("on", "reload" in edits), ("off-again", False)):
        for road in ("reload", "login"):
            fails = road == "login" and not working
            found.append(
                Observation(
                    "graph", f"reload-{name}", road, OPEN.host,
                    "refused" if fails else "", (WARNING,), 0 if fails else 2,
                )
            )  # fmt: skip
    found.append(Observation("graph", "stock-reload-on", "reload", OPEN.host, ""))
    return found


Change = Callable[[Observation], Observation]


def changed(
    edits: frozenset[str], setting: str, road: str, host: str, change: Change
) -> list[Observation]:
    """`perfect`, but for one step."""
    found = list(perfect(edits))
    spots = [n for n, one in enumerate(found) if (one.setting, *one.key) == (setting, road, host)]
    assert len(spots) == 1
    found[spots[0]] = change(found[spots[0]])
    return found


def fails(one: Observation) -> Observation:
    return replace(one, error="refused", served=0)


def succeeds(one: Observation) -> Observation:
    return replace(one, error="", served=2)


def leaks(one: Observation) -> Observation:
    return replace(one, plain=2, secrets=1, leaks=("192.0.2.30:80 GET /v2/ HTTP/1.1",))


def silent(one: Observation) -> Observation:
    return replace(one, log=())


def plain_first(one: Observation) -> Observation:
    return replace(one, log=(f'msg="do request" url="http://{one.host}/v2/"', *one.log))


WRONG = {
    "stock works over HTTP": ("stock", "pull", OPEN.host, succeeds),
    "stock sends HTTP and fails": ("stock", "pull", OPEN.host, lambda o: replace(o, served=1)),
    "the patched daemon works though off": ("off", "login", OPEN.host, succeeds),
    "off and other attempts": ("off", "login", OPEN.host, silent),
    "on and login fails": ("on", "login", OPEN.host, fails),
    "on and a build fails": ("on", "build", OPEN.host, fails),
    "on and BuildKit fails": ("on", "buildkit", OPEN.host, fails),
    "on and search fails": ("on", "search", INDEX.host, fails),
    "on and HTTP was never seen": ("on", "plugin", OPEN.host, lambda o: replace(o, served=0)),
    "on and other attempts": ("on", "pull", OPEN.host, silent),
    "on and BuildKit asks over HTTP first": ("on", "buildkit", OPEN.host, plain_first),
    "off and BuildKit asks over HTTP": ("off", "buildkit", OPEN.host, plain_first),
    "on and a plugin is silent": ("on", "plugin", OPEN.host, silent),
    "on and a plugin's push goes to HTTP alone": ("on", "plugin-push", OPEN.host, plain_first),
    "stock and BuildKit falls back": ("stock", "buildkit", OPEN.host, plain_first),
    "listed and BuildKit is silent": ("listed", "buildkit", OPEN.host, silent),
    "no falling back": ("on", "login", MIXED_UP.host, fails),
    "a leak after a 401": ("on", "login", CHALLENGE.host, leaks),
    "a leak to Docker Hub": ("on", "pull", "docker.io", leaks),
    "listed and worse than stock": ("listed", "push", OPEN.host, fails),
    "listed and other attempts": ("listed", "push", OPEN.host, silent),
    "the key does not work": ("file", "login", OPEN.host, fails),
    "no warning in docker info": ("file", "info", OPEN.host, silent),
    "no warning at start": ("on", "start", "", silent),
    "a warning though off": ("off", "start", "", lambda o: replace(o, log=(WARNING,))),
    "a daemon does not start": ("on", "start", "", lambda o: replace(o, error="panic")),
    "flag and key are taken": ("flag-and-key", "start", "", lambda o: replace(o, error="")),
    "a text as the key is taken": ("key-no-boolean", "start", "", lambda o: replace(o, error="")),
    "refused for another reason": (
        "flag-and-key", "start", "", lambda o: replace(o, error="no such file"),
    ),
    "a reload does not turn it on": ("reload-on", "login", OPEN.host, fails),
    "a reload does not turn it off": ("reload-off-again", "login", OPEN.host, succeeds),
    "a reload kills": ("reload-on", "reload", OPEN.host, lambda o: replace(o, error="dies")),
    "no warning on reload": ("reload-on", "reload", OPEN.host, silent),
}  # fmt: skip


BAD = UNKNOWN_CA.host


def trapped(road: str, host: str, plain: int, secrets: int) -> list[Observation]:
    """What a port without rails shows, with one step at a trap beside it."""
    setting = next(one for one in SETTINGS if one.name == "on")
    lines = told(setting, road, host, CORE)[1]
    found = [one for one in perfect(CORE) if one.key != (road, host)]
    seen = Observation("graph", "on", road, host, "refused", lines, plain=plain, secrets=secrets)
    return [*found, seen]


def closed(found: Iterable[Observation]) -> list[Observation]:
    """The same of a daemon that nobody gets a password out of."""
    return [replace(one, plain=0, secrets=0) for one in found]


WANT = (Event("request", "https://h"), Event("fall back", "h"))


LOG = (
    'level=debug msg="do request" url="https://h/v2/"',
    'level=warning msg="Falling back to plain HTTP for h, which does not answer over HTTPS"',
)


PULLS = (Event("pull", "https://h"), Event("next"))


PULL_LOG = (
    'msg="Trying to pull h/image from https://h"',
    'msg="Attempting next endpoint for pull after error: x"',
)
