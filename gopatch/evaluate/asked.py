"""What Go asks of the texts that come to it, and how that came out: for what came out one way only, there may
be a text for which it comes out the other way."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.evaluate.go_values import Many
from gopatch.go.tree import Syntax

if TYPE_CHECKING:
    from gopatch.evaluate.network import World

# "=", "prefix", "suffix" or "in" and a text, "regexp" and its text, "#" and a number, "letter"; "address" (is it one?) and
# "case" (does it change?), which ask for nothing else.
Question = tuple[str, str | int]
Place = tuple[str, int]
Span = tuple[str, int, int]
Sought = tuple[str, str]  # by which function, and what
_OPS = {
    "strings.Contains": "in", "strings.ContainsAny": "any", "strings.ContainsRune": "in", "strings.Count": "in",
    "strings.Cut": "in", "strings.EqualFold": "=", "strings.HasPrefix": "prefix", "strings.HasSuffix": "suffix",
    "strings.Index": "in", "strings.IndexAny": "any", "strings.IndexByte": "in", "strings.IndexRune": "in",
    "strings.LastIndex": "in", "strings.LastIndexByte": "in", "strings.Split": "in",
    "strings.TrimPrefix": "prefix", "strings.TrimSuffix": "suffix", "slices.Contains": "=",
}  # fmt: skip
_BARE = {
    "strings.ToLower": "case", "strings.ToUpper": "case", "net.ParseIP": "address",
    "net/netip.ParseAddr": "address",
}  # fmt: skip
_LARGEST = 64  # tables that are asked entry by entry


class Asking:
    """A function of another package that asks something of its first argument."""

    __slots__ = ("compared", "function", "op", "what")

    def __init__(
        self,
        op: str,
        function: Callable[..., Any],
        compared: set[Question],
        what: str | None = None,
    ) -> None:
        self.op, self.function, self.compared, self.what = op, function, compared, what

    def __call__(self, *given: Any) -> Any:
        self.compared.update(self._questions(given))
        return self.function(*given)

    def answers(self, given: tuple[Any, ...], result: Any) -> Iterator[tuple[str, str | int, bool]]:
        """Each question that a call puts, and how it came out."""
        told = _told(given[0], result)
        for op, what in self._questions(given):
            yield op, what, told if isinstance(given[0], str) else what == given[-1]

    def _questions(self, given: tuple[Any, ...]) -> Iterable[Question]:
        if self.op == "=" and not isinstance(given[0], str):  # one of a list
            return [("=", each) for each in (given[0] or ())[:_LARGEST] if isinstance(each, str)]
        what = given[-1] if self.what is None else self.what
        if self.op == "any":
            return [("in", mark) for mark in what]
        return [(self.op, chr(what) if isinstance(what, int) else what)]


def asking(known: Mapping[str, Callable[..., Any]], compared: set[Question]) -> dict[str, Asking]:
    """Those of some functions, by their names, that ask; what they ask goes to `compared`."""
    looking = {name: Asking(op, known[name], compared) for name, op in _OPS.items()}
    return looking | {name: Asking(op, known[name], compared, "") for name, op in _BARE.items()}


def _told(text: Any, result: Any) -> bool:
    """Whether what a function has looked for is there, by what it gives."""
    if isinstance(result, Many):
        return any(result[-1] is yes for yes in (None, True))
    if isinstance(result, bool | int):
        return result is not False and result >= 0
    if isinstance(result, str):
        return bool(result != text)
    return len(result) > 1 if isinstance(result, list) else result is not None


class OneSided(NamedTuple):
    """What was asked at a place, how it always came out, and of which host first."""

    place: Place
    op: str
    what: str | int
    told: bool
    host: str


class HostQuestions:
    """What the code on some lines asks of the hosts that are driven: `written` are these lines, from 1, by path."""

    def __init__(self, world: World) -> None:
        self.written: Mapping[str, Container[int]] = {}
        self.answers: dict[tuple[Place, str, str | int, bool], str] = {}
        self.world = world
        # What all code has sought outside: files, folders, variables of the environment, and what was there.
        self.sought: list[tuple[Sought, bool]] = []
        self.indirect: dict[
            Span, set[tuple[Sought, bool]]
        ] = {}  # by the call of these lines that led there
        self.taken = 0  # of `sought`, by a call

    def seeking(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that seeks something outside, and is seen to."""

        def run(*given: Any) -> Any:
            found = function(*given)
            self.sought.append((_sought(name, given), is_there(found)))
            return found

        return run

    def led(self, known: Container[Sought]) -> Iterator[tuple[Span, bool]]:
        """The calls that led to what is not among the known, and what was there."""
        for span, found in self.indirect.items():
            yield from ((span, told) for what, told in found if what not in known)

    def by(self, path: str, node: Syntax) -> Noting | None:
        """Who notes what a node on one of the lines asks; None for all else."""
        lines = self.written.get(path)
        if lines is None:
            return None
        first = node.point[0]
        own = any(line in lines for line in range(first, first + node.text.count(b"\n") + 1))
        return Noting(self, (path, node.start), node.end) if own else None

    @property
    def host(self) -> str:
        """Whom the road is driven to."""
        return next(iter(self.world.hosts), "")

    def open(self) -> list[OneSided]:
        """The questions that came out one way only."""
        found = (OneSided(*key, host) for key, host in self.answers.items())
        return sorted((one for one in found if self.is_open(one)), key=repr)

    def is_open(self, one: OneSided) -> bool:
        return (one.place, one.op, one.what, not one.told) not in self.answers


