"""JSON as Go's encoding/json reads it, in its own words: what Python's json takes and Go does not,
and the other way round, decides whether a daemon starts.

After encoding/json's scanner.go, stream.go and decode.go, as they are from Go 1.5 to 1.26.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import NamedTuple

from gopatch.go.net import quoted

_DEPTH = 10_000
_SPACE = b" \t\r\n"
_LITERALS: dict[int, tuple[str, bool | None]] = {
    0x74: ("true", True),
    0x66: ("false", False),
    0x6E: ("null", None),
}
_ESCAPES = dict(zip(b'"\\/bfnrt', '"\\/\b\f\n\r\t', strict=True))


class JsonError(ValueError):
    """An error of encoding/json, in its words."""


class Number(NamedTuple):
    """A number as it is written: Go reads it as what its place asks for."""

    text: str


class Members(NamedTuple):
    """An object's keys and values, in their order; a key may come twice."""

    pairs: tuple[tuple[str, Value], ...]

    def last(self) -> dict[str, Value]:
        """As a Go map keeps them."""
        return dict(self.pairs)


Value = None | bool | str | Number | list["Value"] | Members


def decode(data: bytes, *, whole: bool = True) -> Value:
    """`json.Unmarshal`, or with `whole` False what a Decoder's first Decode reads: there whatever
    follows the first value is left. Raises JsonError."""
    reader = _JsonReader(data, whole)
    value = reader.value()
    if whole:
        reader.skip()
        if reader.at < len(data):
            raise reader.wrong("after top-level value")
    return value


class _JsonReader:
    """A cursor on bytes. It keeps a stack of its own: Go goes ten thousand deep."""

    def __init__(self, data: bytes, whole: bool) -> None:
        self.data = data
        self.at = 0
        self.whole = whole

    def skip(self) -> None:
        while self.at < len(self.data) and self.data[self.at] in _SPACE:
            self.at += 1

    def peek(self) -> int:
        """The next byte that is no blank."""
        self.skip()
        if self.at == len(self.data):
            raise self._end()
        return self.data[self.at]

    def wrong(self, context: str) -> JsonError:
        """The next byte has no place here. At the end of what is whole Go looks at a blank."""
        if self.at == len(self.data) and not self.whole:
            return self._end()
        byte = self.data[self.at] if self.at < len(self.data) else 0x20
        shown = "'\\''" if byte == 0x27 else "'\"'" if byte == 0x22 else f"'{_letter(byte)}'"
        return JsonError(f"invalid character {shown} {context}")

    def _end(self) -> JsonError:
        if self.whole:
            return JsonError("unexpected end of JSON input")
        return JsonError("unexpected EOF" if self.data.strip(_SPACE) else "EOF")

    def value(self) -> Value:
        """One value, with all that is in it."""
        stack: list[list[Value] | _Object] = []
        while True:
            value = self._start(stack)
            while not isinstance(value, _Open):
                if not stack:
                    return value
                value = self._next(stack, value)

    def _start(self, stack: list[list[Value] | _Object]) -> Value | _Open:
        """A value's beginning; _Open where more must be read first."""
        byte = self.peek()
        if byte == 0x7B:
            self.at += 1
            return self._push(stack, _Object())
        if byte == 0x5B:
            self.at += 1
            return self._push(stack, [])
        if byte == 0x22:
            return self._string()
        if byte in _LITERALS:
            return self._literal(byte)
        if byte in b"-0123456789":
            return self._number()
        raise self.wrong("looking for beginning of value")

    def _push(
        self, stack: list[list[Value] | _Object], opened: list[Value] | _Object
    ) -> Value | _Open:
        if len(stack) == _DEPTH:
            raise JsonError("exceeded max depth")
        stack.append(opened)
        closing = 0x5D if isinstance(opened, list) else 0x7D
        if self.peek() == closing:
            return self._close(stack)
        if isinstance(opened, _Object):
            self._key(opened)
        return _Open()

    def _close(self, stack: list[list[Value] | _Object]) -> Value:
        self.at += 1
        done = stack.pop()
        return done if isinstance(done, list) else Members(tuple(done.pairs))

    def _next(self, stack: list[list[Value] | _Object], value: Value) -> Value | _Open:
        """Put a value where it belongs, and look at what follows it."""
        top = stack[-1]
        if isinstance(top, list):
            top.append(value)
        else:
            top.pairs.append((top.key, value))
        byte = self.peek()
        if byte == 0x2C:
            self.at += 1
            if isinstance(top, _Object):
                self._key(top)
            return _Open()
        if byte == (0x5D if isinstance(top, list) else 0x7D):
            return self._close(stack)
        about = "array element" if isinstance(top, list) else "object key:value pair"
        raise self.wrong(f"after {about}")

    def _key(self, into: _Object) -> None:
        if self.peek() != 0x22:
            raise self.wrong("looking for beginning of object key string")
        into.key = self._string()
        if self.peek() != 0x3A:
            raise self.wrong("after object key")
        self.at += 1

    def _literal(self, byte: int) -> bool | None:
        word, value = _LITERALS[byte]
        for letter in word:
            if self.data[self.at : self.at + 1] != letter.encode():
                raise self.wrong(f"in literal {word} (expecting '{letter}')")
            self.at += 1
        return value

    def _number(self) -> Number:
        start = self.at
        self.at += self.data[start] == 0x2D
        if self.data[self.at : self.at + 1] == b"0":
            self.at += 1
        else:
            self._digits("in numeric literal")
        if self.data[self.at : self.at + 1] == b".":
            self.at += 1
            self._digits("after decimal point in numeric literal")
        if self.data[self.at : self.at + 1] in (b"e", b"E"):
            self.at += 1
            self.at += self.data[self.at : self.at + 1] in (b"+", b"-")
            self._digits("in exponent of numeric literal")
        return Number(self.data[start : self.at].decode())

    def _digits(self, context: str) -> None:
        start = self.at
        while self.at < len(self.data) and self.data[self.at] in b"0123456789":
            self.at += 1
        if self.at == start:
            raise self.wrong(context)

    def _string(self) -> str:
        self.at += 1
        out: list[str] = []
        start = self.at
        while True:
            if self.at == len(self.data):
                raise self._end()
            byte = self.data[self.at]
            if byte < 0x20:
                raise self.wrong("in string literal")
            if byte in b'"\\':
                out.append(go_text(self.data[start : self.at]))
                self.at += 1
                if byte == 0x22:
                    return _joined("".join(out))
                out.append(self._escape())
                start = self.at
            else:
                self.at += 1

    def _escape(self) -> str:
        byte = self.data[self.at] if self.at < len(self.data) else 0x20
        if byte in _ESCAPES:
            self.at += 1
            return _ESCAPES[byte]
        if byte != 0x75:
            raise self.wrong("in string escape code")
        self.at += 1
        for _ in range(4):
            if not re.match(rb"[0-9A-Fa-f]", self.data[self.at : self.at + 1]):
                raise self.wrong("in \\u hexadecimal character escape")
            self.at += 1
        return chr(int(self.data[self.at - 4 : self.at], 16))


