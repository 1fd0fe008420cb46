"""A source laid out so that Go finds its packages, without writing into it.

Files that differ from the source (the port, the harness, what a build generates) never reach the
tree: they are laid over it by `-overlay`. A folder is used where it is, behind a link in a GOPATH of
our own; a git ref or an archive is written once to the work folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError, UsageError
from gopatch.port import cache
from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.verify._go.toolchain import Go, Ran, demand, run

GOCODE = Path("/usr/share/gocode")
"""Where Debian's golang-*-dev packages put their source (dh-golang)."""

# What a daemon can be built without: C libraries, and the tag that old daemons were behind.
TAGS = (
    "daemon",
    "exclude_graphdriver_btrfs",
    "exclude_graphdriver_devicemapper",
    "exclude_graphdriver_zfs",
    "exclude_disk_quota",
    "libdm_no_deferred_remove",
    "netgo",
)
_CODEC = "github.com/ugorji/go/codec"
_TWICE = b'base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789__")'
_ONCE = _TWICE.replace(b"__", b"_-")
_KEPT = 4  # trees of refs and archives in the work folder
_NEVER_GO = {".git", "docs", "man", "integration-cli", "node_modules", "bundles"}


class Workspace(NamedTuple):
    """Where and how Go is run on a source.

    `tree` is the engine root as Go sees it, `prefix` the same inside the source ("" for its top),
    `package` its import path; `generated` are files below `tree` that every build gets besides;
    `layout` says in words what was found.
    """

    go: Go
    work: Path
    tree: Path
    prefix: str
    package: str
    env: dict[str, str]
    flags: tuple[str, ...]
    generated: dict[str, bytes]
    layout: str

    def tool(
        self,
        arguments: Iterable[str],
        overlay: Path,
        *,
        cgo: bool = False,
        timeout: float | None = None,
    ) -> Ran:
        """`go VERB ...` with the flags of the layout and an overlay."""
        verb, *rest = arguments
        command = [self.go.go, verb, *self.flags, "-overlay", str(overlay), *rest]
        return run(command, self.tree, {**self.env, "CGO_ENABLED": "01"[cgo]}, timeout)

    def tagged(self, *more: str) -> Workspace:
        """The same with more build tags."""
        at = self.flags.index("-tags") + 1
        tags = ",".join([self.flags[at], *more])
        return self._replace(flags=(*self.flags[:at], tags, *self.flags[at + 1 :]))

    def inside(self, path: str) -> str | None:
        """A path of the source relative to the engine root, None where it is not in it."""
        if not self.prefix:
            return path
        return path[len(self.prefix) + 1 :] if path.startswith(self.prefix + "/") else None


def overlay(workspace: Workspace, name: str, files: Mapping[str, bytes | None]) -> Path:
    """An overlay file for `go -overlay`: `files` are relative to the tree, None removes one."""
    folder = workspace.work / "overlay" / name
    folder.mkdir(parents=True, exist_ok=True)
    replaced: dict[str, str] = {}
    for path, data in {**workspace.generated, **files}.items():
        target = ""
        if data is not None:
            # Named by content, so that Go's cache sees the same file on a second run.
            file = folder / f"{hashlib.sha256(data).hexdigest()[:16]}-{path.rpartition('/')[2]}"
            if not file.exists():
                file.write_bytes(data)
            target = str(file)
        replaced[str(workspace.tree / path)] = target
    made = folder / "overlay.json"
    made.write_text(json.dumps({"Replace": replaced}, indent=1, sort_keys=True))
    return made


def prepare(source: Source, engine: str, go: Go, work: Path, jobs: int) -> Workspace:
    """The workspace of a source whose engine root is `engine`.

    Raises SourceError where the source cannot be laid out, UsageError where Go is too old for it.
    """
    work.mkdir(parents=True, exist_ok=True)
    top = _on_disk(source, engine, work)
    root = top / engine if engine else top
    module = _text(root / "go.mod")
    if _is_module(root, module):
        return _module(engine, root, module, go, work, jobs)
    _demand_vendored(root, go)
    package = _package(source, engine)
    return _gopath(source, engine, top, package, go, work, jobs)


def _is_module(root: Path, module: str) -> bool:
    """A go.mod that asks for nothing, as Debian's, is there for tools that want one."""
    return bool(module) and ((root / "vendor/modules.txt").is_file() or "require" in module)


def cache_folder(given: str | None = None) -> Path:
    """`given`, or a folder of gopatch's cache; UsageError where there is no home to have one in."""
    if given:
        return Path(given).absolute()
    kept = cache.folder()
    if kept is None:
        raise UsageError("there is no home folder to keep Go's cache in", hint="add --work DIR")
    return kept / "go"


