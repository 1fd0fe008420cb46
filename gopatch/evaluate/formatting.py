"""fmt: the verbs that Docker's messages use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gopatch.evaluate.go_values import GoError, Spread, UnsupportedError

Show = Callable[[Any], "str | None"]


def spread(values: tuple[Any, ...]) -> list[Any]:
    """The arguments of a variadic function, the last of which may be `x...`."""
    return [*values[:-1], *values[-1]] if values and isinstance(values[-1], Spread) else [*values]


def sprintf(show: Show, form: str, *values: Any) -> str:
    """fmt.Sprintf; `show` gives the text of an error or a Stringer, None of what has none."""
    rest = iter(spread(values))

    def one(found: re.Match[str]) -> str:
        verb = found.group(1)
        return "%" if verb == "%" else _formatted(show, verb, next(rest, None))

    return re.sub(r"%[+#]?([a-zA-Z%])", one, form)


def _formatted(show: Show, verb: str, value: Any) -> str:
    if verb in "svqw":
        text = value if isinstance(value, str) else None
        if isinstance(value, bool):
            text = str(value).lower()
        elif isinstance(value, int):
            text = str(value)
        elif value is None:
            text = "<nil>"
        elif isinstance(value, list) and verb in "sv":
            return "[" + " ".join(_formatted(show, verb, each) for each in value) + "]"
        text = show(value) if text is None else text
        if text is not None:
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"' if verb == "q" else text
    if verb == "t" and isinstance(value, bool):
        return str(value).lower()
    if verb == "d" and isinstance(value, int):
        return str(value)
    raise UnsupportedError(f"fmt.Sprintf with `%{verb}` of this value")


def errorf(show: Show, form: str, *values: Any) -> GoError:
    """fmt.Errorf: what `%w` names is wrapped. A message that cannot be told is the form."""
    verbs = re.findall(r"%[+#]?([a-zA-Z])", form)
    given = spread(values)
    wrapped = next((v for verb, v in zip(verbs, given, strict=False) if verb == "w"), None)
    try:
        text = sprintf(show, form, *values)
    except UnsupportedError:
        text = form
    return GoError(text, getattr(wrapped, "kind", ""), wrapped)
