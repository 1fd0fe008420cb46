"""Stories as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from gopatch.model import AttemptEnd
from gopatch.spelling import json_text, visible_text
from gopatch.story.check import Check
from gopatch.story.tell import Story, StoryPair, Told, ToldReload


def render(pair: StoryPair) -> str:
    """The stories below each other, as text with a line end; what the option adds comes second."""
    with_option = "with" if pair.patched.accept_insecure_registry else "without"
    part = f" ({pair.part})" if pair.part else ""
    parts = [
        _render("stock", pair.stock),
        _render(f"patched{part}, {with_option} accept-insecure-registry", pair.patched),
    ]
    if pair.reload:
        parts.append(_render_reload(pair.patched, pair.reload))
    if pair.notes:
        parts.append("\n".join(["note:", *(f"  {note}" for note in pair.notes)]))
    if pair.open_list:
        title = "0.0.0.0/0 as insecure registry instead:"
        parts.append("\n".join([title, *(f"  {d.text}" for d in pair.open_list)]))
    return visible_text("\n\n".join(parts) + "\n")


def _render_reload(before: Story, reload: ToldReload) -> str:
    value = {True: "true", False: "false", None: "not there"}[reload.wanted]
    title = f"patched, after a reload with accept-insecure-registry {value}"
    if reload.story is None:
        return f"{title}: nothing changes\n  {reload.why}"
    lines = [_render(title, reload.story), f"  {reload.why}"]
    was, now = (dict.fromkeys(t.url for t in told.attempts) for told in (before, reload.story))
    lines += [f"  no more: {url}" for url in was if url not in now]
    lines += [f"  new: {url}" for url in now if url not in was]
    return "\n".join(lines)


def _render(title: str, told: Story) -> str:
    lines = [f"{title}: {told.action} {told.host}"]
    for number, attempt in enumerate(told.attempts, 1):
        lines += _render_attempt(number, attempt)
    lines.append(f"  => {_END[told.refused] if not told.ok else 'it works'}{told.error}")
    return "\n".join(lines)


_END = {"": "it fails: ", "daemon": "the daemon does not start: ", "name": "it refuses the name: "}


def _render_attempt(number: int, attempt: Told) -> Iterator[str]:
    certificate = {"none": "no TLS"}.get(attempt.tls, f"certificate {attempt.tls}")
    if attempt.result == AttemptEnd.SKIPPED.value:
        yield f"  {number}. {attempt.url}  skipped: {attempt.error}"
    else:
        yield f"  {number}. {attempt.url}  {attempt.result}"
        yield f"     {attempt.reason}; {certificate}; {_password(attempt)}"
    for url in attempt.redirects:
        yield f"     redirected to {url}"
    for line in attempt.log:
        yield f"     | {line}"


def _password(attempt: Told) -> str:
    if not attempt.credentials:
        return "no password sent"
    url = attempt.redirects[-1] if attempt.redirects else attempt.url
    where = f" to {url}" if attempt.redirects else ""
    sent = "PASSWORD SENT IN CLEAR" if url.startswith("http:") else "password sent"
    return f"{sent}{where}"


def render_check(check: Check) -> str:
    """What a daemon.json comes to, as text with a line end."""
    lines = [f"{check.path}: the daemon does not start: {check.error}"]
    if check.starts:
        lines = [f"{check.path}: the daemon starts"]
    if check.stock_error and check.starts:
        lines.append(f"  without the patch it does not: {check.stock_error}")
    for entry in check.entries:
        lines += [f"  {entry.key}: {entry.value}", f"     {entry.means}"]
    if check.notes:
        lines += ["", "note:", *(f"  {note}" for note in check.notes)]
    return visible_text("\n".join(lines) + "\n")


def check_to_json(check: Check) -> str:
    """The same as JSON."""
    return json_text(asdict(check), sort_keys=True)


def to_json(pair: StoryPair) -> str:
    """The pair as JSON, keys sorted, with a line end: the field names of the dataclasses."""
    found = asdict(pair) | {"open_list": [d._asdict() for d in pair.open_list]}
    return json_text(found, sort_keys=True)