def _demand_vendored(root: Path, go: Go) -> None:
    found = re.search(r"^go (\S+)$", _text(root / "vendor.mod"), re.MULTILINE)
    if found:
        demand(go, found[1], "the source's vendor.mod")


def _module(engine: str, root: Path, module: str, go: Go, work: Path, jobs: int) -> Workspace:
    if found := re.search(r"^go (\S+)$", module, re.MULTILINE):
        demand(go, found[1], "the source's go.mod")
    name = re.search(r"^module\s+\"?([^\s\"]+)", module, re.MULTILINE)
    if name is None:
        raise SourceError("has no module line", path=join(engine, "go.mod"))
    own = _own(work, root)
    vendored = (root / "vendor" / "modules.txt").is_file()
    flags = ["-mod=vendor"]
    if not vendored:
        # Go may want to write go.mod and go.sum; with -modfile it writes to the copies.
        (own / "go.mod").write_text(_absolute_replaces(module, root))
        if (root / "go.sum").is_file():
            shutil.copyfile(root / "go.sum", own / "go.sum")
        flags = ["-mod=mod", f"-modfile={own / 'go.mod'}"]
    layout = f"module {name[1]}" + (" with vendor/" if vendored else "")
    env = {**_env(work), "GO111MODULE": "on"}
    return Workspace(go, own, root, engine, name[1], env, (*flags, *_common(jobs)), {}, layout)


def _absolute_replaces(module: str, root: Path) -> str:
    """`replace ... => ./folder` is relative to go.mod, which now lies elsewhere."""
    return re.sub(r"(=>\s+)(\.\.?/\S*)", lambda m: f"{m[1]}{(root / m[2]).resolve()}", module)


def _gopath(
    source: Source, engine: str, top: Path, package: str, go: Go, work: Path, jobs: int
) -> Workspace:
    root = top / engine if engine else top
    own = _own(work, root)
    sources = own / "gopath" / "src"
    tree = sources / package
    _link(tree, root)
    words = [f"GOPATH, {package}"]
    # Debian and docker-ce keep what belongs together side by side.
    beside = _beside(source, engine)
    for name in beside:
        _link(tree.parent / name, root.parent / name)
    paths = [str(own / "gopath")]
    if (root / "vendor" / "src").is_dir():
        # As hack/make.sh did: the whole vendor folder is one more GOPATH entry.
        _link(own / "vendored", root / "vendor")
        paths.append(str(own / "vendored"))
        words.append("vendor/src")
    elif (root / "vendor").is_dir():
        words.append("vendor/")
    if source.entry("debian") is not None and GOCODE.is_dir():
        paths.append(str(GOCODE))
        words.append(f"{GOCODE}")
    paths += [path for path in os.environ.get("GOPATH", "").split(os.pathsep) if path]
    generated = _generated(source, engine, package)
    if generated:
        words.append(
            "generated " + ", ".join(sorted({path.rpartition("/")[0] for path in generated}))
        )
    if mended := _mended(tree, own / "vendored"):
        generated |= mended
        words.append(f"{_CODEC} mended for Go 1.22 and later")
    env = {**_env(work), "GO111MODULE": "off", "GOPATH": os.pathsep.join(paths)}
    return Workspace(
        go, own, tree, engine, package, env, _common(jobs), generated, ", ".join(words)
    )


def _common(jobs: int) -> tuple[str, ...]:
    # Without paths in them, packages are found in the cache again wherever the tree lies.
    return ("-p", str(jobs), "-trimpath", "-tags", ",".join(TAGS))


def _env(work: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GO", "CGO_")) or name == "GOCACHE"
    }
    cache = kept.get("GOCACHE") or str(work / "build")
    fixed = {
        "GOCACHE": cache,
        "GOFLAGS": "",
        "GOENV": "off",
        "GOWORK": "off",
        "GOPROXY": "off",
        "GOSUMDB": "off",
        "GOTOOLCHAIN": "local",
        "GOTELEMETRY": "off",
        "LC_ALL": "C.UTF-8",
    }
    # GOPATH has a default below HOME, which need not be set.
    return {"HOME": str(work), "GOPATH": str(work / "gopath"), **kept, **fixed}


def _own(work: Path, root: Path) -> Path:
    """The part of the work folder that belongs to one tree."""
    own = work / "run" / hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    own.mkdir(parents=True, exist_ok=True)
    return own


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(target)
    except FileExistsError:  # another process was faster
        if link.readlink() != target:
            raise


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", errors="replace")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _beside(source: Source, engine: str) -> list[str]:
    if not engine:
        return []
    above, _, own = engine.rpartition("/")
    return [
        entry.name
        for entry in source.listdir(above)
        if entry.kind == "dir" and entry.name not in (own, "debian") and entry.name[0] not in "._"
    ]


