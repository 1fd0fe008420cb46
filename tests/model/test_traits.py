"""Traits are read off the source's structure; the Go here is written for these tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gopatch.model import PRESETS, ModelError, Traits, read_traits

V2 = """package registry

func (s *Service) lookupV2Endpoints(ctx context.Context, hostname string, includeMirrors bool) ([]APIEndpoint, error) {
	if hostname == DefaultNamespace || hostname == IndexHostname {
		if includeMirrors {
			mirror = "https://" + mirror
		}
		return append(found, APIEndpoint{URL: DefaultV2Registry}), nil
	}
	return nil, nil
}
"""

CONFIG = """package registry

func newServiceConfig(options ServiceOptions) (*serviceConfig, error) {
	if err := config.loadInsecureRegistries(options.InsecureRegistries); err != nil {
		return nil, err
	}
	return config, nil
}

func (config *serviceConfig) loadMirrors(mirrors []string) error {
	return nil
}

func (config *serviceConfig) loadInsecureRegistries(registries []string) error {
	registries = append(registries, "::1/128", "127.0.0.0/8")
	seen := make(map[netip.Prefix]struct{})
	for _, r := range registries {
		if _, err := ValidateIndexName(r); err != nil {
			return err
		}
		if scheme, host, ok := strings.Cut(r, "://"); ok {
			r = host
		}
		if prefix, err := netip.ParsePrefix(r); err == nil {
			seen[prefix] = struct{}{}
		} else if err := validateHostPort(r); err != nil {
			return err
		}
	}
	return nil
}

func ValidateMirror(mirrorURL string) (string, error) {
	if _, _, ok := strings.Cut(mirrorURL, "://"); !ok {
		return "", errNoScheme
	}
	return mirrorURL, nil
}
"""

SERVICE = """package registry

func (s *Service) Auth(ctx context.Context) (string, error) {
	endpoints, err := s.lookupV2Endpoints(ctx, host, false)
	return "", err
}

func (s *Service) LookupPushEndpoints(hostname string) ([]APIEndpoint, error) {
	return s.lookupV2Endpoints(context.TODO(), hostname, false)
}

func (s *Service) ReplaceConfig(options ServiceOptions) (commit func(), _ error) {
	return nil, nil
}
"""

SEARCH = """package registry

func newIndexInfo(config *serviceConfig, indexName string) *IndexInfo {
	return nil
}
"""

AUTH = """package registry

func loginV2(ctx context.Context) {
	log.G(ctx).WithField("endpoint", url).Debug("attempting v2 login to registry endpoint")
}
"""

PULL = """package distribution

func pullEndpoints() {
	confirmedTLSRegistries := make(map[string]struct{})
	log.G(ctx).Debugf("Trying to pull %s from %s", name, endpoint.URL)
	log.G(ctx).Infof("Attempting next endpoint for pull after error: %v", err)
}
"""

HOSTS = """package daemon

func (daemon *Daemon) RegistryHosts(host string) ([]docker.RegistryHost, error) {
	return daemon.mergeLegacyConfig(host, hosts)
}

func (daemon *Daemon) mergeLegacyConfig(host string, hosts []docker.RegistryHost) ([]docker.RegistryHost, error) {
	return hosts, nil
}
"""

PLUGIN = """package plugin

func (pm *Manager) registryHostsFn(auth *registry.AuthConfig, httpFallback bool) docker.RegistryHosts {
	return nil
}
"""

STORE = """package containerd

