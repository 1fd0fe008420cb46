"""Mutated inputs of strangers: a right port or a refusal, never a fault, a hang or a gigabyte.

    python benchmarks/fuzz.py [--count N] [--seed S] [--kind KIND] [--real REPO] [--only I]

Go files of the fixtures (and of tags of REPO), archives, .patch and TOML files and git directories are
changed by chance and read in this process. Each input is a function of seed and number, so that
`--only I` makes the I-th again. What is wrong is printed with its number; the last line has the
figures. Exit 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import io
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from gopatch.errors import GopatchError
from gopatch.go.tree import parse
from gopatch.output.diff import unified
from gopatch.port.outcome import Port
from gopatch.port.work import Memo, work_out
from gopatch.recipe.read import load, patches_folder
from gopatch.source import Source, open_source
from gopatch.source.gitref import GitRef, Repository
from gopatch.source.overlay import Overlay
from gopatch.source.roots import walk
from gopatch.splice import FileChange

ROOT = Path(__file__).parent.parent
SECONDS = 10
KINDS = {"go": 60, "archive": 12, "patch": 18, "toml": 7, "git": 3}  # of a hundred
LARGEST = 1 << 20
WORDS = [
    b"{", b"}", b"(", b")", b"[", b"]", b"\0", b"\xff", b"\xef\xbb\xbf", b"...", b"@@", b"`", b'"',
    b"/*", b"*/", b"//", b"\n", b"\r\n", b"\t", b"func f() {", b"if x {", b"return", b"tlsConfig",
    b"InsecureSkipVerify", b"99999999999999999999", b"-1", b"../", b"/etc/passwd", b".git/config",
    b"\x1b[31m", "\u202e".encode(), "é".encode(), b"[[", b"]]", b"=", b"'''", b"<<<<<<< HEAD\n",
    b"ref: refs/heads/x\n", b"(a+)+$", b"**/",
]  # fmt: skip


# How bytes are changed -----------------------------------------------------------------------------


def mutated(data: bytes, random: Random) -> bytes:
    """The data after one to six changes; at most 1 MB."""
    for _ in range(random.randint(1, 6)):
        data = random.choice(CHANGES)(data, random)
    return data[:LARGEST]


def span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + int(random.expovariate(1 / 40)))


def flip(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) or 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def drop(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    return data[:start] + data[end:]


def word(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(WORDS) * random.choice((1, 1, 1, 2, 50, 3000)) + data[at:]


def move(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    at = random.randint(0, len(data))
    return data[:at] + data[start:end] + data[at:]


def repeat(data: bytes, random: Random) -> bytes:
    start, end = span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 10, 500)) + data[end:]


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def lines(data: bytes, random: Random) -> bytes:
    rows = data.split(b"\n")
    one, other = random.randrange(len(rows)), random.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]
    return b"\n".join(rows)


CHANGES: list[Callable[[bytes, Random], bytes]] = [flip, flip, drop, word, word, move, repeat, cut, lines]  # fmt: skip


# The inputs --------------------------------------------------------------------------------------


class Fuzz:
    """What the inputs are made of, and where they are made."""

    def __init__(self, home: Path, real: Path | None) -> None:
        self.home = home
        self.memo = Memo()
        self.patch = load("always-http")
        self.trees = {
            p.name: open_source(p) for p in sorted((ROOT / "fixtures").iterdir()) if p.is_dir()
        }
        if real is not None:
            repository = Repository(real)
            for name in ("v1.13.1", "v20.10.27", "docker-v29.0.0"):
                if name in repository.refs():
                    self.trees[f"real {name}"] = GitRef(repository, name)
        self.goes = {name: list(walk(tree, "", ".go")) for name, tree in self.trees.items()}
        self.variants = sorted(patches_folder().glob("*/*.patch"))
        self.archives = [tar_of(self.trees["v1.13.1"], "w"), tar_of(self.trees["v1.13.1"], "w:gz"), zip_of(self.trees["v1.13.1"])]  # fmt: skip
        self.repository = home / "template"
        make_repository(self.repository)

    def go(self, random: Random) -> str:
        name = random.choice(list(self.trees))
        tree = self.trees[name]
        changes = []
        looked_at = [p for p in self.goes[name] if "registry" in p] or self.goes[name]
        for path in random.sample(looked_at, min(len(looked_at), random.randint(1, 2))):
            data = tree.read(path)
            changes.append(FileChange(path, data, mutated(data, random)))
        return self._ported(Overlay(tree, changes))

    def _ported(self, source: Source) -> str:
        if len(self.memo._known) > 20_000:
            self.memo = Memo()
        port = work_out(self.patch, source, self.memo)
        check(port)
        return port.status

    def archive(self, random: Random) -> str:
        number = random.randrange(len(self.archives))
        path = self.home / ("a.tar", "a.tar.gz", "a.zip")[number]
        path.write_bytes(mutated(self.archives[number], random))
        source = open_source(path)
        for name in walk(source, "", ".go"):
            source.read(name)
        return self._ported(source)

    def patch_file(self, random: Random) -> str:
        path = self.home / "p.patch"
        path.write_bytes(mutated(random.choice(self.variants).read_bytes(), random))
        name = random.choice([n for n in self.trees if not n.startswith("real")])
        tree = self.trees[name]
        some = random.sample(self.goes[name], min(len(self.goes[name]), 4))
        port = work_out(load(str(path)), Only(tree, some))
        check(port)
        return port.status

    def toml(self, random: Random) -> str:
        folder = self.home / "p"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(random.choice(self.variants).parent, folder)
        file = folder / "patch.toml"
        file.write_bytes(mutated(file.read_bytes(), random))
        load(str(folder))
        return "read"

    def git(self, random: Random) -> str:
        folder = self.home / "r"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.repository, folder, symlinks=True)
        files = sorted(
            p for p in (folder / ".git").rglob("*") if p.is_file() and "hooks" not in p.parts
        )
        for path in random.sample(files, random.randint(1, 3)):
            path.chmod(0o644)
            path.write_bytes(mutated(path.read_bytes(), random))
        repository = Repository(folder)
        repository.refs()
        source = GitRef(repository, "v1")
        for name in walk(source, "", ".go"):
            source.read(name)
        repository.uncommitted(folder, ["registry/service_v2.go"])
        return "read"


class Only:
    """A source of some files of another."""

    def __init__(self, source: Source, paths: list[str]) -> None:
        self._inner = Overlay(Empty(), [FileChange(p, None, source.read(p)) for p in paths])
        self.name = source.name
        self.listdir, self.entry, self.read = (
            self._inner.listdir,
            self._inner.entry,
            self._inner.read,
        )


class Empty:
    name = "nothing"

    def listdir(self, folder: str) -> tuple[()]:
        return ()

    def entry(self, path: str) -> None:
        return None

    def read(self, path: str) -> bytes:
        raise KeyError(path)


def check(port: Port) -> None:
    """A port is all or nothing, its Go parses where the original's did, and its diff can be made."""
    assert not (port.failed and port.changes)
    for change in port.changes:
        if change.after is not None and change.path.endswith(".go"):
            before = len(parse(change.before).errors()) if change.before is not None else 0
            assert len(parse(change.after).errors()) <= before, f"{change.path} parses no more"
    unified(port.changes)


