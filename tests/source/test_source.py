"""Folders, refs and archives show the same files; what cannot be read is said, never guessed."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.errors import GopatchError, SourceError, UsageError
from gopatch.source import Source, open_source
from gopatch.source.gitref import Repository
from gopatch.source.roots import Roots, explain_no_engine, find_roots, glob, walk
from tests.conftest import FIXTURES, Git, files


def contents(source: Source) -> dict[str, bytes]:
    return {path: source.read(path) for path in walk(source, "", "")}


def test_a_folder_shows_its_files(tree: Path) -> None:
    assert contents(open_source(tree)) == files(tree)


def test_a_ref_shows_the_same(repository: Path, git: Git) -> None:
    expected = files(repository)
    (repository / "registry/service_v2.go").write_bytes(b"changed")
    assert contents(open_source(repository, "v20.10.27")) == expected
    bare = repository.parent / "bare.git"
    git(repository, "clone", "-q", "--bare", str(repository), str(bare))
    assert contents(open_source(bare)) == expected
    assert contents(open_source(bare, "trunk")) == expected


def test_a_bare_repository_without_configuration_is_one(repository: Path, git: Git) -> None:
    bare = repository.parent / "mirror"
    git(repository, "clone", "-q", "--bare", str(repository), str(bare))
    (bare / "config").unlink()
    assert "v20.10.27" in Repository(bare).refs()
    assert open_source(bare, "v20.10.27").entry("registry") is not None


def test_a_folder_inside_a_work_tree_is_the_top_of_its_ref(repository: Path) -> None:
    source = open_source(repository / "registry", "HEAD")
    assert source.read("service_v2.go") == (repository / "registry/service_v2.go").read_bytes()


def make_archive(tree: Path, name: str) -> Path:
    path = tree.parent / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(tree.rglob("*")):
                archive.write(file, file.relative_to(tree.parent))
    elif name.endswith(".zst"):
        import zstandard

        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w") as archive:
            archive.add(tree, tree.name)
        path.write_bytes(zstandard.ZstdCompressor().compress(raw.getvalue()))
    else:
        kind = name.rpartition(".")[2]
        with tarfile.open(path, "w" if kind == "tar" else f"w:{kind}") as archive:  # type: ignore[call-overload]
            archive.add(tree, tree.name)
    return path


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.xz", "tar.zst", "zip"])
def test_an_archive_shows_the_same(tree: Path, kind: str) -> None:
    source = open_source(make_archive(tree, f"docker.{kind}"))
    assert contents(source) == {f"docker/{name}": data for name, data in files(tree).items()}
    assert find_roots(source) == Roots("docker", None)


def tar_with(path: Path, *members: tuple[str, str, str]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, kind, target in members:
            info = tarfile.TarInfo(name)
            if kind != "file":
                info.type = tarfile.SYMTYPE if kind == "link" else tarfile.LNKTYPE
                info.linkname = target
            archive.addfile(info, io.BytesIO(b""))
    return path


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(("../out", "file", ""), id="parent"),
        pytest.param(("/etc/out", "file", ""), id="absolute"),
        pytest.param(("a/link", "link", "../../out"), id="link out"),
        pytest.param(("link", "link", "/etc/passwd"), id="absolute link"),
        pytest.param(("hard", "hard", "../out"), id="hard link out"),
    ],
)
def test_members_that_leave_the_archive_are_refused(
    tmp_path: Path, member: tuple[str, str, str]
) -> None:
    with pytest.raises(SourceError, match="leaves the archive"):
        open_source(tar_with(tmp_path / "x.tar", ("ok", "file", ""), member))


def empty_repository(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def broken_object(folder: Path) -> Path:
    """A repository in which the blob of one file is cut short."""
    empty_repository(folder)
    (folder / "a").write_text("text\n")
    for command in (["add", "a"], ["commit", "-q", "-m", "a"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    blob = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "HEAD:a"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    path = folder / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:5])
    return folder


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("make", "ref", "kind", "words"),
    [
        pytest.param(lambda p: p / "nope", None, UsageError, "there is no", id="nothing there"),
        pytest.param(lambda p: write(p / "x.rar", b""), None, UsageError, "no archive", id="rar"),
        pytest.param(
            lambda _: Path("/dev/zero"),
            None,
            UsageError,
            "neither a folder nor a file",
            id="device",
        ),
        pytest.param(
            lambda _: Path("/dev/zero"),
            "v1",
            UsageError,
            "neither a folder nor a file",
            id="a ref of a device",
        ),
        pytest.param(lambda p: write(p / "x.tar", b""), None, SourceError, "archive", id="empty"),
        pytest.param(lambda p: write(p / "x.zip", b"PK"), None, SourceError, "archive", id="zip"),
        pytest.param(
            lambda p: write(p / "x.tar.gz", b"\x1f\x8bxx"), None, SourceError, "archive", id="gz"
        ),
        pytest.param(
            lambda p: write(p / "x.tar.zst", b"zst"), None, SourceError, "archive", id="zst"
        ),
        pytest.param(
            lambda p: write(p / "x.tar", b""), "v1", UsageError, "no refs", id="ref of tar"
        ),
        pytest.param(lambda p: p, "v1", UsageError, "not a git repository", id="ref of folder"),
        pytest.param(
            lambda p: empty_repository(p / "r"), "HEAD", SourceError, "no commits", id="no commits"
        ),
        pytest.param(
            lambda p: broken_object(p / "r"), "nope", UsageError, "no ref `nope`", id="no such ref"
        ),
        pytest.param(
            lambda p: broken_object(p / "r"), "--help", UsageError, "not a ref", id="an option"
        ),
        pytest.param(
            lambda p: broken_object(p / "r"), "0" * 40, SourceError, "missing", id="no such commit"
        ),
    ],
)
def test_refused(
    tmp_path: Path,
    make: Callable[[Path], Path],
    ref: str | None,
    kind: type[GopatchError],
    words: str,
) -> None:
    with pytest.raises(kind, match=words):
        open_source(make(tmp_path), ref)


def test_a_broken_object_is_named(tmp_path: Path) -> None:
    source = open_source(broken_object(tmp_path / "r"), "HEAD")
    with pytest.raises(SourceError, match="missing or broken"):
        source.read("a")


def test_a_ref_that_is_nearly_right_is_suggested(repository: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_source(repository, "v20.10.72")
    assert caught.value.hint == "did you mean `v20.10.27`?"


def test_links_are_not_followed_out(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.go").write_bytes(b"package secret\n")
    (tree / "registry/out.go").symlink_to(tmp_path / "secret.go")
    (tree / "outside").symlink_to(tmp_path)
    source = open_source(tree)
    for path in ("registry/out.go", "outside/secret.go", "../secret.go", "/etc/passwd"):
        with pytest.raises(SourceError):
            source.read(path)
    assert not [path for path in walk(source, "", ".go") if "secret" in path]
    assert "registry/out.go" not in glob(source, "", "registry/*.go")


@pytest.mark.parametrize("folder", sorted(p.name for p in FIXTURES.iterdir() if p.is_dir()))
def test_roots_of_every_layout(folder: str) -> None:
    expected = {
        "debian": Roots("engine", "cli"),
        "docker-ce": Roots("components/engine", "components/cli"),
        "cli": Roots(None, None),
    }.get(folder, Roots("", None))
    found = find_roots(open_source(FIXTURES / folder))
    assert found.engine == expected.engine
    if expected.engine is not None:
        assert found.cli == expected.cli


def test_roots_below_other_folders(tree: Path, tmp_path: Path) -> None:
    deep = tmp_path / "top/forks/moby"
    deep.parent.mkdir(parents=True)
    shutil.move(tree, deep)
    assert find_roots(open_source(tmp_path / "top")).engine == "forks/moby"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "empty"),
        (["README.md"], "not Docker's source"),
        (["runtime.go", "commands.go"], "before --insecure-registry"),
        (["vendor/github.com/docker/docker/registry/config.go"], "not Docker's source"),
    ],
)
def test_what_is_not_docker_is_explained(tmp_path: Path, names: list[str], words: str) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"package docker\n" if name == "runtime.go" else b"")
    source = open_source(tmp_path)
    assert find_roots(source).engine is None
    assert words in explain_no_engine(source)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("registry/service_v*.go", ["registry/service_v2.go"]),
        ("registry/service_v2.go", ["registry/service_v2.go"]),
        ("**/service_v2.go", ["registry/service_v2.go"]),
        ("*/service_v2.go", ["registry/service_v2.go"]),
        ("*.nothing", []),
        ("nowhere/*.go", []),
        ("registry", []),
    ],
)
def test_globs(tree: Path, pattern: str, expected: list[str]) -> None:
    assert glob(open_source(tree), "", pattern) == expected