func hostsWrapper(hostsFn docker.RegistryHosts) docker.RegistryHosts {
	return hostsFn
}
"""

REGEXP = "package reference\n\nconst ipv6address = `x`\n"

NEWEST = {
    "daemon/pkg/registry/service_v2.go": V2,
    "daemon/pkg/registry/config.go": CONFIG,
    "daemon/pkg/registry/service.go": SERVICE,
    "daemon/pkg/registry/search.go": SEARCH,
    "daemon/pkg/registry/auth.go": AUTH,
    "daemon/internal/distribution/pull.go": PULL,
    "vendor/github.com/distribution/reference/regexp.go": REGEXP,
    "daemon/hosts.go": HOSTS,
    "daemon/pkg/plugin/registry.go": PLUGIN,
    "daemon/containerd/resolver.go": STORE,
}


def traits_of(files: dict[str, str]) -> Traits:
    def read(path: str) -> bytes | None:
        return files[path].encode() if path in files else None

    return read_traits(read)


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The newest source with `old` replaced in the one file that ends in `name`."""
    path = next(path for path in NEWEST if path.endswith(name))
    assert old in NEWEST[path]
    return NEWEST | {path: NEWEST[path].replace(old, new)}


def test_the_newest_source() -> None:
    assert traits_of(NEWEST) == PRESETS["netip"]


def test_the_folder_does_not_matter() -> None:
    older = {
        path.replace("daemon/pkg/", "").replace("daemon/internal/", ""): text
        for path, text in NEWEST.items()
    }
    assert older.keys() != NEWEST.keys()
    assert traits_of(older) == PRESETS["netip"]


def test_comments_and_other_files_do_not_matter() -> None:
    assert traits_of(changed("config.go", "\tseen :=", "\t// why\n\tseen :=")) == PRESETS["netip"]
    assert traits_of({**NEWEST, "README.md": "confirmedV2 shouldV2Fallback"}) == PRESETS["netip"]