def tar_of(tree: Source, mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:  # type: ignore[call-overload]
        for path in walk(tree, "", ".go"):
            item = tarfile.TarInfo(f"d/{path}")
            data = tree.read(path)
            item.size = len(data)
            made.addfile(item, io.BytesIO(data))
    return out.getvalue()


def zip_of(tree: Source) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path in walk(tree, "", ".go"):
            made.writestr(f"d/{path}", tree.read(path))
    return out.getvalue()


def make_repository(folder: Path) -> None:
    shutil.copytree(ROOT / "fixtures/v1.13.1", folder)
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "x"], ["tag", "v1"], [*author, "tag", "-am", "x", "v2"], ["gc", "-q"], ["update-ref", "refs/heads/loose", "HEAD"]):  # fmt: skip
        subprocess.run(["git", "-C", str(folder), *words], check=True)


# The run -------------------------------------------------------------------------------------------


class HangError(BaseException):
    """An input has taken longer than SECONDS."""


def hang(*_: object) -> None:
    raise HangError


def one(make: Callable[[Random], str], random: Random) -> tuple[str, str]:
    """What became of one input: "applied", "refused" and the like, or "FAULT", and of what kind."""
    # Seconds of the processor, so that a busy machine is no hang; whoever waits is one, too.
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(12 * SECONDS)
    try:
        return make(random), ""
    except GopatchError as error:
        return "refused", type(error).__name__
    except HangError:
        return "FAULT", f"more than {SECONDS} s"
    except Exception:
        return "FAULT", traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--real", type=Path, help="a repository of Docker's, for Go of its tags")
    parser.add_argument("--only", type=int, help="this input alone")
    given = parser.parse_args()
    signal.signal(signal.SIGALRM, hang)
    signal.signal(signal.SIGPROF, hang)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    numbers = range(given.first, given.first + given.count) if given.only is None else [given.only]
    counts: Counter[str] = Counter()
    start = time.monotonic()
    with (
        suppress(KeyboardInterrupt),  # the figures are those of what was done
        tempfile.TemporaryDirectory(prefix="gopatch-fuzz-") as home,
    ):
        fuzz = Fuzz(Path(home), given.real)
        makers = {"go": fuzz.go, "archive": fuzz.archive, "patch": fuzz.patch_file, "toml": fuzz.toml, "git": fuzz.git}  # fmt: skip
        for number in numbers:
            random = Random(f"{given.seed}:{number}")
            kind = given.kind or random.choices(list(KINDS), list(KINDS.values()))[0]
            status, words = one(makers[kind], random)
            counts[f"{kind} {status}"] += 1
            if status == "FAULT":
                print(f"{number} ({kind}): {words}", flush=True)
    took = time.monotonic() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    faults = sum(count for name, count in counts.items() if name.endswith("FAULT"))
    shown = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(
        f"seed {given.seed}: {sum(counts.values())} inputs in {took:.0f} s, {memory} MiB: {faults} faults; {shown}"
    )
    return 1 if faults or memory > 1024 else 0


if __name__ == "__main__":
    sys.exit(main())
