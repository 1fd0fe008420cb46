"""What `go vet` says, asked so that nothing which a run that was cut short has left in Go's cache can answer.

Go 1.26 and later keep vet's findings in the cache, as one of two files for each question, and put the other one
there first. Killed between them, a run leaves a question answered by silence. What the question is goes by vet's
flags, too: one that names a function which is nowhere changes no finding, and makes it another question.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from gopatch.verify._go.findings import Complaint, parse, target
from gopatch.verify._go.toolchain import Ran
from gopatch.verify._go.workspace import Workspace

_FOLDER = "gopatch-vet"  # in Go's cache, for it is that cache of which it says something


def vet(
    workspace: Workspace,
    overlay: Path,
    packages: Sequence[str],
    *,
    cgo: bool,
    anew: bool = False,
) -> tuple[Complaint, ...] | None:
    """What `go vet` says about packages, which compile; None where it was cut short. `anew`: nobody has ever
    asked so before."""
    if not packages:
        return ()
    names = [target(workspace, name) for name in packages]
    ran = once(
        Path(workspace.env["GOCACHE"]),
        lambda flag: workspace.tool(["vet", flag, *names], overlay, cgo=cgo),
        anew=anew,
    )
    return None if ran.code < 0 else parse(ran.err)


def once(cache: Path, ask: Callable[[str], Ran], *, anew: bool = False) -> Ran:
    """Ask with a flag by which nobody else asks now, and by which whoever asked has come to an end.

    There is a file for each flag, held while one asks by it, and empty once that was answered.
    """
    folder = cache / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for number in count():
        path = folder / str(number)
        if anew and path.exists():
            continue
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if os.fstat(file.fileno()).st_size:  # looked at once it is held
                continue
            file.write(b"asked\n")
            file.flush()
            ran = ask(f"-printf.funcs=gopatch{number}")
            if ran.code >= 0:
                file.truncate(0)
            return ran
    raise AssertionError  # numbers do not end
