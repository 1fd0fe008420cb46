"""What gofmt and the compiler say about the original and about the port, side by side.

Nothing here asks for a clean bill: old source under a new Go has findings of its own. What counts
is a finding that the original has not. Positions move when lines are added, so findings are
compared by file and words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.verify._go.toolchain import has_c, run
from gopatch.verify._go.workspace import Workspace

_POSITION = re.compile(r"^(?:vet: )?(?P<file>\S+?\.go):(?P<line>\d+)(?::\d+)?: (?P<text>.*)$")
_OVERLAID = re.compile(r"^[0-9a-f]{16}-")


class Complaint(NamedTuple):
    """One complaint: the file's name, the line (0 where unknown), the words."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.text


class BuiltPackage(NamedTuple):
    """What became of one package: whether it compiles, with or without cgo, and what was said."""

    compiles: bool
    cgo: bool
    findings: tuple[Complaint, ...]
    ignored: tuple[str, ...]
    """Files that build constraints leave out on this system."""
    checked: bool = False
    """The compiler went through all of it, and the findings are all that it had to say."""

    @property
    def reason(self) -> str:
        return str(self.findings[0]) if self.findings else "no reason given"


def parse(output: str) -> tuple[Complaint, ...]:
    """The findings in what a Go tool printed."""
    found = []
    for line in output.splitlines():
        text = line.strip()
        if not text or text.startswith(("#", "exit status", "note:", "FAIL")):
            continue
        match = _POSITION.match(text)
        if match:
            found.append(Complaint(_name(match["file"]), int(match["line"]), match["text"]))
        else:
            found.append(Complaint("", 0, text))
    return tuple(found)


def _name(path: str) -> str:
    """A file's own name, also where an overlay stands for it."""
    return _OVERLAID.sub("", path.rpartition("/")[2])


def new(before: Iterable[Complaint], after: Iterable[Complaint]) -> list[Complaint]:
    """Findings of `after` that `before` has not, or has less often."""
    left = Counter((f.file, f.text) for f in before)
    fresh = []
    for finding in after:
        key = finding.file, finding.text
        if left[key]:
            left[key] -= 1
        else:
            fresh.append(finding)
    return fresh


def unformatted(workspace: Workspace, name: str, data: bytes | None) -> tuple[Complaint, ...]:
    """The lines that gofmt would change in a file of this content."""
    if data is None:
        return ()
    folder = workspace.work / "gofmt"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name.rpartition("/")[2]
    file.write_bytes(data)
    ran = run([workspace.go.gofmt, "-d", str(file)], folder, workspace.env)
    file.unlink()
    if ran.err.strip():
        return parse(ran.err)
    lines = [
        line for line in ran.out.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return tuple(Complaint(name, 0, f"gofmt would write `{line}`") for line in lines)


def compile_all(
    workspace: Workspace, overlay: Path, packages: Sequence[str], cgo: Mapping[str, bool] | None
) -> dict[str, BuiltPackage]:
    """Compile packages (folders below the engine root), without linking programs.

    `cgo` says for each package whether C is compiled too; None finds out: without, and, where that
    fails and there is a C compiler, with it.
    """
    if cgo is not None:
        groups = {
            flag: [p for p in packages if cgo.get(p, False) is flag] for flag in (False, True)
        }
        found: dict[str, BuiltPackage] = {}
        for flag, names in groups.items():
            found |= _compiled(workspace, overlay, names, cgo=flag)
        return found
    found = _compiled(workspace, overlay, packages, cgo=False)
    failed = [name for name in packages if not found[name].compiles]
    if failed and has_c():
        again = _compiled(workspace, overlay, failed, cgo=True)
        found |= {name: built for name, built in again.items() if built.compiles}
    return found


def _compiled(
    workspace: Workspace, overlay: Path, packages: Sequence[str], *, cgo: bool
) -> dict[str, BuiltPackage]:
    """`go list -export` compiles as `go build` does, and leaves out linking a daemon."""
    if not packages:
        return {}
    fields = "ImportPath,Export,Error,DepsErrors,IgnoredGoFiles"
    targets = [target(workspace, name) for name in packages]
    # Without the compiler's -e the findings end after ten.
    command = ["list", "-e", "-export", "-gcflags=-e", f"-json={fields}", *targets]
    ran = workspace.tool(command, overlay, cgo=cgo)
    listed = {item["ImportPath"]: item for item in _values(ran.out)}
    return {
        name: built(listed.get(target), ran.err, cgo=cgo)
        for name, target in zip(packages, targets, strict=True)
    }


def target(workspace: Workspace, folder: str) -> str:
    """The import path of a package by its folder below the engine root."""
    return f"{workspace.package}/{folder}" if folder else workspace.package


def built(item: dict[str, Any] | None, errors: str, *, cgo: bool) -> BuiltPackage:
    """A package as `go list -e -export -json` tells of it; `errors` is what else it said."""
    if item is None:
        return BuiltPackage(False, cgo, parse(errors), ())
    said = [item.get("Error"), *item.get("DepsErrors", [])]
    words = "\n".join(dict.fromkeys(_said(error) for error in said if error))
    ignored = tuple(item.get("IgnoredGoFiles", ()))
    compiles = bool(item.get("Export")) and not item.get("Error")
    if compiles:
        return BuiltPackage(True, cgo, (), ignored, True)
    return BuiltPackage(False, cgo, parse(words or errors), ignored, _own(item))


def _own(item: dict[str, Any]) -> bool:
    """Whether what went wrong are findings of the compiler in this very package."""
    text = (item.get("Error") or {}).get("Err", "")
    heads = [line for line in text.splitlines() if line.startswith("# ")]
    found = parse(text)
    return (
        not item.get("DepsErrors")
        and heads == [f"# {item['ImportPath']}"]
        and bool(found)
        and all(finding.line for finding in found)
    )


def _said(error: dict[str, Any]) -> str:
    position = error.get("Pos", "")
    return f"{position}: {error['Err']}" if position else str(error["Err"])


def _values(text: str) -> list[dict[str, Any]]:
    """JSON values one after the other, as `go list -json` prints them."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while (at := text.find("{", at)) >= 0:
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found
