"""A source laid out so that Go finds its packages: a module, or a GOPATH of our own.

A folder is used where it is, behind a link; a git ref or an archive is written once to the work folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.verify._go.build_needs import (
    CODEC,
    import_path,
    mended,
    vendored_imports,
    whole_tarsum,
    without_c,
    written_by_scripts,
)
from gopatch.verify._go.toolchain import Go, demand
from gopatch.verify._go.trees import on_disk
from gopatch.verify._go.workspace import Workspace, locked

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

# They want C in v1.13 to v17.06, and no daemon is run here.
LEFT_OUT = ("exclude_graphdriver_overlay", "exclude_graphdriver_overlay2")


class GoSetting(NamedTuple):
    """What Go is run with: the toolchain, the work folder, how many processes it may start."""

    go: Go
    work: Path
    jobs: int


@contextmanager
def prepared(source: Source, engine: str, setting: GoSetting) -> Iterator[Workspace]:
    """The workspace of a source whose engine root is `engine`, for the time of a `with`: a second run
    on the same tree waits, for it would write the same files.

    Raises SourceError where the source cannot be laid out, UsageError where Go is too old for it.
    """
    setting.work.mkdir(parents=True, exist_ok=True)
    with on_disk(source, setting.work) as top:
        space = _laid_out(source, engine, top, setting)
        with locked(space.work):
            yield space


def _laid_out(source: Source, engine: str, top: Path, setting: GoSetting) -> Workspace:
    root = top / engine if engine else top
    module = _text(root / "go.mod")
    if _is_module(module):
        return _module(engine, root, module, setting)
    _demand_vendored(root, setting.go)
    return _gopath(source, engine, top, setting)


def _is_module(module: str) -> bool:
    """A go.mod that requires nothing, as Debian's, is there for tools that want one.

    Debian keeps parts of vendor/ with their modules.txt, and builds with GO111MODULE=off.
    """
    return re.search(r"^require\b", module, re.MULTILINE) is not None


def _demand_vendored(root: Path, go: Go) -> None:
    found = re.search(r"^go (\S+)$", _text(root / "vendor.mod"), re.MULTILINE)
    if found:
        demand(go, found[1], "the source's vendor.mod")


def _module(engine: str, root: Path, module: str, setting: GoSetting) -> Workspace:
    if found := re.search(r"^go (\S+)$", module, re.MULTILINE):
        demand(setting.go, found[1], "the source's go.mod")
    name = _module_name(module)
    if name is None:
        raise SourceError("has no module line", path=join(engine, "go.mod"))
    own = _own(setting.work, root)
    vendored = (root / "vendor" / "modules.txt").is_file()
    flags = ["-mod=vendor"]
    if not vendored:
        # Go may want to write go.mod and go.sum; with -modfile it writes to the copies.
        (own / "go.mod").write_text(_absolute_replaces(module, root))
        if (root / "go.sum").is_file():
            shutil.copyfile(root / "go.sum", own / "go.sum")
        flags = ["-mod=mod", f"-modfile={own / 'go.mod'}"]
    layout = f"module {name}" + (" with vendor/" if vendored else "")
    env = {**_env(setting.work), "GO111MODULE": "on"}
    flags += _common(setting.jobs)
    return Workspace(setting.go, own, root, engine, name, env, tuple(flags), {}, layout)


def _module_name(module: str) -> str | None:
    found = re.search(r"^module\s+\"?([^\s\"]+)", module, re.MULTILINE)
    return found and found[1]


def _absolute_replaces(module: str, root: Path) -> str:
    """`replace ... => ./folder` is relative to go.mod, which now lies elsewhere."""
    return re.sub(r"(=>\s+)(\.\.?/\S*)", lambda m: f"{m[1]}{(root / m[2]).resolve()}", module)


def _gopath(source: Source, engine: str, top: Path, setting: GoSetting) -> Workspace:
    root = top / engine if engine else top
    own = _own(setting.work, root)
    package = import_path(source, engine)
    tree = own / "gopath" / "src" / package
    _link(tree, root)
    for place, folder in _beside(source, engine, root, package).items():
        _link(own / "gopath" / "src" / place, folder)
    paths, words = _libraries(source, root, own)
    paths = [
        str(own / "gopath"),
        *paths,
        *filter(None, os.environ.get("GOPATH", "").split(os.pathsep)),
    ]
    generated = written_by_scripts(source, engine, package)
    if generated:
        folders = sorted({path.rpartition("/")[0] for path in generated})
        words.append("generated " + ", ".join(folders))
    if (root / "vendor" / "src").is_dir() and (
        imports := vendored_imports(source, engine, package)
    ):
        generated |= imports
        words.append("vendored packages imported by their own paths")
    if unsupported := without_c(source, engine):
        generated |= unsupported
        words.append("sqlite left out of builds without C")
    if mend := whole_tarsum(source, engine):
        generated = mend | generated
        words.append("pkg/tarsum mended for Go 1.10 and later")
    if mend := mended(tree, own / "vendored"):
        generated |= mend
        words.append(f"{CODEC} mended for Go 1.22 and later")
    env = {**_env(setting.work), "GO111MODULE": "off", "GOPATH": os.pathsep.join(paths)}
    layout = ", ".join([f"GOPATH, {package}", *words])
    flags = _common(setting.jobs)
    return Workspace(setting.go, own, tree, engine, package, env, flags, generated, layout)


def _libraries(source: Source, root: Path, own: Path) -> tuple[list[str], list[str]]:
    """Where in the GOPATH libraries are, besides the engine's tree; and the same in words."""
    paths, words = [], []
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
    return paths, words


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
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _beside(source: Source, engine: str, root: Path, package: str) -> dict[str, Path]:
    """Debian and docker-ce keep what belongs together side by side: import path -> folder.

    A folder is the module that its go.mod names, or lies beside the engine as it does in the source.
    None lies within another, for what is laid there would be written into the source.
    """
    if not engine:
        return {}
    above, _, own = engine.rpartition("/")
    placed = {package: root}
    for entry in source.listdir(above):
        if entry.kind == "dir" and entry.name not in (own, "debian") and entry.name[0] not in "._":
            folder = root.parent / entry.name
            beside = f"{package.rpartition('/')[0]}/{entry.name}"
            for place in (_module_name(_text(folder / "go.mod")) or beside, beside):
                if _is_path(place) and not any(_overlap(place, other) for other in placed):
                    placed[place] = folder
                    break
    del placed[package]
    return placed


def _is_path(place: str) -> bool:
    return all(re.fullmatch(r"[\w~-][\w.~-]*", part) for part in place.split("/"))


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