def _package(source: Source, engine: str) -> str:
    """The import path of the engine, as its own files import each other."""
    counts: dict[str, int] = {}
    for folder in ("registry", "daemon", "cmd/dockerd", "docker", "daemon/command"):
        for entry in source.listdir(join(engine, folder)):
            if entry.kind != "file" or not entry.name.endswith(".go"):
                continue
            text = source.read(join(engine, f"{folder}/{entry.name}")).decode("utf-8", "replace")
            for found in re.findall(
                r'"([\w.\-]+(?:/[\w.\-]+)+)/(?:registry|opts|daemon|image)"', text
            ):
                counts[found] = counts.get(found, 0) + 1
    # A distribution's registry or a library's image package is imported less often.
    return (
        max(counts, key=lambda name: (counts[name], name)) if counts else "github.com/docker/docker"
    )


def _generated(source: Source, engine: str, package: str) -> dict[str, bytes]:
    """Packages that upstream's build scripts write: hack/make/.go-autogen up to v1.9.

    Every name that the tree takes from such a package becomes a string variable of it.
    """
    folder = "autogen/dockerversion"
    if source.entry(join(engine, folder)) is not None:
        return {}
    names: set[str] = set()
    wanted = f'"{package}/{folder}"'
    for path in _go_files(source, engine):
        data = source.read(path)
        if wanted.encode() in data:
            names |= set(
                re.findall(r"\bdockerversion\.([A-Z]\w*)", data.decode("utf-8", "replace"))
            )
    if not names:
        return {}
    lines = "".join(f'\t{name} = "gopatch"\n' for name in sorted(names))
    text = f"package dockerversion\n\nvar (\n{lines})\n"
    return {f"{folder}/dockerversion.go": text.encode()}


def _mended(tree: Path, vendored: Path) -> dict[str, bytes]:
    """A vendored file that stops every program at its start when built with Go 1.22 or later.

    Its code generator, which no daemon runs, makes a base64 alphabet with one letter twice;
    encoding/base64 panics at that since Go 1.22 (https://go.dev/doc/go1.22#encoding/base64).
    """
    inside = ((tree, f"vendor/{_CODEC}/gen.go"), (Path(), str(vendored / f"src/{_CODEC}/gen.go")))
    for root, path in inside:
        data = _bytes(root / path)
        if _TWICE in data:
            return {path: data.replace(_TWICE, _ONCE)}
    return {}


def _go_files(source: Source, folder: str) -> Iterable[str]:
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir" and entry.name not in {*_NEVER_GO, "vendor"}:
            yield from _go_files(source, path)
        elif entry.kind == "file" and entry.name.endswith(".go"):
            yield path


# Refs and archives ---------------------------------------------------------------------------


def _on_disk(source: Source, engine: str, work: Path) -> Path:
    """The top of the source as a folder: its own, or a copy in the work folder."""
    root = getattr(source, "root", None)
    if isinstance(root, Path):
        return root.resolve()
    trees = work / "trees"
    trees.mkdir(exist_ok=True)
    target = trees / _identity(source)
    if target.is_dir():
        os.utime(target)
        return target
    partial = trees / f".{target.name}.{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    _export(source, "", partial)
    try:
        partial.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(partial, ignore_errors=True)
    _forget_oldest(trees)
    return target


def _identity(source: Source) -> str:
    commit = getattr(source, "commit", None)
    if isinstance(commit, str):
        words = f"{commit}\n{getattr(source, 'prefix', '')}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]
    digest = hashlib.sha256()
    with open(source.name, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]


def _export(source: Source, folder: str, target: Path) -> None:
    """Write a source's files. One that cannot be read is left out: Go will ask for it, or not."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.listdir(folder):
        path = join(folder, entry.name)
        if entry.kind == "dir":
            if entry.name not in _NEVER_GO:
                _export(source, path, target / entry.name)
        elif entry.kind == "file":
            try:
                (target / entry.name).write_bytes(source.read(path))
            except SourceError:
                continue


def _forget_oldest(trees: Path) -> None:
    def age(tree: Path) -> float:
        try:
            return tree.stat().st_mtime
        except OSError:
            return 0.0

    kept = sorted((t for t in trees.iterdir() if not t.name.startswith(".")), key=age)
    for tree in kept[:-_KEPT]:
        shutil.rmtree(tree, ignore_errors=True)