@pytest.mark.parametrize(
    ("name", "old", "new", "difference"),
    [
        pytest.param(
            "service_v2.go",
            " || hostname == IndexHostname",
            "",
            {"hub_v2": frozenset({"docker.io"})},
            id="one name",
        ),
        pytest.param(
            "service_v2.go",
            "(ctx context.Context, hostname",
            "(repoName",
            {"by_repository": True},
            id="repository",
        ),
        pytest.param(
            "service_v2.go",
            "URL: DefaultV2Registry",
            "Official: true",
            {"official_field": True},
            id="official",
        ),
        pytest.param(
            "service_v2.go",
            "URL: DefaultV2Registry",
            "TrimHostname: true",
            {"trim_hostname_field": True},
            id="trim",
        ),
        pytest.param(
            "service_v2.go",
            '"https://" + ',
            "",
            {"mirror_default_scheme": False},
            id="mirror as it is",
        ),
        pytest.param(
            "config.go",
            '"::1/128", ',
            "",
            {"default_cidrs": ("127.0.0.0/8",)},
            id="IPv4 loopback only",
        ),
        pytest.param(
            "config.go",
            "ValidateIndexName(r)",
            "other(r)",
            {"index_names_checked": False},
            id="names unchecked",
        ),
        pytest.param(
            "config.go",
            'Cut(r, "://")',
            'Cut(r, "x")',
            {"schemes_stripped": False},
            id="scheme stays",
        ),
        pytest.param(
            "config.go",
            "validateHostPort(r)",
            "other(r)",
            {"host_ports_checked": False},
            id="ports unchecked",
        ),
        pytest.param(
            "config.go",
            "netip.ParsePrefix(r)",
            "net.ParseCIDR(r)",
            {"netip": False},
            id="net.IPNet",
        ),
        pytest.param(
            "config.go",
            "map[netip.Prefix]struct{}",
            "list",
            {"duplicate_cidrs_skipped": False},
            id="duplicates stay",
        ),
        pytest.param(
            "config.go",
            "loadMirrors",
            "setMirrors",
            {"mirrors_checked": False},
            id="mirrors unchecked",
        ),
        pytest.param(
            "config.go",
            "\tif err := config.loadInsecureRegistries(options.InsecureRegistries); err != nil {\n\t\treturn nil, err\n\t}\n",
            "\tconfig.loadInsecureRegistries(options.InsecureRegistries)\n",
            {"load_errors_dropped": True},
            id="errors dropped",
        ),
        pytest.param(
            "config.go",
            'Cut(mirrorURL, "://")',
            'Cut(mirrorURL, ":")',
            {"mirror_needs_slashes": False},
            id="no slashes",
        ),
        pytest.param(
            "config.go",
            "return mirrorURL, nil",
            "return uri.Path, nil",
            {"mirror_rule": "bare"},
            id="no path",
        ),
        pytest.param(
            "config.go",
            "return mirrorURL, nil",
            'if uri.Path != "/" {\n\t}\n\treturn "", nil',
            {"mirror_rule": "root"},
            id="a slash",
        ),
        pytest.param(
            "service.go",
            '\treturn "", err',
            "\t_ = err.(fallbackError)",
            {"login": "unconfirmed"},
            id="login by header",
        ),
        pytest.param(
            "service.go",
            "s.lookupV2Endpoints(ctx, host, false)",
            "NewEndpoint(index)",
            {"login": "ping"},
            id="login by ping",
        ),
        pytest.param(
            "service.go",
            '\treturn "", err',
            '\tlog("in to %s endpoint")',
            {"log_login_versions": True},
            id="login names versions",
        ),
        pytest.param(
            "search.go",
            "return nil",
            "return ValidateIndexName(indexName)",
            {"search_name_checked": True},
            id="search checks",
        ),
        pytest.param(
            "auth.go",
            'endpoint")\n',
            'endpoint %s", url)\n',
            {"log_fields": False},
            id="address in the message",
        ),
        pytest.param(
            "auth.go",
            "attempting v2 login to",
            "pinging",
            {"log_fields": False, "log_pinging": True},
            id="pinging",
        ),
        pytest.param(
            "pull.go", "confirmedTLSRegistries", "x", {"confirmed_tls": False}, id="TLS forgotten"
        ),
        pytest.param(
            "pull.go",
            "confirmedTLS",
            "confirmedV2, confirmedTLS",
            {"confirmed_v2": True},
            id="V2 remembered",
        ),
        pytest.param("pull.go", "Infof", "Errorf", {"next_level": "error"}, id="an error"),
        pytest.param("pull.go", "Attempting next", "x", {"next_level": ""}, id="says nothing"),
        pytest.param(
            "pull.go", "%s from %s", "%s from %s %s", {"log_versions": True}, id="versions"
        ),
        pytest.param(
            "pull.go",
            "confirmedTLS",
            "shouldV2Fallback, confirmedTLS",
            {"registry_errors_continue": True},
            id="goes on",
        ),
        pytest.param(
            "hosts.go",
            "mergeLegacy",
            "x",
            {"buildkit": "host", "hosts_fallback": "plain"},
            id="made anew",
        ),
        pytest.param(
            "service.go", "ReplaceConfig(", "replaced(", {"reloads": False}, id="no reload"
        ),
        pytest.param(
            "resolver.go",
            "return hostsFn",
            "errors.As(err, &tls.RecordHeaderError{})",
            {"store": "plain"},
            id="a store that falls back",
        ),
        pytest.param(
            "resolver.go",
            "return hostsFn",
            "tls.RecordHeaderError{}; isPortError(err, host)",
            {"store": "unreached"},
            id="and where nobody answers",
        ),
        pytest.param("regexp.go", "ipv6address", "x", {"bracketed_hosts": False}, id="no brackets"),
    ],
)
def test_each_trait(name: str, old: str, new: str, difference: dict[str, Any]) -> None:
    assert traits_of(changed(name, old, new)) == replace(PRESETS["netip"], **difference)


def without(*parts: str) -> dict[str, str]:
    return {path: text for path, text in NEWEST.items() if not any(p in path for p in parts)}


