"""Stories as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from gopatch.model import Outcome
from gopatch.story.tell import Reload, Story, StoryPair, Told


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
    return "\n\n".join(parts) + "\n"


def _render_reload(before: Story, reload: Reload) -> str:
    value = "true" if reload.wanted else "false"
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
    lines.append("  => it works" if told.ok else f"  => it fails: {told.error}")
    return "\n".join(lines)


def _render_attempt(number: int, attempt: Told) -> Iterator[str]:
    certificate = {"none": "no TLS"}.get(attempt.tls, f"certificate {attempt.tls}")
    password = "no password sent"
    if attempt.credentials:
        password = "PASSWORD SENT IN CLEAR" if attempt.tls == "none" else "password sent"
    if attempt.result == Outcome.SKIPPED.value:
        yield f"  {number}. {attempt.url}  skipped: {attempt.error}"
    else:
        yield f"  {number}. {attempt.url}  {attempt.result}"
        yield f"     {attempt.reason}; {certificate}; {password}"
    for line in attempt.log:
        yield f"     | {line}"


def to_json(pair: StoryPair) -> str:
    """The pair as JSON, keys sorted, with a line end: the field names of the dataclasses."""
    import json

    found = asdict(pair) | {"open_list": [d._asdict() for d in pair.open_list]}
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
