"""What tells that a change has been made already: its plus side, where the minus side could have been.

A patch of which no part fits must not pass for one that has been applied. So a plus side is evidence
only if it says enough to be told from any other code, and only where the minus side does not fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gopatch.engine._nodes import Head, Node, NodeRun
from gopatch.engine.match import Match, Search, find
from gopatch.engine.pattern import Pattern, head_changes
from gopatch.engine.rewrite import UnwritableError, edits_of
from gopatch.go.tree import IDENTIFIER, GoFile

_ENOUGH = 2  # a called name alone, or an operator alone, stands anywhere
_OPERATIONS = {"binary_expression", "unary_expression", "inc_statement", "dec_statement"}
_PREDECLARED = {b"nil", b"true", b"false"}
_PUNCTUATION = {b"(", b")", b"[", b"]", b"{", b"}", b".", b":", b";"}
_ARGUMENTS = {"argument_list", "keyed_element", "literal_value"}


def made_already(pattern: Pattern, file: GoFile) -> list[Match]:
    """Where the change has been made, in a file that the minus side does not fit."""
    return find(Search.plus(pattern), file) if tells(pattern) else []


def left_to_do(pattern: Pattern, file: GoFile, matches: list[Match]) -> list[Match]:
    """The `matches` of the minus side at which the plus side does not stand yet.

    Both sides may fit one place: what a change adds stands beside its context. A match has been made
    where its `-` lines (or all, if it has none) are what a place of the plus side shows by words of its
    own, and not just what `...` or a metavariable of the plus side holds there.
    """
    if not matches or not (pattern.plus or head_changes(pattern)):
        return matches
    if not pattern.runs and not head_changes(pattern):
        # Comments alone come and go: they are looked for where they are to stand.
        return [match for match in matches if _is_open(pattern, match, file)]
    search = Search.plus(pattern)
    if pattern.plus:
        search = search._replace(head=pattern.minus_head)  # imports come last
    done: set[int] = set()
    for match in find(search, file):
        done |= _words(match, "")
    return [match for match in matches if done.isdisjoint(_words(match, "-") or _words(match, ""))]


def _is_open(pattern: Pattern, match: Match, file: GoFile) -> bool:
    """Whether something would change at a match; what cannot be written is told where it is tried."""
    try:
        return bool(edits_of(pattern, match, file))
    except UnwritableError:
        return True


def _words(match: Match, mark: str) -> set[int]:
    """Where the words of a match stand that are no metavariables: all, or those on lines of `mark`."""
    if not match.met:
        return {match.start}
    return {
        found[0].start
        for node, found in match.met.items()
        if node.token is not None
        and node.var is None
        and not node.dots
        and found
        and (not mark or node.mark == mark)
    }


def tells(pattern: Pattern) -> bool:
    """Whether the plus side says enough to be told from code that this change never saw."""
    if not pattern.plus:
        return sum(len(i.path.split("/")) for i in pattern.plus_head.imports) >= _ENOUGH
    paths = _said_by_paths(pattern.plus_head)
    shows = any(map(_shows, pattern.runs)) or bool(paths)
    return shows and len(_said(pattern.plus)) + len(paths) >= _ENOUGH


def says_more(pattern: Pattern) -> bool:
    """Whether the plus side says what the minus side does not, so that where both fit it is done.

    Of `foo(a, b)` that becomes `foo(b, a)` nobody could tell.
    """
    return bool(_tokens(pattern.plus) - _tokens(pattern.minus))


def _tokens(nodes: Iterable[Node]) -> Counter[bytes]:
    """All that a side says but its variables, `...` and punctuation."""
    return Counter(t for leaf in _leaves(nodes) if (t := leaf.token) and t not in _PUNCTUATION)


def _leaves(nodes: Iterable[Node]) -> Iterator[Node]:
    """The leaves that are written in a file as they stand in the patch."""
    for node in nodes:
        yield from (leaf for leaf in node.leaves if leaf.token and not leaf.dots and not leaf.var)


def _is_mark(leaf: Node) -> bool:
    """Whether a leaf is a keyword or operator, which tells two nodes of the same names apart."""
    return not leaf.named and leaf.token not in _PUNCTUATION


def _shows(run: NodeRun) -> bool:
    """Whether something of its own comes, or neighbours that are named close a gap."""
    if run.come:
        return bool(_said(run.come)) or any(map(_is_mark, _leaves(run.come)))
    return not any(node is not None and node.dots for node in (run.before, run.after))


def _said_by_paths(head: Head) -> list[str]:
    """What the paths of imports that come say beside the names before the dots: all but their last parts."""
    return [part for i in head.imports if i.mark == "+" for part in i.path.split("/")[:-1]]


def _said(nodes: Iterable[Node]) -> list[str]:
    """The names, literals and operators of some nodes; `a.b.c` is one name."""
    return [word for node in nodes for word in _words_of(node)]


def _words_of(node: Node) -> Iterator[str]:
    if node.dots or node.var is not None:
        return
    if node.kind == "selector_expression" and _is_name(node):
        if any(leaf.named and leaf.var is None for leaf in node.leaves):
            yield node.text
    elif node.token is None:
        yield from _said(node.children)
    elif _counts(node):
        yield node.text


def _is_name(node: Node) -> bool:
    return all(leaf.kind == IDENTIFIER or leaf.token == b"." for leaf in node.leaves)


def _counts(leaf: Node) -> bool:
    """Whether a leaf is a word of its own: no bracket, no keyword, no `nil` that is compared with."""
    above = "" if leaf.parent is None else leaf.parent.kind
    if not leaf.named:
        return above in _OPERATIONS
    return leaf.token not in _PREDECLARED or above in _ARGUMENTS
