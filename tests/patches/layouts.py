"""The fixtures have the structure that they stand for, and with Go at hand they build and work: what its tests share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import tree_sitter
import tree_sitter_go

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


FOLDERS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_go.language()))


class Layout(NamedTuple):
    """Where a fixture keeps what edits look for, each by the declaration around it."""

    root: str  # engine root in the fixture
    registry: str  # folder of the registry package
    option: str  # "file: type" of the field InsecureRegistries
    flag: str  # "file: function" of the flag's registration
    new: str  # signature of NewService
    lookup: tuple[str, ...]  # signatures of the functions with the guard
    ping: str  # "file: function" of the guard of the ping


def _old(flag: str, lookup: tuple[str, ...]) -> Layout:
    return Layout(
        ".",
        "registry",
        "registry/config.go: Options",
        f"registry/config.go: func (options *Options) {flag}",
        "func NewService(options *Options) *Service",
        lookup,
        "registry/endpoint.go: func validateEndpoint(endpoint *Endpoint) error",
    )


def _modern(flag: str, new: str, lookup: tuple[str, ...], ping: str = "V1Endpoint") -> Layout:
    return Layout(
        ".",
        "registry",
        "registry/config.go: ServiceOptions",
        flag,
        f"func NewService(options ServiceOptions) {new}",
        lookup,
        ping
        if ":" in ping
        else f"registry/endpoint_v1.go: func validateEndpoint(endpoint *{ping}) error",
    )


def _ancient(new_endpoint: str) -> Layout:
    return Layout(
        ".",
        "registry",
        "daemon/config.go: Config",
        "daemon/config.go: func (config *Config) InstallFlags()",
        "func NewService(insecureRegistries []string) *Service",
        (),
        f"registry/endpoint.go: func NewEndpoint({new_endpoint}) (*Endpoint, error)",
    )


NAMED = "(endpoints []APIEndpoint, err error)"


MFLAG = "registry/config.go: func (options *ServiceOptions) InstallCliFlags(cmd *flag.FlagSet, usageFn func(string) string)"


METHOD = "registry/config.go: func (options *ServiceOptions) InstallCliFlags(flags *pflag.FlagSet)"


INSTALL = "cmd/dockerd/config.go: func installRegistryServiceFlags(options *registry.ServiceOptions, flags *pflag.FlagSet)"


COMMON = "func installCommonConfigFlags(conf *config.Config, flags *pflag.FlagSet)"


SEARCH = "search_endpoint_v1.go: func newV1Endpoint(index *registry.IndexInfo, headers http.Header) (*v1Endpoint, error)"


SEARCH_CTX = "search_endpoint_v1.go: func newV1Endpoint(ctx context.Context, index *registry.IndexInfo, headers http.Header) (*v1Endpoint, error)"


LOOKUP_CTX = "func (s *Service) lookupV2Endpoints(ctx context.Context, hostname string, includeMirrors bool) ([]APIEndpoint, error)"


def _v2(receiver: str, parameter: str = "hostname string") -> tuple[str, ...]:
    return (f"func (s *{receiver}) lookupV2Endpoints({parameter}) {NAMED}",)


def _both(receiver: str, parameter: str = "hostname string") -> tuple[str, ...]:
    v2 = _v2(receiver, parameter)
    return (v2[0].replace("V2", "V1"), *v2)


USAGE = "InstallFlags(cmd *flag.FlagSet, usageFn func(string) string)"


V17 = _modern(INSTALL, "(*DefaultService, error)", _both("DefaultService"))


V19 = _modern(INSTALL, "(*DefaultService, error)", _v2("DefaultService"))


LAYOUTS = {
    "v1.3.1": _ancient("hostname string, secure bool"),
    "v1.4.1": _ancient("hostname string, insecureRegistries []string"),
    "v1.5.0": _old("InstallFlags()", ()),
    "v1.7.1": _old("InstallFlags()", ()),
    "v1.8.2": _old(
        USAGE, (f"func (s *Service) lookupEndpoints(repoName string, isPush bool) {NAMED}",)
    ),
    "v1.8.3": _old(USAGE, _both("Service", "repoName string")),
    "v1.10.3": _old(USAGE, _both("Service", "repoName reference.Named")),
    "v1.11.2": _modern(MFLAG, "*Service", _both("Service")),
    "v1.12.6": _modern(MFLAG, "*DefaultService", _both("DefaultService")),
    "v1.13.1": _modern(METHOD, "*DefaultService", _both("DefaultService")),
    "v17.06.0-ce": _modern(METHOD, "*DefaultService", _both("DefaultService")),
    "v17.09.1-ce": _modern(INSTALL, "*DefaultService", _both("DefaultService")),
    "v17.12.1-ce": V17,
    "v18.09.9": V17,
    "v19.03.15": V19,
    "v20.10.27": V19,
    "v23.0.18": _modern(
        f"cmd/dockerd/config.go: {COMMON} error",
        "(Service, error)",
        _v2("defaultService"),
        "v1Endpoint",
    ),
    "v24.0.9": _modern(
        f"cmd/dockerd/config.go: {COMMON} error", "(*Service, error)", _v2("Service"), "v1Endpoint"
    ),
    "v27.5.1": _modern(
        f"cmd/dockerd/config.go: {COMMON} error",
        "(*Service, error)",
        _v2("Service"),
        f"registry/{SEARCH}",
    ),
    "v28.0.4": _modern(
        f"cmd/dockerd/config.go: {COMMON}",
        "(*Service, error)",
        (
            "func (s *Service) lookupV2Endpoints(hostname string, includeMirrors bool) ([]APIEndpoint, error)",
        ),
        f"registry/{SEARCH}",
    ),
    "v28.5.2": _modern(
        f"cmd/dockerd/config.go: {COMMON}",
        "(*Service, error)",
        (LOOKUP_CTX,),
        f"registry/{SEARCH_CTX}",
    ),
    "docker-v29": Layout(
        ".",
        "daemon/pkg/registry",
        "daemon/pkg/registry/config.go: ServiceOptions",
        f"daemon/command/config.go: {COMMON}",
        "func NewService(options ServiceOptions) (*Service, error)",
        (LOOKUP_CTX,),
        f"daemon/pkg/registry/{SEARCH_CTX}",
    ),
    "docker-ce": V17._replace(root="components/engine"),
    "debian": V19._replace(root="engine"),
}


FIELD = re.compile(rb"^\tInsecureRegistries +(\[\]string|opts\.ListOpts)", re.M)


FLAG = re.compile(rb'^\t(\w+)\.(List)?Var\(.*"-?insecure-registry".*\)$', re.M)


NEW = re.compile(rb"^func NewService\(", re.M)


GUARD = re.compile(rb"^\tif (tlsConfig\.InsecureSkipVerify|!isSecure) \{$", re.M)


PING = re.compile(rb"^\t\tif (endpoint\.IsSecure|endpoint\.secure|secure) \{$", re.M)


MAN = "man/dockerd.8.md"


PAGE = "docs/reference/commandline/dockerd.md"


OLD_PAGE = "docs/reference/commandline/daemon.md"


BASH = "contrib/completion/bash/docker"


ZSH = "contrib/completion/zsh/_docker"


FISH = "contrib/completion/fish/docker.fish"


TEXTS = {
    "v1.3.1": ("docs/sources/reference/commandline/cli.md",),
    "v1.4.1": ("docs/sources/reference/commandline/cli.md",),
    "v1.5.0": ("docs/sources/reference/commandline/cli.md", BASH, FISH),
    "v1.7.1": ("docs/reference/commandline/cli.md", BASH, FISH),
    "v1.8.2": (OLD_PAGE, "man/docker.1.md", BASH, ZSH, FISH),
    "v1.8.3": (OLD_PAGE, "man/docker.1.md", BASH, ZSH, FISH),
    "v1.10.3": (OLD_PAGE, "man/docker-daemon.8.md", BASH, ZSH, FISH),
    "v1.11.2": (OLD_PAGE, "man/docker-daemon.8.md", BASH, ZSH, FISH),
    "v1.12.6": (PAGE, MAN, BASH, ZSH, FISH),
    "v1.13.1": (PAGE, MAN, BASH, ZSH, FISH),
    "v17.06.0-ce": (PAGE, MAN, BASH, ZSH, FISH),
    "v27.5.1": (MAN,),
    "v28.0.4": (MAN,),
    "v28.5.2": (MAN,),
    "docker-v29": (MAN,),
    "docker-ce": tuple(f"components/cli/{name}" for name in (PAGE, MAN, BASH, ZSH, FISH)),
    "debian": tuple(f"cli/{name}" for name in (PAGE, MAN, BASH, ZSH, FISH)),
    "cli": ("docs/reference/dockerd.md", MAN, BASH, ZSH, FISH),
}


def _sites(fixture: str, pattern: re.Pattern[bytes]) -> list[str]:
    """Each match as "file: declaration around it", in the engine alone."""
    root = FIXTURES / fixture / LAYOUTS[fixture].root
    found = []
    for path in sorted(root.rglob("*.go")):
        name = path.relative_to(root).as_posix()
        if name.startswith("third_party/"):
            continue
        data = path.read_bytes()
        found += [
            f"{name}: {_declaration(data, match.start())}" for match in pattern.finditer(data)
        ]
    return found


def _declaration(data: bytes, offset: int) -> str:
    """The first line of the function, or the name of the type, at an offset."""
    for node in PARSER.parse(data).root_node.children:
        if node.start_byte <= offset < node.end_byte:
            line = data[node.start_byte :].split(b"\n", 1)[0].decode()
            return line.removesuffix(" struct {").removesuffix(" {").removeprefix("type ")
    return ""


ROUND = re.compile(rb"^\t+for _, (endpoint|ep) := range (endpoints|eps) \{$", re.M)


def _rounds(fixture: str) -> list[str]:
    """The functions that try the endpoints of a registry in turn, in what folders."""
    found = [site.split(": ", 1) for site in _sites(fixture, ROUND)]
    return sorted(
        f"{path.rpartition('/')[0]}: {name[1]}"
        for path, function in found
        if (name := re.search(r"^func (?:\([^)]*\) )?(\w+)", function))
    )


def _expected_rounds(fixture: str) -> list[str]:
    number = tuple(int(n) for n in re.findall(r"\d+", fixture))
    number = {"docker-ce": (17, 12), "debian": (20, 10)}.get(fixture, number)
    registry = LAYOUTS[fixture].registry
    pulls = "graph" if number < (1, 10) else "distribution"
    pulls = "daemon/internal/distribution" if number >= (29,) else pulls
    plugins = registry.replace("registry", "plugin")
    daemon = "daemon" if number < (18, 4) else "daemon/images"
    inspect = f"{daemon}: GetRepository" if number < (22,) else f"{pulls}: GetRepository"
    inspect = f"{pulls}: GetRepositories" if number >= (25,) else inspect
    return sorted(
        ([f"{pulls}: {'pullEndpoints' if number >= (25,) else 'Pull'}", f"{pulls}: Push"])
        + ([f"{registry}: Auth"] if number >= (1, 11) else [])
        + ([inspect] if number >= (1, 13) else [])
        + ([f"{plugins}: registryHostsFn"] if number >= (20, 10) else [])
    )