RESOLVER = "vendor/github.com/moby/buildkit/util/resolver/resolver.go"
CONTAINERD = "vendor/github.com/containerd/containerd/remotes/docker/"
BY_MAP = (
    "func (daemon *Daemon) RegistryHosts() docker.RegistryHosts {\n\tu, err := url.Parse(v)\n}\n"
)
BY_HOST = "func (daemon *Daemon) RegistryHosts(host string) ([]docker.RegistryHost, error) {\n}\n"
CLIENT = "func (daemon *Daemon) NewResolveOptionsFunc() resolver.ResolveOptionsFunc {\n%s\n}\n"
FILL = "func fillInsecureOpts(host string) %s {\n}\n"
FALLBACK = "func (f *httpFallback) RoundTrip(r *http.Request) (*http.Response, error) {\n%s\n}\n"
LOCAL = "func MatchLocalhost(host string) (bool, error) {\n%s\n}\n"
RESOLVE = "func (r *dockerResolver) Resolve(ctx context.Context) error {\n%s\n}\n"


def hosts_of(files: dict[str, str]) -> dict[str, Any]:
    """In what the roads of `files` differ from those of the newest source."""
    found, newest = vars(traits_of(without("hosts.go") | files)), vars(PRESETS["netip"])
    return {name: value for name, value in found.items() if value != newest[name]}


@pytest.mark.parametrize(
    ("files", "difference"),
    [
        pytest.param({}, {"buildkit": "", "hosts_fallback": ""}, id="no BuildKit"),
        pytest.param(
            {"builder/builder-next/adapters/containerimage/pull.go": "package x\n"},
            {"buildkit": "https", "hosts_fallback": ""},
            id="BuildKit without options",
        ),
        pytest.param(
            {"daemon/daemon.go": CLIENT % "\tv = strings.TrimPrefix(v, `http://`)"},
            {"buildkit": "client", "hosts_fallback": "", "listed_hosts": "trimmed"},
            id="one client, trimmed",
        ),
        pytest.param(
            {"daemon/daemon.go": CLIENT % "\turi, err := url.Parse(v)"},
            {"buildkit": "client", "hosts_fallback": ""},
            id="one client, parsed",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_MAP, RESOLVER: FILL % "([]docker.RegistryHost, error)"},
            {"buildkit": "map", "hosts_of_both": True, "hosts_fallback": ""},
            id="two hosts",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_MAP},
            {"buildkit": "map", "hosts_of_both": True, "hosts_fallback": ""},
            id="two hosts, without vendored code",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_MAP, RESOLVER: FILL % "error"},
            {"buildkit": "map", "hosts_fallback": ""},
            id="one that does not fall back",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_MAP.replace("(v)", '("http://" + v)')},
            {
                "buildkit": "map",
                "hosts_of_both": True,
                "hosts_fallback": "",
                "listed_hosts": "retried",
            },
            id="parsed twice",
        ),
        pytest.param(
            {
                "daemon/daemon.go": BY_HOST,
                RESOLVER: FILL % "(*docker.RegistryHost, error)" + FALLBACK % "\treturn nil, err",
            },
            {"buildkit": "host", "hosts_fallback": "plain"},
            id="one that falls back",
        ),
        pytest.param(
            {
                "daemon/daemon.go": BY_HOST,
                RESOLVER: FILL % "(*docker.RegistryHost, error)" + FALLBACK % "\tisPortError(err)",
            },
            {"buildkit": "host"},
            id="and where nobody answers",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_HOST},
            {"buildkit": "host", "hosts_fallback": "plain"},
            id="one, without vendored code",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_HOST, f"{CONTAINERD}registry.go": LOCAL % '\t"localhost"'},
            {"buildkit": "host", "hosts_fallback": "plain", "local_by_name": True},
            id="three local names",
        ),
        pytest.param(
            {"daemon/daemon.go": BY_HOST, f"{CONTAINERD}registry.go": LOCAL % "\tip.IsLoopback()"},
            {"buildkit": "host", "hosts_fallback": "plain"},
            id="all loopback addresses",
        ),
        pytest.param(
            {"daemon/hosts.go": HOSTS, f"{CONTAINERD}resolver.go": RESOLVE % "\treturn err"},
            {"resolver_continues": False},
            id="a refusal is final",
        ),
        pytest.param(
            {
                "daemon/hosts.go": HOSTS,
                f"{CONTAINERD}resolver.go": RESOLVE % "\tif resp.StatusCode > 399 {\n\t}",
            },
            {},
            id="a refusal is not",
        ),
    ],
)
def test_the_hosts(files: dict[str, str], difference: dict[str, Any]) -> None:
    assert hosts_of(files) == difference


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({}, ""),
        ({"plugin/distribution/pull.go": "package distribution\n"}, "first"),
        (
            {"plugin/backend_linux.go": "\treturn distribution.Pull(ctx, ref, config)\n"},
            "distribution",
        ),
        ({"plugin/backend_linux.go": "\treturn pm.fetch(ctx, ref)\n"}, ""),
        ({"plugin/registry.go": "package plugin\n"}, ""),
        ({"plugin/registry.go": PLUGIN}, "hosts"),
    ],
)
def test_plugins(files: dict[str, str], rule: str) -> None:
    assert traits_of(without("plugin/") | files).plugins == rule