class Noting(NamedTuple):
    """Notes what is asked at one place."""

    asked: HostQuestions
    place: Place
    end: int

    def _note(self, op: str, what: str | int, *, told: bool) -> None:
        self.asked.answers.setdefault((self.place, op, what, told), self.asked.host)

    def _text(self, about: str, op: str, what: str | int, *, told: bool) -> None:
        """A question for a text, if it is one about the host; what differs from case to case by itself is none."""
        host, hosts = self.asked.host.lower(), self.asked.world.hosts
        if not _has_to_do(about.lower(), host) or what in hosts:
            return
        if op != "=" or told or not _has_to_do(str(what).lower(), host):
            self._note(op, what, told=told)

    def _number(self, about: int, what: int, *, told: bool) -> None:
        """A question for the host's length, or for a letter of it by its number."""
        host = self.asked.host
        if about == len(host):
            self._note("#", what, told=told)
        elif 0 < about < 128 and 0 < what < 128 and chr(about) in host and chr(what).isalnum():
            self._note("letter", chr(what), told=told)

    def pair(self, one: Any, other: Any, *, told: bool) -> None:
        """Two values are held against each other."""
        if one.__class__ is str and other.__class__ is str:
            self._text(one, "=", other, told=told)
            self._text(other, "=", one, told=told)
        elif one.__class__ is int and other.__class__ is int:
            self._number(one, other, told=told)
            self._number(other, one, told=told)

    def entry(self, table: Mapping[Any, Any], key: Any) -> None:
        """An entry of a table is asked for by its name."""
        for name in table if len(table) <= _LARGEST and isinstance(key, str) else ():
            if isinstance(name, str):
                self._text(key, "=", name, told=name == key)

    def call(self, called: Any, given: list[Any]) -> Any:
        """What comes of a call of a function; the innermost that seeks something outside is the one that does."""
        asked = self.asked
        first = len(asked.sought)
        result = called(*given)
        if len(asked.sought) > max(first, asked.taken):
            found = asked.sought[max(first, asked.taken) :]
            asked.indirect.setdefault((*self.place, self.end), set()).update(found)
            asked.taken = len(asked.sought)
        self._put(called, given, result)
        return result

    def _put(self, called: Any, given: list[Any], result: Any) -> None:
        """A function has been asked a question."""
        if called.__class__ is Asking and given:
            about = str(given[0] if isinstance(given[0], str) else given[-1])
            for op, what, told in called.answers(tuple(given), result):
                self._text(about, op, what, told=told)


def is_there(value: Any) -> bool:
    """What a question for a file or a variable gave: a text, or something with an error or with whether it is there."""
    return value[-1] in (None, True) if isinstance(value, Many) else bool(value)


def _sought(name: str, given: tuple[Any, ...]) -> Sought:
    """By host there is another folder of certificates, and all are one."""
    text = str(given[0]) if given else ""
    return name, text.partition("certs.d/")[0] if "certs.d/" in text else text


def _has_to_do(text: str, host: str) -> bool:
    """Whether a text is a host, a part of one, or its address."""
    if not text or not host:
        return False
    return text in host or (host in text and " " not in text and len(text) < len(host) + 20)
