"""What all pages share: one file that needs neither a network nor a script, light or dark."""

from __future__ import annotations

from html import escape

from gopatch.output.diff import kinds
from gopatch.spelling import visible, visible_text

SIGNS = {
    "applied": "+",
    "already": "=",
    "absent": "·",
    "outside": "<",
    "not-docker": "?",
    "failed": "✗",
    "left out": "-",
    "pass": "✓",
    "fail": "✗",
    "inconclusive": "?",
    "reached": "✓",
    "missed": "✗",
}

# The policy is the promise in words that a browser enforces: nothing is loaded, nothing runs.
_HEAD = """<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'">
"""

STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #17663f; --known: #1b62a8; --dim: #666;
  --bad: #b3261e; --add: #2da44e26; --add-word: #2da44e66; --del: #cf222e1f; --del-word: #cf222e55; }
@media (prefers-color-scheme: dark) { :root { --good: #5bd08f; --known: #7ab8ff; --dim: #a0a0a0;
  --bad: #ff8a80; --add: #2ea04333; --add-word: #2ea04399; --del: #f8514930; --del-word: #f8514985; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 84rem; padding: 0 1rem; }
h1 { font-size: 1.45rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
code, pre, .code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .87em; tab-size: 4; }
a { color: var(--known); } :focus-visible { outline: 2px solid var(--known); outline-offset: 2px; }
.applied, .pass, .reached { color: var(--good); } .already { color: var(--known); }
.absent, .outside, .not-docker, .inconclusive { color: var(--dim); }
.failed, .fail, .missed { color: var(--bad); font-weight: 600; }
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .4rem .7rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
pre { overflow-x: auto; line-height: 1.4; }
"""


def page(title: str, style: str, body: str) -> str:
    """A whole page; `title` is text, `style` and `body` are CSS and HTML."""
    head = f"<title>{escape(title)}</title>\n<style>{STYLE}{style}</style>\n"
    return visible_text(f"{_HEAD}{head}{body}</html>\n")


def coloured(diff: str) -> str:
    """A unified diff as HTML for a <pre>."""
    return "\n".join(
        f'<span class="{kind}">{escape(visible(line))}</span>' if kind else escape(visible(line))
        for kind, line in kinds(diff.removesuffix("\n").split("\n"))
    )
