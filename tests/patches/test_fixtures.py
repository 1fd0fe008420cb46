"""The fixtures have the structure that they stand for, and with Go at hand they build and work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
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


def test_readme_lists_every_folder() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (FIXTURES / "README.md").read_text(), re.M)
    assert sorted(listed) == FOLDERS
    assert len(set(listed)) == len(listed)


def test_every_engine_has_its_facts() -> None:
    assert sorted([*LAYOUTS, "cli"]) == FOLDERS


@pytest.mark.parametrize("fixture", FOLDERS)
def test_go_parses(fixture: str) -> None:
    for path in sorted((FIXTURES / fixture).rglob("*.go")):
        assert not PARSER.parse(path.read_bytes()).root_node.has_error, path


@pytest.mark.parametrize("fixture", FOLDERS)
def test_files_are_plain(fixture: str) -> None:
    for path in (path for path in (FIXTURES / fixture).rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert data.endswith(b"\n"), path
        assert b"\r" not in data, path
        assert b"accept-insecure-registry" not in data, f"{path}: a fixture is unpatched"
        assert os.fsencode(str(FIXTURES.parent)) not in data, path
        assert data.isascii(), path


@pytest.mark.parametrize("fixture", LAYOUTS)
def test_sites(fixture: str) -> None:
    layout = LAYOUTS[fixture]
    assert _sites(fixture, FIELD) == [layout.option]
    assert _sites(fixture, FLAG) == [layout.flag]
    assert _sites(fixture, NEW) == [f"{layout.registry}/service.go: {layout.new}"]
    assert [site.split(": ", 1)[1] for site in _sites(fixture, GUARD)] == list(layout.lookup)
    assert _sites(fixture, PING) == [layout.ping]


@pytest.mark.parametrize("fixture", LAYOUTS)
def test_v2_lookup_has_a_file_of_its_own(fixture: str) -> None:
    registry = LAYOUTS[fixture].registry
    for site in _sites(fixture, GUARD):
        name, function = site.split(": ", 1)
        version = re.search(r"lookupV([12])", function)
        assert name == f"{registry}/service{f'_v{version[1]}' if version else ''}.go"


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


@pytest.mark.parametrize("fixture", [name for name in LAYOUTS if LAYOUTS[name].lookup])
def test_who_tries_the_endpoints(fixture: str) -> None:
    assert _rounds(fixture) == _expected_rounds(fixture)


@pytest.mark.parametrize("fixture", FOLDERS)
def test_texts(fixture: str) -> None:
    folder = FIXTURES / fixture
    suffixes = {".md", ".fish"}
    names = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in suffixes or ("completion" in path.parts and path.is_file())
    }
    assert names == set(TEXTS.get(fixture, ()))
    for name in names:
        assert "insecure-registry" in (folder / name).read_text()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param(MAN, r"\[\*\*--insecure-registry\*\*\[=\*\[\]\*\]\]", id="man-synopsis"),
        pytest.param(MAN, r"\*\*--insecure-registry\*\*=\[\]", id="man-option"),
        pytest.param(BASH, r"\t\t--insecure-registry", id="bash"),
        pytest.param(ZSH, r' {16}"\(\$help\)\*--insecure-registry=\[.*\]:registry: " \\', id="zsh"),
        pytest.param(
            FISH,
            r"complete -c docker -f -n '__fish_docker_no_subcommand' -l insecure-registry -d '.*'",
            id="fish",
        ),
        pytest.param(PAGE, r" {6}--insecure-registry \w+ {2,}\S.*", id="page-option"),
        pytest.param(PAGE, r'\s+"insecure-registries": \[\],', id="page-json"),
    ],
)
def test_text_lines(name: str, line: str) -> None:
    for folder in ("v1.13.1", "docker-ce/components/cli", "debian/cli"):
        lines = (FIXTURES / folder / name).read_text().splitlines()
        assert any(re.fullmatch(line, text) for text in lines), folder


@pytest.mark.parametrize("fixture", ["docker-ce/components/cli", "debian/cli"])
def test_vendored_copies_stand_outside_the_engine(fixture: str) -> None:
    copy = FIXTURES / fixture / "vendor/github.com/docker/docker/registry/service_v2.go"
    assert GUARD.search(copy.read_bytes())


# What Go says of them.

GO_TEST = """package registry

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestEndpoints(t *testing.T) {
	lookupIP = func(host string) ([]net.IP, error) {
		if host == "within.example" {
			return []net.IP{net.ParseIP("192.0.2.9")}, nil
		}
		return nil, errors.New("unknown host")
	}
	%(make)s
	for host, want := range map[string]string{
		"listed.example":      "https http",
		"port.example:5000":   "https http",
		"port.example":        "https",
		"within.example":      "https http",
		"within.example:5000": "https http",
		"192.0.2.200":         "https http",
		"198.51.100.1":        "https",
		"outside.example":     "https",
		"127.0.0.1:5000":      "https http",
		"docker.io":           "https",
	} {
		schemes := []string{}
		%(look)s
		if got := strings.Join(schemes, " "); got != want {
			t.Errorf("%%s: %%s, want %%s", host, got, want)
		}
	}
}
"""
LISTED = '[]string{"listed.example", "port.example:5000", "192.0.2.0/24"}'
MAKE_OLD = f"""options := &Options{{Mirrors: opts.NewListOpts(nil), InsecureRegistries: opts.NewListOpts(nil)}}
	for _, r := range {LISTED} {{
		options.InsecureRegistries.Set(r)
	}}
	s := NewService(options)"""
MAKE = f"s := NewService(ServiceOptions{{InsecureRegistries: {LISTED}}})"
MAKE_ERR = f"""s, err := NewService(ServiceOptions{{InsecureRegistries: {LISTED}}})
	if err != nil {{
		t.Fatal(err)
	}}"""
LOOK = """endpoints, err := s.LookupPullEndpoints(%s)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range endpoints {
			scheme := strings.SplitN(fmt.Sprint(e.URL), ":", 2)[0]
			if strings.Contains(fmt.Sprintf("%%+v", e), "Version:v1") {
				continue // the same again in the first protocol
			}
			schemes = append(schemes, scheme)
		}"""


def run_in(env: dict[str, str], cwd: Path, *command: str) -> str:
    """What a command says; an error is part of it."""
    tool = shutil.which(command[0], path=env["PATH"]) or command[0]
    done = subprocess.run(
        [tool, *command[1:]],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else f"exit {done.returncode}\n{done.stdout}"


@pytest.fixture
def engine(fixture: str, tmp_path: Path) -> Path:
    """A copy of a fixture's engine, so that Go cannot touch what is checked in."""
    return shutil.copytree(FIXTURES / fixture / LAYOUTS[fixture].root, tmp_path / "engine")


