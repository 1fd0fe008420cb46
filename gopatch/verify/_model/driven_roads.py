"""The roads of a daemon to a registry, each driven from its door in a setting: how the daemon is started, who is asked,
what that answers, and which files lie in the folder of certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.model import Options
from gopatch.verify._model.certs import Certs, lying, told_files
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult

HOSTS = ("reg.test", "reg.test:5000")
PORT_443 = f"{HOSTS[0]}:443"  # the port of HTTPS itself, by which nobody leaves HTTPS
HUB = ("docker.io", "index.docker.io", "registry-1.docker.io")
OFF, ON = Options(), Options(accept_insecure_registry=True)


class RoadSetting(NamedTuple):
    """How a daemon is started, who is asked, and which files lie in the folder of certificates."""

    host: str
    options: Options
    https: str
    http: str = "200"
    wording: str = ""
    certs: Certs = ()

    @property
    def said(self) -> str:
        option = (
            "--accept-insecure-registry"
            if self.options.accept_insecure_registry
            else "without the option"
        )
        listed = (
            f", {self.options.insecure_registries[0]} listed"
            if self.options.insecure_registries
            else ""
        )
        words = f", worded as {self.wording}" if self.wording else ""
        files = f", with {told_files(self.certs)}" if self.certs else ""
        return f"{option}{listed}{files}: {self.host} answers over HTTPS with: {self.https}{words}"


Drive = Callable[[EvaluatedDaemon, Any, str], Any]


class DrivenRoad(NamedTuple):
    """A road, and how it is driven."""

    name: str
    drive: Drive

    def once(self, daemon: EvaluatedDaemon, setting: RoadSetting) -> RoadResult:
        """What a daemon does that does not change: the original."""
        if (self.name, setting) not in daemon.known:
            daemon.known[self.name, setting] = self.go(daemon, setting)
        return daemon.known[self.name, setting]

    def go(self, daemon: EvaluatedDaemon, setting: RoadSetting) -> RoadResult:
        service = daemon.registry.start(setting.options)
        hub = {("https", name): setting.https for name in (*HUB, "registry-1.docker.io")}
        answers = {
            **hub,
            ("https", setting.host): setting.https,
            ("http", setting.host): setting.http,
        }
        with lying(daemon.program.library, setting.certs, daemon.traits.certs_folder):
            return daemon.run(
                lambda: self.drive(daemon, service, setting.host), answers, wording=setting.wording
            )


def _through(road: str) -> Drive:
    return lambda daemon, service, host: daemon.drive(road, service, host)


ROADS = (
    DrivenRoad("login", lambda daemon, service, host: daemon.login(service, host)),
    DrivenRoad("pull", _through("pull")),
    DrivenRoad("push", _through("push")),
    DrivenRoad("inspect", _through("inspect")),
    DrivenRoad("search", lambda daemon, service, host: daemon.search(service, host)),
)
