"""Whether a function returns where it must, and what of it is never reached: "Terminating statements" of Go's specification,
and `unreachable` of vet, which agree but for what a jump out of a loop at the end of a function does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gopatch.go.tree import IDENTIFIER, LABEL, SWITCHES, Syntax, elements_of

_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_JUMPS = {"return_statement", "goto_statement", "continue_statement", "fallthrough_statement"}

Found = tuple[int, str]


def unended(function: Syntax) -> Iterator[Found]:
    """Where the statements of a function, not those of functions in it, are never reached; and its end, where that lacks a `return`."""
    body = next((c for c in function.children if c.kind == "block"), None)
    if body is None:
        return
    flow = _Flow(frozenset(_aims(body)))
    is_reached = flow.statements(body)
    yield from flow.dead
    results = next((c for c in function.children if c.kind == "result_list"), None)
    if is_reached and results is not None and results.children:
        yield body.end - 1, "`return` is missing where the function ends"


def _aims(node: Syntax) -> Iterator[bytes]:
    """The labels that a `goto` leads to."""
    if node.kind == "goto_statement":
        yield _label(node)
    for child in node.children if node.kind not in _FUNCTIONS else ():
        yield from _aims(child)


def _label(jump: Syntax) -> bytes:
    return next((c.text for c in jump.children if c.kind == IDENTIFIER), b"")


class _Flow:
    """One function: what is never reached, and the statements that a `break` leaves."""

    def __init__(self, aims: frozenset[bytes]) -> None:
        self.dead: list[Found] = []
        self._aims = aims
        self._around: list[tuple[Syntax, Sequence[bytes]]] = []
        self._left: set[int] = set()

    def statements(self, holder: Syntax) -> bool:
        """Whether the end of a block or of a clause is reached."""
        is_reached = True
        labels: list[bytes] = []
        for each in elements_of(holder):
            if each.kind == LABEL:
                labels.append(each.children[0].text)
                is_reached = is_reached or labels[-1] in self._aims
            elif each.kind != "empty_statement":
                if not is_reached:
                    words = b" ".join(each.text.partition(b"\n")[0].split())[:60]
                    self.dead.append(
                        (each.start, f"`{words.decode(errors='replace')}` is never reached")
                    )
                is_reached, labels = self._statement(each, labels), []
        return is_reached

    def _statement(self, node: Syntax, labels: Sequence[bytes]) -> bool:
        """Whether what follows a statement is reached."""
        if node.kind in _JUMPS:
            return False
        if node.kind == "call_expression":
            return node.children[0].text != b"panic"
        step = _STEPS.get(node.kind)
        if step is None:
            return True
        self._around.append((node, labels))
        is_reached = step(self, node)
        self._around.pop()
        return is_reached

    def _broken(self, node: Syntax) -> bool:
        label = _label(node)
        for each, labels in reversed(self._around):
            is_one = each.kind == "for_statement" or each.kind in SWITCHES
            if is_one and (not label or label in labels):
                self._left.add(each.start)
                return False
        return True  # it leads nowhere, which is told elsewhere

    def _if(self, node: Syntax) -> bool:
        blocks = [c for c in node.children if c.kind in ("block", "if_statement")]
        ends = [self._statement(each, ()) for each in blocks]
        return any(ends) or len(ends) < 2

    def _for(self, node: Syntax) -> bool:
        self.statements(node.children[-1])
        return not _is_endless(node) or node.start in self._left

    def _switch(self, node: Syntax) -> bool:
        clauses = elements_of(node)
        ends = [self.statements(each) for each in clauses]
        is_whole = node.kind == "select_statement" or any(
            each.kind == "default_case" for each in clauses
        )
        return any(ends) or not is_whole or node.start in self._left


def _is_endless(loop: Syntax) -> bool:
    """Whether a loop has no condition, and goes through nothing."""
    head = loop.children[1]
    if head.kind != "for_clause":
        return head.kind == "block"
    at = next(i for i, child in enumerate(head.children) if child.token == b";")
    return at + 1 >= len(head.children) or head.children[at + 1].token == b";"


_STEPS: dict[str, Callable[[_Flow, Syntax], bool]] = {
    "block": _Flow.statements,
    "break_statement": _Flow._broken,
    "if_statement": _Flow._if,
    "for_statement": _Flow._for,
    **dict.fromkeys(SWITCHES, _Flow._switch),
}