@pytest.mark.real
@pytest.mark.parametrize("fixture", LAYOUTS)
def test_go_is_content(fixture: str, engine: Path, go: dict[str, str]) -> None:
    assert run_in(go, engine, "gofmt", "-l", ".") == ""
    assert run_in(go, engine, "go", "build", "./...") == ""
    assert run_in(go, engine, "go", "vet", "./...") == ""
    mod = FIXTURES / fixture / LAYOUTS[fixture].root / "go.mod"
    assert (engine / "go.mod").read_bytes() == mod.read_bytes(), "go.mod is as Go wants it"


@pytest.mark.real
@pytest.mark.parametrize("fixture", [name for name in LAYOUTS if LAYOUTS[name].lookup])
def test_endpoints_are_found(fixture: str, engine: Path, go: dict[str, str]) -> None:
    layout = LAYOUTS[fixture]
    make = MAKE_OLD if "*Options" in layout.new else MAKE_ERR if "error" in layout.new else MAKE
    host = 'host+"/image"' if "repoName" in layout.lookup[0] else "host"
    if "reference.Named" in layout.lookup[0]:
        host = f"reference.WithName({host})"
    text = GO_TEST % {"make": make, "look": LOOK % host}
    for name in ("opts", "reference"):
        if f"{name}." in text:
            path = f'"github.com/docker/docker/{name}"'
            text = text.replace('\t"testing"\n', f'\t"testing"\n\n\t{path}\n', 1)
    (engine / layout.registry / "endpoints_test.go").write_text(text)
    said = run_in(go, engine, "go", "test", "-count=1", f"./{layout.registry}/")
    assert said.startswith("ok"), said