def test_the_lookups_alone() -> None:
    """What the lookups do not depend on is not even read."""
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return NEWEST[path].encode() if path in NEWEST else None

    assert read_traits(read, lookups=True) == PRESETS["netip"]
    assert asked
    assert not [path for path in asked if "daemon/daemon.go" in path or "containerd" in path]
    without_roads = without("hosts.go", "plugin/", "containerd/", "pull.go")
    assert traits_of(without_roads) != PRESETS["netip"]
    found = read_traits(lambda path: without_roads.get(path, "").encode(), lookups=True)
    assert found == PRESETS["netip"]


def test_no_store_without_its_resolver() -> None:
    assert traits_of(without("containerd/resolver.go")).store == ""


def test_mirrors_taken_out_afterwards_or_never() -> None:
    lookup = changed("service_v2.go", "includeMirrors", "unused")
    service = "daemon/pkg/registry/service.go"
    kept = traits_of(lookup)
    filtered = traits_of(
        lookup | {service: SERVICE.replace("return s.", "if !e.Mirror {\n\t}\n\treturn s.")}
    )
    assert (kept.include_mirrors, kept.push_keeps_mirrors) == (False, True)
    assert (filtered.include_mirrors, filtered.push_keeps_mirrors) == (False, False)


V1 = """package registry

func (s *Service) lookupV1Endpoints(hostname string) ([]APIEndpoint, error) {
	if hostname == DefaultNamespace || hostname == DefaultV2Registry.Host || hostname == IndexHostname {
		return nil, nil
	}
	return nil, nil
}
"""


def with_v1(text: str = V1) -> dict[str, str]:
    call = "\tlegacy, err := s.lookupV1Endpoints(hostname)\n\treturn s."
    files = changed("service.go", "\treturn s.", call)
    return files | {"daemon/pkg/registry/service_v1.go": text}


def test_v1() -> None:
    three = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
    assert traits_of(with_v1()) == replace(PRESETS["netip"], v1=True, hub_v1=three)
    hub = traits_of(with_v1(V1.replace("return nil, nil", "return x{Official: true}, nil", 1)))
    assert hub.v1_hub_endpoint


def test_a_v1_lookup_that_nothing_calls_is_none() -> None:
    assert traits_of(NEWEST | {"daemon/pkg/registry/service_v1.go": V1}) == PRESETS["netip"]


@pytest.mark.parametrize("default", [True, False])
def test_the_default_of_v1(default: bool) -> None:
    flag = f'flags.BoolVar(&o.V2Only, "disable-legacy-registry", {str(default).lower()}, "text")'
    assert traits_of(with_v1() | {"cmd/dockerd/config.go": flag}).v1_off_by_default is default


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"registry/service_v2.go": "package registry\n"}, id="no lookup"),
        pytest.param(
            {path: text for path, text in NEWEST.items() if "v2" not in path}, id="no file"
        ),
    ],
)
def test_a_source_without_the_lookup_is_refused(files: dict[str, str]) -> None:
    with pytest.raises(ModelError) as caught:
        traits_of(files)
    assert caught.value.kind == "source"


def test_presets_differ() -> None:
    assert len(set(PRESETS.values())) == len(PRESETS)
