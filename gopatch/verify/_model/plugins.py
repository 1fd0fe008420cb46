"""The clients of plugins: containerd's resolver goes through their hosts by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gopatch.evaluate import Many
from gopatch.evaluate.errors_of_net import ANSWERS
from gopatch.model import Options, is_docker_hub
from gopatch.verify._model.certified_clients import judge_certified
from gopatch.verify._model.certs import Certs, lying
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.driven_roads import HOSTS, HUB, OFF, ON
from gopatch.verify._model.driving import TELLING, can_ask, can_list
from gopatch.verify._model.points import Point
from gopatch.verify._model.solving import solved


class Plugins:
    """Plugins: containerd's resolver goes through the hosts by itself; a push comes back for those
    without TLS after any error."""

    def __init__(self, stock: EvaluatedDaemon, port: EvaluatedDaemon) -> None:
        self.stock, self.port = stock, port

    def go(
        self,
        daemon: EvaluatedDaemon,
        host: str,
        options: Options,
        https: str,
        *,
        push: bool = False,
    ) -> RoadResult:
        service = daemon.registry.start(options)

        def drive() -> Any:
            hosts, error = daemon.hosts_or_error(service, host, options, plugin=True)
            for entry in hosts:
                scheme, name = entry.fields["Scheme"], entry.fields["Host"]
                if push and scheme != "http":
                    continue
                body = "layer" if push else ""
                response, error = daemon.send(
                    entry.fields["Client"], f"{scheme}://{name}/v2/", body=body
                )
                if error is None:
                    return Many((response, None))
            return Many((None, error))

        return daemon.run(drive, {("https", host): https, ("http", host): "200"})

    def judge(self, point: Point) -> None:
        asked = self.port.program.library.asked
        asked.answers.clear()
        for host in HOSTS:
            self._unlisted(point, host, ANSWERS)
            self._unchanged(point, host)
        for host in HUB:
            self._hub(point, host)
        for host in solved(asked, (*HOSTS, *HUB)) if not point.misses else ():
            if is_docker_hub(host):
                self._hub(point, host)
            elif self._knows(host) and can_list(self.stock, host):
                self._unlisted(point, host, TELLING)
                self._unchanged(point, host)
        judge_certified(point, self.stock, self.port, self._ask)

    def _ask(
        self, daemon: EvaluatedDaemon, host: str, options: Options, https: str, certs: Certs
    ) -> RoadResult:
        with lying(daemon.program.library, certs, daemon.traits.certs_folder):
            return self.go(daemon, host, options, https)

    def _unlisted(self, point: Point, host: str, answers: Iterable[str]) -> None:
        for name in answers:
            for push in (False, True):
                if name != "silent" or push:
                    self._on(point, host, name, push=push)

    def _unchanged(self, point: Point, host: str) -> None:
        """Off, and for a listed registry."""
        listed = Options(insecure_registries=(host,))
        for options, accept in ((OFF, False), (listed, False), (listed, True)):
            for name in TELLING:
                asked = Options(options.mirrors, options.insecure_registries, accept)
                wanted, found = (
                    self.go(self.stock, host, options, name),
                    self.go(self.port, host, asked, name),
                )
                right = (found.trace, found.fine) == (wanted.trace, wanted.fine)
                point.expect(right, f"plugin: {host}, {name}: not as in the original")

    def _hub(self, point: Point, host: str) -> None:
        leaks = self.go(self.port, host, ON, "refused").plain
        point.expect(not leaks, f"plugin: {host} is Docker Hub, and is asked over plain HTTP")

    def _knows(self, host: str) -> bool:
        """Whether the original can be asked about a host, which may be listed as well."""
        return can_ask(
            self.stock, host, lambda options: self.go(self.stock, host, options, "refused")
        )

    def _on(self, point: Point, host: str, name: str, *, push: bool) -> None:
        found, answer = self.go(self.port, host, ON, name, push=push), ANSWERS[name]
        when = f"{host} answers over HTTPS with: {name}{', a push' if push else ''}"
        if answer.answered == "late":
            return
        if answer.answered:
            bare = self.go(self.stock, host, OFF, name, push=push).plain if found.plain else ()
            leaks = [
                s for s in found.plain if s.url.startswith(f"http://{host}/") and s not in bare
            ]
            what = "the password goes" if any(s.secret for s in leaks) else "a request goes"
            point.expect(
                not leaks,
                f"plugin: a leak: {what} to http://{host} after HTTPS was answered ({when})",
            )
            return
        listed = self.go(self.stock, host, Options(insecure_registries=(host,)), name, push=push)
        right = [s.url for s in found.plain] == [
            s.url for s in listed.plain
        ] and found.fine == listed.fine
        crash = f" ({found.crash})" if found.crash else ""
        point.expect(right, f"plugin: {when}: not over plain HTTP, as a listed registry is{crash}")
        safe = all(
            not s.secret for s in found.trace[len(listed.trace) :] if s.url.startswith("https:")
        )
        point.expect(safe, f"plugin: {when}: the question over HTTPS has the password")
