"""What a patch says of itself: one message for a commit, a mail and a Debian patch alike.

Some lines would end a message early for one of its readers, so they are quoted with `| `:
git (git-am: the body ends at `---`, `diff -` and `Index:`; a mailbox splits at `From `), quilt and
dpkg-source (`--- `, `+++ `, `*** `, `@@ -` begin a diff), gbp (`Gbp-Pq:` is a command) and GNU patch
(`Prereq:` asks for a word; a diff that is only indented is still one).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import Header

from gopatch.output import PortView
from gopatch.spelling import visible

_ENDS = re.compile(
    r"\s*(---|\+\+\+(\s|$)|\*\*\*(\s|$)|@@ |diff -|Index:|Prereq:|From |Gbp(-[A-Za-z]+)?:)"
)
_IN_BODY = re.compile(r"\s*(>?From|Subject|Date|MIME-Version|Content-[A-Za-z-]+):", re.IGNORECASE)
# What `git am` takes off the front of a subject.
_FRONT = re.compile(r"^(\s|:|re:|\[[^\]]*\])+", re.IGNORECASE)
_NO_FIELDS = {"author", "last-update"}


def subject(port: PortView) -> str:
    """The title in one line, without what `git am` would take away."""
    return _FRONT.sub("", " ".join(port.title.split())) or port.patch


def message(port: PortView) -> str:
    """The message of a commit, as git would clean it up."""
    return f"{subject(port)}\n\n{body(*reasons(port), f'Generated-by: {port.command}')}"


def reasons(port: PortView) -> tuple[str, ...]:
    """Why the patch is there, what it risks, and which roads of this source it leaves as they are."""
    closed = [f"{road.name}: {road.reason}" for road in port.roads if road.outcome == "missed"]
    told = "\n".join(["These roads stay as they are in this source:", *closed]) if closed else ""
    return port.why, port.security, told


def body(*paragraphs: str) -> str:
    """Paragraphs that end no message early: no spaces at ends, no two blank lines in a row."""
    text = "\n\n".join(part.strip("\n") for part in paragraphs if part.strip())
    lines = [line.rstrip() for line in re.split(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", text)]
    first = next((number for number, line in enumerate(lines) if line), 0)
    kept = [
        f"| {line}" if _ENDS.match(line) or (number == first and _IN_BODY.match(line)) else line
        for number, line in enumerate(lines)
        if line or (number and lines[number - 1])
    ]
    return "\n".join(kept).strip("\n") + "\n"


def dep3(port: PortView) -> str:
    """The fields of DEP-3 that are not in the mail's header; https://dep-team.pages.debian.net/deps/dep3/"""
    facts = [(_field(key), value) for key, value in port.dep3 if key.lower() not in _NO_FIELDS]
    facts += [("Last-Update", f"{_date(port):%Y-%m-%d}"), ("Generated-by", port.command)]
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in facts)


def _field(key: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in key.split("-"))


def _date(port: PortView) -> datetime:
    return datetime.fromtimestamp(port.epoch, UTC)


def header(port: PortView, title: str) -> str:
    """From, Date, Subject, and how the body is written where it is not ASCII; no blank line.

    As `gbp pq export` and `git format-patch` write them, so that neither has to change them.
    """
    date = _date(port)
    # strftime would use the names of the locale.
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[date.weekday()]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    when = f"{day}, {date.day} {months[date.month - 1]} {date.year:04d} {date:%H:%M:%S} +0000"
    return f"From: {_from(port.author)}\nDate: {when}\nSubject: {_folded(title, 'Subject')}\n"


def _from(author: str) -> str:
    name, _, rest = visible(author).rpartition(" <")
    if re.search(r'[,.@()\[\]\\:;"]', name) and name.isascii():
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{_folded(name, 'From')} <{rest}"


def _folded(text: str, name: str) -> str:
    shown = visible(text)
    charset = "us-ascii" if shown.isascii() else "utf-8"
    return Header(shown, charset, 77, name).encode()


def mime(text: str) -> str:
    """The header's lines that say how `text` is written, '' where it is ASCII."""
    if text.isascii():
        return ""
    return (
        "MIME-Version: 1.0\n"
        'Content-Type: text/plain; charset="utf-8"\n'
        "Content-Transfer-Encoding: 8bit\n"
    )
