"""The folder of a new patch: small, whole, and in order, so that it can be changed step by step."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import SourceError, UsageError


class PatchTexts(NamedTuple):
    """The texts of patch.toml; what is None gets a sentence to replace."""

    title: str | None = None
    why: str | None = None
    security: str | None = None


_TOML = """\
title = {title}
why = {why}
security = {security}

# What Debian's DEP-3 asks for; last-update is the date that every output bears.
[dep3]
origin = "vendor"
forwarded = "not-needed"
last-update = "{date}"

# One [[edit]] for each thing that the patch must achieve. The first variant that fits is used. With
# anchor = "Name" an edit is needed only where Go declares that name; without, it always is.
[[edit]]
name = "example"
title = "a second argument for Example"
files = ["daemon/*.go", "daemon/**/*.go"]
variants = ["example-call.patch"]
"""

_VARIANT = """\
# Say here what this form of the source has that the others have not
@@
var value expression
@@
-Example(value)
+Example(value, true)
"""

_CASES = {
    "call": """\
A call in the daemon's code gets its second argument; the comment stays.
-- before/daemon/daemon.go --
package daemon

func start() error {
	// said once
	return Example("start")
}
-- after/daemon/daemon.go --
package daemon

func start() error {
	// said once
	return Example("start", true)
}
""",
    "already": """\
Where the change stands already, nothing changes.
-- before/daemon/daemon.go --
package daemon

func start() error {
	return Example("start", true)
}
""",
    "missing": """\
A source without the call is refused, not left as it is.
-- before/daemon/daemon.go --
package daemon

func start() error {
	return nil
}
-- refused --
example
""",
}


def make(folder: Path, texts: PatchTexts) -> list[Path]:
    """Make the folder, whole or not at all; the files that were written.

    Raises UsageError for a name that is none or a folder that is there, SourceError where it
    cannot be made. The date is SOURCE_DATE_EPOCH's, or today's.
    """
    name = folder.name
    if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", name):
        raise UsageError(
            f"`{name}` is no name for a patch", hint="use small letters, digits and hyphens"
        )
    if folder.exists():
        raise UsageError(f"{folder} is there already", hint="choose another name")
    files = {"patch.toml": _toml(name, texts), "example-call.patch": _VARIANT}
    files |= {f"cases/{case}.txtar": text for case, text in _CASES.items()}
    try:
        _write(folder, files)
    except OSError as error:
        raise SourceError(f"cannot be made: {error.strerror}", path=str(folder)) from None
    return [folder / file for file in files]


def _toml(name: str, texts: PatchTexts) -> str:
    words = name.replace("-", " ")
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    day = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return _TOML.format(
        title=_quoted(texts.title or f"daemon: {words}"),
        why=_quoted(texts.why or f"Say here what {words} is good for, and who asks for it."),
        security=_quoted(
            texts.security or "Security: say here what the change risks, if anything."
        ),
        date=f"{day:%Y-%m-%d}",
    )


def _quoted(text: str) -> str:
    """As a TOML string; JSON's escapes are TOML's, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(folder: Path, files: dict[str, str]) -> None:
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        (beside / "cases").mkdir()
        for name, text in files.items():
            (beside / name).write_text(text, encoding="utf-8")
        beside.chmod(0o755)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
