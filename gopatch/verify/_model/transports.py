"""The clients that BuildKit, the image store and plugins are given: what they send, request by request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gopatch.evaluate import GoPanicError, Many, UnsupportedError
from gopatch.evaluate.errors_of_net import ANSWERS, error_of, record_header_text, text_of_error
from gopatch.evaluate.network import SECOND
from gopatch.model import Options, is_docker_hub
from gopatch.verify._model.certified_clients import judge_certified
from gopatch.verify._model.certs import Certs, lying
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.door_arguments import USER, WORD
from gopatch.verify._model.driven_roads import HOSTS, HUB, OFF, ON, PORT_443
from gopatch.verify._model.driving import can_ask, can_list
from gopatch.verify._model.plugins import Plugins
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.solving import solved
from gopatch.verify._model.stories import TELLING, StoryStep, named, stories
from gopatch.verify._model.two_registries import judge_two

_LISTED = tuple(Options(insecure_registries=(f"{by}{HOSTS[0]}",)) for by in ("", "http://"))
_SAME = ("refused", "plain HTTP", "bad certificate", "200")
_OTHERS = ("mirror.test", "m.test", "other.test")  # hosts beside the one that is asked about
_PATH = "/v2/?n=1"
_SECRET = f"Basic {USER}:{WORD}"


def judge_hosts(stock: EvaluatedDaemon, port: EvaluatedDaemon) -> Iterator[Point]:
    """BuildKit and the image store, where the daemon tells them the hosts."""
    if stock.door("hosts") is not None:
        yield looked_at("hosts", lambda: _try_out(stock), _Hosts(stock, port).judge)
    if stock.door("plugin") is not None:
        plugins = Plugins(stock, port)
        yield looked_at(
            "plugin", lambda: plugins.go(stock, HOSTS[0], OFF, "refused"), plugins.judge
        )


def _try_out(stock: EvaluatedDaemon) -> None:
    """The original, with a list and without: what it cannot do here is no fault of the port."""
    for options in (
        OFF,
        *_LISTED,
        Options(mirrors=("https://m.test",)),
    ):
        _ask(stock, HOSTS[0], options, "refused")


def _ask(
    daemon: EvaluatedDaemon, host: str, options: Options, https: str, certs: Certs = ()
) -> RoadResult:
    """One request to each of the hosts of a registry, until one answers."""
    service = daemon.registry.start(options)

    def go() -> Any:
        hosts, error = daemon.hosts_or_error(service, host, options)
        for entry in hosts:
            url = f"{entry.fields['Scheme']}://{entry.fields['Host']}/v2/"
            response, error = daemon.send(entry.fields["Client"], url)
            if error is None:
                return Many((response, None))
        return Many((None, error))

    with lying(daemon.program.library, certs, daemon.traits.certs_folder):
        return daemon.run(go, _answers(host, https, "200"))


def _answers(host: str, https: str, http: str) -> dict[tuple[str, str], str]:
    return {("https", host): https, ("http", host): http}


class _Hosts:
    def __init__(self, stock: EvaluatedDaemon, port: EvaluatedDaemon) -> None:
        self.stock, self.port = stock, port

    def judge(self, point: Point) -> None:
        asked = self.port.program.library.asked
        asked.answers.clear()
        for host in HOSTS:
            for name, steps in stories():
                self._story(point, host, name, steps)
        self._story(point, PORT_443, *stories()[0])
        for host in (*HUB, *(f"{name}:8443" for name in HUB), "Docker.IO", "docker.io."):
            self._hub(point, host)
        self._same(point)
        for host in solved(asked, (*HOSTS, PORT_443, *HUB, *_OTHERS)) if not point.misses else ():
            self._shaped(point, host)
        self._elsewhere(point)
        self._configured(point)
        self._others(point)
        judge_certified(point, self.stock, self.port, _ask)
        judge_two(point, self.stock, self.port)

    def _shaped(self, point: Point, host: str) -> None:
        """A host for which a condition of the port's own holds: the stories in which a leak shows."""
        if is_docker_hub(host):
            self._hub(point, host)
        elif self._knows(host) and can_list(self.stock, host):
            listed = Options(insecure_registries=(host,))
            own = not _ask(self.stock, host, OFF, "refused").plain  # it has no way of its own
            for name, steps in stories() if own else ():
                if name in TELLING:
                    self._story(point, host, name, steps)
            for options in (OFF, listed):
                self._as_original(point, host, options, accept=options is listed)

    def _knows(self, host: str) -> bool:
        return can_ask(self.stock, host, lambda options: _ask(self.stock, host, options, "refused"))

    def _story(self, point: Point, host: str, name: str, steps: tuple[StoryStep, ...]) -> None:
        daemon = self.port
        options = OFF if steps[0].on is False else ON
        daemon.world.reset({})
        service = daemon.registry.start(options)
        entry = _own(daemon.hosts(service, host, options), host)
        for number, step in enumerate(steps, 1):
            if step.on is not None and step.on != options.accept_insecure_registry:
                options = ON if step.on else OFF
                if not turn(daemon, service, options):
                    return
            wrong = self._step(host, entry, step)
            where = f"{name}, step {number}" if len(steps) > 1 else name
            if wrong in (_QUIET, _HASTY, _UNTOLD):
                point.cases += 1
                point.doubts.append(f"hosts: {where} ({host}): {wrong}")
            else:
                point.expect(not wrong, f"hosts: {where} ({host}): {wrong}")

    def _step(self, host: str, entry: Any, step: StoryStep) -> str:
        """What is wrong with a step, "" where nothing is."""
        world = self.port.world
        now = world.now + step.wait * SECOND
        world.reset(_answers(host, step.https, step.http))
        world.now, world.cancelled, world.gives_up = now, step.cancelled, step.gives_up
        world.location = named(step.location, host)
        before = len(world.log)
        try:
            client = entry.fields["Client"]
            response, error = self.port.send(
                client, f"https://{host}{_PATH}", body=step.body, again=step.again
            )
        except GoPanicError as crash:
            return f"crashes: {crash}"
        sent = [one.url.partition(":")[0] for one in world.trace]
        if sent not in step.want:
            leak = "a leak: " if "http" in sent and ANSWERS[step.https].answered else ""
            wanted = " or ".join(" and then ".join(way) or "nothing" for way in step.want)
            return f"{leak}asks over {' and then '.join(sent) or 'nothing'}, not {wanted}"
        if (error is None) != step.fine:
            return f"ends {'well' if error is None else 'in an error'}"
        for one in world.trace:
            if one.secret != _SECRET or one.url.partition("://")[2] != f"{host}{_PATH}":
                return f"{one.url}: sent to another place, or without its password"
            if one.url.startswith("http:") and one.body != step.body:
                return "what is uploaded over plain HTTP is not what was to be sent"
        told = response.target.fields["Header"].get("Location") if step.told else None
        if told is not None and list(told) != [named(step.told, host)]:
            return f"the registry's Location {world.location} is told as {told[0]}"
        return self._asked_as(response, host) or _told(error, step) or self._loud(sent, before)

    def _asked_as(self, response: Any, host: str) -> str:
        """Whoever goes on from a response must find the registry as it was asked."""
        made = None if response is None else response.target.fields["Request"]
        url = None if made is None else made.target.fields["URL"].target.fields
        if url is None or (url["Scheme"], url["Host"]) == ("https", host):
            return ""
        return f"the response is said to come from {url['Scheme']}://{url['Host']}"

    def _loud(self, sent: list[str], before: int) -> str:
        warned = any(level.startswith("Warn") for level, _ in self.port.world.log[before:])
        if self.port.world.cancelled and warned and "http" not in sent:
            return _HASTY
        return "" if sent != ["https", "http"] or warned else _QUIET

    def _hub(self, point: Point, host: str) -> None:
        for name in ("refused", "plain HTTP"):
            leaks = [s for s in _ask(self.port, host, ON, name).trace if s.url.startswith("http:")]
            point.expect(not leaks, f"hosts: {host} is Docker Hub, and is asked over plain HTTP")

    def _same(self, point: Point) -> None:
        """Off, listed, or by a mirror: as the original does."""
        mirrored = Options(mirrors=("https://mirror.test",))
        for options in (OFF, *_LISTED):
            for accept in (False, True):
                if options is not OFF or not accept:
                    self._as_original(point, HOSTS[0], options, accept=accept)
        for accept in (False, True):
            for name in _SAME:
                asked = replace(mirrored, accept_insecure_registry=accept)
                plain = _ask(self.port, "docker.io", asked, name).plain
                own = any("mirror.test" in sent.url for sent in plain)
                point.expect(not own, f"hosts: a mirror is asked over plain HTTP ({name})")

    def _as_original(self, point: Point, host: str, options: Options, *, accept: bool) -> None:
        for name in _SAME:
            wanted = _ask(self.stock, host, options, name)
            asked = replace(options, accept_insecure_registry=accept)
            found = _ask(self.port, host, asked, name)
            fine = (found.trace, found.fine) == (wanted.trace, wanted.fine)
            if options.insecure_registries and accept and not wanted.plain:
                # Listing it does not open this road here, and the option may.
                fine = fine or (bool(found.plain) and not ANSWERS[name].answered)
            point.expect(fine, f"hosts: {host}, {name}: not as in the original")

    def _elsewhere(self, point: Point) -> None:
        """Where a registry sends its caller to is no registry that the option opens."""
        daemon = self.port
        ends = [(near, f"other{by}{near}") for near in HOSTS for by in ".-"]
        for host, other in (
            (HOSTS[0], HOSTS[1]),
            (HOSTS[1], "reg.test:6000"),
            (HOSTS[1], "other.test"),
            (HOSTS[0], f"{HOSTS[0]}.other"),
            *ends,
        ):
            for first in (other, host):
                there = _answers(other, "refused", "200")
                # The registry's own answer leads there, in the second case.
                sent_on = {} if first == other else _answers(host, "refused", "redirect")
                daemon.world.reset({**sent_on, **there})
                daemon.world.location = f"https://{other}/v2/"
                entry = _own(daemon.hosts(daemon.registry.start(ON), host, ON), host)
                daemon.send(entry.fields["Client"], f"https://{first}/v2/")
                plain = [s for s in daemon.world.trace if s.url.startswith(f"http://{other}/")]
                point.expect(not plain, f"hosts: a client of {host} asks {other} over plain HTTP")

    def _configured(self, point: Point) -> None:
        """A registry with a hosts.toml of its own is asked as that says; whether the option opens it, too,
        is the port's to say."""
        wanted = _ask(self.stock, HOSTS[0], OFF, "refused")
        self.port.world.configured = True
        try:
            found = _ask(self.port, HOSTS[0], ON, "refused")
        finally:
            self.port.world.configured = False
        fine = found.trace[: len(wanted.trace)] == wanted.trace and not found.crash
        point.expect(fine, f"hosts: {HOSTS[0]}, which has a hosts.toml: not asked over HTTPS first")

    def _others(self, point: Point) -> None:
        """Clients that somebody else holds as well do not change."""
        daemon, host = self.port, HOSTS[0]
        daemon.world.reset(_answers(host, "refused", "200"))
        daemon.world.clients.clear()
        made = daemon.hosts(daemon.registry.start(ON), host, ON)
        given = [entry.fields["Client"] for entry in made]
        for client in (*daemon.world.clients, daemon.world.shared):
            if client not in given:
                daemon.send(client, f"https://{host}/v2/")
        plain = [sent for sent in daemon.world.trace if sent.url.startswith("http:")]
        point.expect(not plain, "hosts: a client that others hold falls back as well")