class _Object:
    """An object that is being read: its pairs, and the key whose value comes next."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, Value]] = []
        self.key = ""


class _Open:
    """More must be read before there is a value."""


def go_text(data: bytes) -> str:
    """Bytes as Go ranges over them: U+FFFD for each that is not UTF-8."""
    text = data.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def _joined(text: str) -> str:
    """Escaped halves of a surrogate pair become one letter; a half alone is U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _letter(byte: int) -> str:
    return quoted(chr(byte))[1:-1]


def printed(value: Value) -> str:
    """`fmt.Sprintf("%v")` of what a map[string]interface{} holds."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return _float(value.text)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{' '.join(map(printed, value))}]"
    return f"map[{' '.join(f'{k}:{printed(v)}' for k, v in sorted(value.last().items()))}]"


def _float(text: str) -> str:
    """A float64 as %v has it: the shortest digits, with an exponent below -4 and from 6 on."""
    number = float(text)
    exponent = Decimal(repr(number)).adjusted() if number else 0
    if -4 <= exponent < 6:
        return f"{Decimal(repr(number)):f}".removesuffix(".0")
    digits = "".join(map(str, Decimal(repr(abs(number))).normalize().as_tuple().digits))
    sign, rest = "-" if number < 0 else "", f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{rest}e{exponent:+03d}"


def beyond_float(value: Value) -> str:
    """The first number in `value` that no float64 holds, "" where there is none."""
    todo: list[Value] = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, Number) and math.isinf(float(one.text)):
            return one.text
        if isinstance(one, list):
            todo += reversed(one)
        elif isinstance(one, Members):
            todo += [v for _, v in reversed(one.pairs)]
    return ""
