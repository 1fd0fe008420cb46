"""The texts of Docker's source that traits are read off: a handful of files, function by function."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Read = Callable[[str], bytes | None]
"""The bytes of a file below the engine root, or None where there is none."""

_REGISTRY = ("registry/", "daemon/pkg/registry/")
_DISTRIBUTION = ("distribution/", "daemon/internal/distribution/", "graph/")
_REFERENCE = ("vendor/github.com/distribution/", "vendor/github.com/docker/distribution/")
_COMMAND = ("cmd/dockerd/config.go", "cmd/dockerd/config_unix.go")
_PLUGIN = ("plugin/", "daemon/pkg/plugin/")
_CONTAINERD = (
    "vendor/github.com/containerd/containerd/v2/core/remotes/docker/",
    "vendor/github.com/containerd/containerd/remotes/docker/",
)
_BUILDKIT = ("vendor/github.com/moby/buildkit/util/resolver/",)


@dataclass(frozen=True)
class SourceTexts:
    """The files that count, "" for what is not there; `registry` and `distribution` are joined
    from those files of the folder that hold the functions asked for."""

    v2: str
    v1: str
    registry: str
    command: str
    reference: str
    distribution: str = ""
    pull: str = ""
    push: str = ""
    daemon: str = ""
    builder: str = ""
    store: str = ""
    plugin_hosts: str = ""
    plugin_backend: str = ""
    plugin_first: str = ""
    containerd: str = ""
    resolver: str = ""
    search: str = ""
    reload: str = ""


def texts_of(read: Read, *, lookups: bool) -> SourceTexts:
    def joined(folders: tuple[str, ...], *names: str) -> str:
        found = (read(folder + name) for folder in folders for name in names)
        return "\n".join(data.decode("utf-8", "replace") for data in found if data)

    return SourceTexts(
        v2=joined(_REGISTRY, "service_v2.go"),
        v1=joined(_REGISTRY, "service_v1.go"),
        registry=joined(
            _REGISTRY,
            *("config.go", "config_unix.go", "service.go", "search.go", "auth.go"),
            *("registry.go", "endpoint.go", "endpoint_v1.go"),
        ),
        command=joined(("",), *_COMMAND),
        reference=joined(_REFERENCE, "reference/regexp.go", "reference/normalize.go"),
        **({} if lookups else _more_texts(joined)),
    )


def _more_texts(joined: Callable[..., str]) -> dict[str, str]:
    """What says nothing about the lookups."""
    return {
        "distribution": joined(_DISTRIBUTION, "pull.go", "errors.go", "registry.go"),
        "pull": joined(_DISTRIBUTION, "pull_v2.go"),
        "push": joined(_DISTRIBUTION, "push_v2.go"),
        "daemon": joined(("daemon/",), "daemon.go", "hosts.go"),
        "builder": joined(("builder/builder-next/",), "adapters/containerimage/pull.go"),
        "store": joined(("daemon/containerd/",), "resolver.go"),
        "plugin_hosts": joined(_PLUGIN, "registry.go"),
        "plugin_backend": joined(_PLUGIN, "backend_linux.go"),
        "plugin_first": joined(("plugin/distribution/",), "pull.go"),
        "containerd": joined(_CONTAINERD, "resolver.go", "registry.go"),
        "resolver": joined(_BUILDKIT, "resolver.go"),
        "search": joined(_REGISTRY, "search_endpoint_v1.go"),
        "reload": joined(("daemon/",), "reload.go", "daemon.go"),
    }


def function(name: str, text: str) -> str:
    """The text of a top-level function or method, "" where there is none."""
    found = re.search(rf"^func (?:\([^)\n]*\) )?{name}\(.*?^}}", text, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def without_service(text: str) -> str:
    """Methods of the service only lock and call those of its configuration, by the same names."""
    return re.sub(r"^func \(s \*?\w+\) [lL]oad.*?^}", "", text, flags=re.MULTILINE | re.DOTALL)