def _told(error: Any, step: StoryStep) -> str:
    """Whoever reads of a failure must learn what it was."""
    given = [error_of("cancelled"), *(map(error_of, (step.https, step.http)))]
    causes = [text_of_error(record_header_text(each)) for each in given if each is not None]
    said = "" if error is None else text_of_error(error)
    return "" if error is None or any(cause in said for cause in causes) else _UNTOLD


_QUIET = "nothing is logged as a warning"
_UNTOLD = "its error does not say what went wrong"
_HASTY = "a warning is logged, and the caller has given up"


def _own(entries: list[Any], host: str) -> Any:
    found = [entry for entry in entries if entry.fields["Host"] == host]
    if not found:
        raise UnsupportedError(f"none of the hosts of {host} is its own")
    return found[0]


def turn(daemon: EvaluatedDaemon, service: Any, options: Options) -> bool:
    """Turn the option of a running service, by whatever of its methods does that."""
    machine, probe = daemon.registry.machine, HOSTS[0]
    wanted = daemon.registry.lookup(daemon.registry.start(options), "pull", probe)
    for (kind, name), place in machine.package.methods.items():
        text = place.node.field("parameters")
        if kind != service.target.type or text is None:
            continue
        if name == "ReplaceConfig":
            found = machine.call_method(service, name, daemon.registry.options(options))
            found[0]()
        elif (text.text.endswith(b" bool)") and b"," not in text.text) or text.text == b"(bool)":
            machine.call_method(service, name, options.accept_insecure_registry)
        else:
            continue
        if daemon.registry.lookup(service, "pull", probe) == wanted:
            return True
    return False
