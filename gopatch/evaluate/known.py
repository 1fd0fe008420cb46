"""What is known of other packages whatever library holds them: their names, types, constants."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from gopatch.evaluate import addresses, containerd, distribution, files, network
from gopatch.evaluate.go_values import (
    GoError,
    Lock,
    Many,
    Map,
    Native,
    NilMap,
    Pointer,
    Slice,
    Struct,
    UnsupportedError,
)
from gopatch.evaluate.standard import atomic, failed, nothing, once

# Packages of which only the end of the path counts: forks and vendoring move the rest.
_BY_TAIL = {
    "logrus": "log",
    "containerd/log": "log",
    "docker/pkg/log": "log",
    "tlsconfig": "tlsconfig",
    "errdefs": "errdefs",
    "pkg/errors": "errors",
    "opts": "opts",
    "pkg/mflag": "mflag",
    "types/registry": "types",
    "lazyregexp": "regexp",
    "rootless": "rootless",
    "homedir": "homedir",
    "net/context": "context",
    "reference": "reference",
    "io/ioutil": "os",
    "dockerversion": "dockerversion",
    "parsers/kernel": "kernel",
    "pkg/stringid": "stringid",
    "pkg/transport": "transport",
    "registry/client/transport": "transport",
    "registry/client/auth/challenge": "challenge",
    "registry/client/auth": "auth",
    "registry/client": "client",
    "registry/api/v2": "v2",
    "instrumentation/net/http/otelhttp": "otelhttp",
    "buildkit/util/resolver": "resolver",
    "buildkit/util/tracing": "tracing",
    "buildkit/cmd/buildkitd/config": "bkconfig",
    "buildkit/util/resolver/config": "bkconfig",
    "remotes/docker/config": "hostconfig",
    "remotes/docker": "docker",
}
TYPES: dict[str, dict[str, Any]] = {
    "net/url.URL": addresses.URL,
    "types.IndexInfo": {"Name": "", "Mirrors": None, "Secure": False, "Official": False},
    "types.ServiceConfig": {
        "AllowNondistributableArtifactsCIDRs": None,
        "AllowNondistributableArtifactsHostnames": None,
        "InsecureRegistryCIDRs": None, "IndexConfigs": None, "Mirrors": None, "ExtraFields": None,
    },
    "types.AuthConfig": {
        "Username": "", "Password": "", "Auth": "", "Email": "", "ServerAddress": "",
        "IdentityToken": "", "RegistryToken": "",
    },
    "types.SearchResults": {"Query": "", "NumResults": 0, "Results": None},
    "net/url.Error": {"Op": "", "URL": "", "Err": None},
    "net.OpError": {"Op": "", "Net": "", "Source": None, "Addr": None, "Err": None},
    **files.TYPES,
    **network.TYPES,
    **containerd.TYPES,
    **distribution.TYPES,
}  # fmt: skip
CONVERSIONS = {
    "net.IPNet", "net.IP", "types.NetIPNet", "net/http.Header", "time.Duration", "docker.RegistryHosts",
}  # fmt: skip
MADE: dict[str, Callable[[], Any]] = {
    "sync.Mutex": Lock,
    "sync.RWMutex": Lock,
    "sync.Once": once,
    "sync/atomic.Bool": lambda: atomic(False),
    "sync/atomic.Int32": lambda: atomic(0),
    "sync/atomic.Int64": lambda: atomic(0),
    "sync/atomic.Value": lambda: atomic(None),
    "opts.ListOpts": lambda: list_opts(()),
    "time.Duration": lambda: 0,
    "log.Fields": lambda: Map(lambda: None),
    "net/http.Header": lambda: NilMap(lambda: None),
    "net/http.RoundTripper": lambda: None,
    "net.Conn": lambda: None,
    "net.Error": lambda: None,
    "net.IP": lambda: None,
    "context.Context": lambda: None,
    "context.CancelFunc": lambda: None,
    "io.Reader": lambda: None,
    "io.Writer": lambda: Native("io.Writer", {"Write": lambda _: Many((0, None))}),
    "io.ReadCloser": lambda: None,
    "docker.RegistryHosts": lambda: None,
}
INTERFACES = {"net.Error": ("Error", "Timeout"), "fmt.Stringer": ("String",)}
# Packages that are as they are known here, even where their Go is at hand.
KEPT = (
    "mflag", "log", "errdefs", "tlsconfig", "opts", "types", "regexp", "rootless", "homedir",
    "dockerversion", "kernel", "transport", "stringid",
)  # fmt: skip


class _Default(Struct):
    """tlsconfig.ServerDefault: a struct up to v1.10, a function since."""

    def __call__(self, *options: Any) -> Pointer:
        if options:
            raise UnsupportedError("options of tlsconfig")
        return Pointer(self.copy())


@cache
def package_of(path: str) -> str:
    """The name that a package has here: its path, or what its path ends with."""
    if "." not in path.split("/", maxsplit=1)[0] and path not in _BY_TAIL:
        return path
    for tail, package in _BY_TAIL.items():
        if path == tail or path.endswith("/" + tail):
            return package
    return path


def list_opts(values: Sequence[str]) -> Native:
    """An opts.ListOpts, whose copies share what they hold."""
    held = list(values)

    def add(value: str) -> None:
        held.append(value)

    methods: dict[str, Callable[..., Any]] = {
        "GetAll": lambda: Slice(held),
        "Set": add,
        "Len": lambda: len(held),
    }
    return Native("opts.ListOpts", methods)


def _status_text(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


_SERVER = {**network.TLS, "MinVersion": 0x0303}
_CANCELLED = GoError("context canceled", "canceled")
_DEADLINE = GoError("context deadline exceeded", "deadline")

_VERSIONS = ("VERSION", "GITCOMMIT", "IAMSTATIC", "Version", "GitCommit", "DefaultProductLicense")

MEMBERS: dict[str, Any] = {
    **{f"dockerversion.{name}": "" for name in _VERSIONS},
    "dockerversion.DockerUserAgent": lambda *_: "docker",
    "stringid.GenerateRandomID": lambda: "id",
    "stringid.TruncateID": lambda id: id,
    "kernel.GetKernelVersion": lambda: failed(None, message="no kernel"),
    "runtime.Version": lambda: "go1",
    "github.com/docker/go-connections/sockets.DialerFromEnvironment": lambda direct: Many(
        (direct, None)
    ),
    "otelhttp.NewTransport": lambda base, *_: base,
    "net/http/cookiejar.New": lambda _: Many((None, None)),
    **distribution.MEMBERS,
    **distribution.REFERENCES,
    "v2.ValidateRepositoryName": lambda _: None,
    "tlsconfig.ServerDefault": _Default("crypto/tls.Config", _SERVER),
    "tlsconfig.ClientDefault": _Default("crypto/tls.Config", {**_SERVER, "ServerName": "client"}),
    "crypto/tls.VersionTLS10": 0x0301,
    "crypto/tls.VersionTLS11": 0x0302,
    "crypto/tls.VersionTLS12": 0x0303,
    "crypto/tls.VersionTLS13": 0x0304,
    "opts.NewListOpts": lambda _: list_opts(()),
    "reference.DefaultHostname": "docker.io",
    "reference.LegacyDefaultHostname": "index.docker.io",
    "context.Canceled": _CANCELLED,
    "context.DeadlineExceeded": _DEADLINE,
    "homedir.GetConfigHome": lambda: failed("", message="no home"),
    "rootless.RunningWithRootlessKit": lambda: False,
    "runtime.KeepAlive": nothing,
    "net/url.QueryEscape": quote_plus,
    "encoding/json.Marshal": lambda value: Many((Slice(b"{}"), None)),
    "encoding/json.NewDecoder": lambda _: Native("json.Decoder", {"Decode": lambda _: None}),
    "strings.NewReader": network.body_of,
    "io.EOF": GoError("EOF", "eof"),
    "io.Copy": lambda *_: Many((0, None)),
    "io.Discard": None,
    "io.ReadAll": lambda _: Many((Slice(), None)),
    "os.Readlink": lambda _: failed("", kind="not-exist", message="file does not exist"),
    "os.Environ": Slice,
    "os.Getwd": lambda: Many(("/", None)),
    "os.Hostname": lambda: Many(("host", None)),
    "os.Executable": lambda: Many(("/usr/bin/dockerd", None)),
    "os.UserHomeDir": lambda: failed("", message="no home"),
    "os.ReadAll": lambda _: Many((Slice(), None)),  # of io/ioutil
    "encoding/json.Unmarshal": lambda *_: None,
    "net/http.CanonicalHeaderKey": network.canonical_key,
    "net/http.NoBody": Native("http.NoBody", {"Close": lambda: None}, "none"),
    **{
        f"net/http.Method{name.title()}": name
        for name in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
    },
    "net/http.StatusText": _status_text,
    "regexp.QuoteMeta": re.escape,
    "net/http.ErrUseLastResponse": GoError("net/http: use last response", "last"),
    "net/http.StatusOK": 200,
    "net/http.StatusUnauthorized": 401,
    "net/http.StatusForbidden": 403,
    "net/http.StatusNotFound": 404,
    "net/http.StatusInternalServerError": 500,
}
