"""The files of a world as Docker reads them, and the certificates that they hold.

`World.files` has texts by their paths; folders are those that the paths name. A file that begins with `CERTIFICATE`
holds one certificate, one that begins with `KEY` a key; what follows says which, and a key is that of the
certificate of the same words.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from gopatch.evaluate.go_values import (
    GoError,
    Many,
    Map,
    Native,
    Pointer,
    Slice,
    Struct,
    UnsupportedError,
)
from gopatch.evaluate.network import World, tls_config
from gopatch.evaluate.standard import failed

CERTIFICATE, KEY = "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n"
_POOL = "crypto/x509.CertPool"
TYPES: dict[str, dict[str, Any]] = {
    "crypto/tls.Certificate": {
        "Certificate": None, "PrivateKey": None, "SupportedSignatureAlgorithms": None, "OCSPStaple": None,
        "SignedCertificateTimestamps": None, "Leaf": None,
    },
    _POOL: {"system": False, "added": None},
}  # fmt: skip
_MISSING = GoError("file does not exist", "not-exist")
_FORBIDDEN = GoError("permission denied", "permission")


def _is(kind: str) -> Callable[[Any], bool]:
    return lambda error: getattr(error, "kind", "") == kind


def members(world: World) -> dict[str, Any]:
    """What os, path, crypto/x509 and crypto/tls give by name where it has to do with files."""
    return {
        "os.ReadDir": lambda path: read_folder(world, path),
        "os.ReadFile": lambda path: read_file(world, path),
        "os.Stat": lambda path: stat(world, path),
        "os.Lstat": lambda path: stat(world, path),
        "os.Open": lambda path: _open(world, path),
        "os.OpenFile": lambda path, *_: _open(world, path),
        "os.IsNotExist": _is(_MISSING.kind),
        "os.ErrNotExist": _MISSING,
        "os.IsPermission": _is(_FORBIDDEN.kind),
        "os.ErrPermission": _FORBIDDEN,
        "path.Ext": extension,
        "path.Base": _base,
        "path/filepath.Ext": extension,
        "path/filepath.Base": _base,
        "crypto/x509.NewCertPool": lambda: _pool(system=False),
        "crypto/x509.SystemCertPool": lambda: Many((_pool(system=True), None)),
        "tlsconfig.SystemCertPool": lambda: Many((_pool(system=True), None)),
        "crypto/tls.LoadX509KeyPair": lambda cert, key: load_pair(world, cert, key),
        "crypto/tls.X509KeyPair": key_pair,
    }


# Files ---------------------------------------------------------------------------------------


def read_folder(world: World, path: str) -> Many:
    """os.ReadDir and ioutil.ReadDir: what is in a folder, by name."""
    folder = posixpath.normpath(path)
    if folder in world.closed:
        return _forbidden(path)
    inside = [name.removeprefix(folder + "/") for name in world.files if _below(name, folder)]
    if not inside:
        return _missing(path)
    found = {name.partition("/")[0]: "/" in name for name in inside}
    return Many((Slice(_entry(name, found[name]) for name in sorted(found)), None))


def read_file(world: World, path: str) -> Many:
    """os.ReadFile and ioutil.ReadFile."""
    name = posixpath.normpath(path)
    if name in world.closed:
        return _forbidden(path)
    text = world.files.get(name)
    return _missing(path) if text is None else Many((Slice(text.encode()), None))


def stat(world: World, path: str) -> Many:
    """os.Stat, by which a registry that is configured has a hosts.toml, too."""
    name = posixpath.normpath(path)
    is_folder = any(_below(each, name) for each in world.files) or (
        name in world.closed and name not in world.files
    )
    if is_folder or name in world.files or (world.configured and name.endswith("/hosts.toml")):
        return Many((_entry(posixpath.basename(name), is_folder), None))
    return _missing(path)


def _open(world: World, path: str) -> Many:
    """os.Open, as far as nothing is there."""
    if stat(world, path)[1] is None:
        raise UnsupportedError(f"{path}, which is opened")
    return _missing(path)


def extension(name: str) -> str:
    """filepath.Ext: from the last dot of the last part on."""
    last = name.rpartition("/")[2]
    return last[last.rfind(".") :] if "." in last else ""


def _base(path: str) -> str:
    held = path.rstrip("/")
    return held.rpartition("/")[2] if held else "/" if path else "."


def _below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")


def _entry(name: str, is_folder: bool) -> Native:
    """An os.DirEntry or os.FileInfo."""
    methods: dict[str, Callable[..., Any]] = {"Name": lambda: name, "IsDir": lambda: is_folder}
    return Native("os.DirEntry", methods, (name, is_folder))


def _missing(path: str) -> Many:
    return failed(None, kind=_MISSING.kind, message=f"open {path}: no such file or directory")


def _forbidden(path: str) -> Many:
    return failed(None, kind=_FORBIDDEN.kind, message=f"open {path}: permission denied")


# Certificates --------------------------------------------------------------------------------


def _pool(*, system: bool) -> Pointer:
    return Pointer(Struct(_POOL, {"system": system, "added": None}))


def pool_method(pool: Struct, name: str) -> Callable[..., Any] | None:
    """The method of a x509.CertPool, or None. A pool is a set: what was added twice is there once."""

    def append(data: Any) -> bool:
        text = bytes(data or ()).decode()
        if not text.startswith(CERTIFICATE):
            return False
        held = pool.fields["added"] or Map(lambda: False)
        pool.fields["added"] = Map(held.zero, [*held.items(), (text, True)])
        return True

    methods: dict[str, Callable[..., Any]] = {
        "AppendCertsFromPEM": append,
        "Clone": lambda: Pointer(pool.copy()),
        "Equal": lambda other: other is not None and pool == other.target,
    }
    return methods.get(name)


def load_pair(world: World, cert: str, key: str) -> Many:
    """tls.LoadX509KeyPair."""
    texts = []
    for path in (cert, key):
        data, error = read_file(world, path)
        if error is not None:
            return Many((_certificate(None, None), error))
        texts.append(data)
    return key_pair(*texts)


def key_pair(cert: Any, key: Any) -> Many:
    """tls.X509KeyPair; a file may hold both."""
    texts = [bytes(data or ()).decode() for data in (cert, key)]
    _, one, said = texts[0].partition(CERTIFICATE)
    _, other, who = texts[1].partition(KEY)
    if not (one and other and said == who):
        wrong = GoError("tls: the private key is not that of the certificate")
        return Many((_certificate(None, None), wrong))
    return Many((_certificate(Slice([Slice(said.encode())]), who), None))


def _certificate(chain: Any, key: Any) -> Struct:
    kind = "crypto/tls.Certificate"
    return Struct(kind, {**TYPES[kind], "Certificate": chain, "PrivateKey": key})


def certified(world: World, folder: str, *, key_beside: bool = False) -> Many:
    """A *tls.Config of the files of a folder, as BuildKit makes one, or containerd, which looks for a key that is
    not there (`key_beside`) in the certificate's own file; and an error."""
    made = tls_config()
    fields = made.target.fields
    entries, _ = read_folder(world, folder)
    for name in [entry.methods["Name"]() for entry in entries or ()]:
        path = f"{folder}/{name}"
        if name.endswith(".crt"):
            fields["RootCAs"] = fields["RootCAs"] or _pool(system=True)
            append = pool_method(fields["RootCAs"].target, "AppendCertsFromPEM")
            data, error = read_file(world, path)
            if error is not None:
                return Many((None, error))
            if append is not None:
                append(data)
        elif name.endswith(".cert"):
            key = f"{path.removesuffix('.cert')}.key"
            pair, error = load_pair(
                world, path, path if key_beside and key not in world.files else key
            )
            if error is not None:
                return Many((None, error))
            fields["Certificates"] = Slice([*(fields["Certificates"] or ()), pair])
    return Many((made, None))
