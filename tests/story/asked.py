"""Questions as the tests of this wing ask them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gopatch.model import PRESETS, Action, Options
from gopatch.story.question import Question
from gopatch.story.told_answers import parse_answers

HOST = "h.example"
PLAIN = "222.222.222.222"
ON = Options(accept_insecure_registry=True)
LISTED = Options(insecure_registries=(HOST,))


def resolve(_: str) -> Sequence[str]:
    """A world in which every name is known, and in no network that a test lists."""
    return ("192.0.2.7",)


def question(
    action: Action, options: Options, kind: str, words: Sequence[str] = (), **more: Any
) -> Question:
    """`action` against h.example by the rules of a preset; `words` are `--answers`."""
    asked = Question(HOST, action, options, PRESETS[kind], parse_answers(words), resolve=resolve)
    return replaced(asked, more)


def replaced(asked: Question, more: dict[str, Any]) -> Question:
    from dataclasses import replace

    return replace(asked, **more)
