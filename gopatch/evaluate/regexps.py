"""Go's regular expressions, as far as Docker's are read the same by Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gopatch.evaluate.asked import Asking, Question
from gopatch.evaluate.go_values import Native, Slice, UnsupportedError

DOMAIN = "(?:domain)"  # stands for reference.DomainRegexp in the texts of regular expressions


# A label of a domain name, as github.com/distribution/reference writes its domain-component.
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"


def domain(bracketed: bool) -> str:
    """The text of reference.DomainRegexp: labels with dots between them and perhaps a port; from
    releases of 2022 on an IPv6 address in brackets as well (`bracketed`)."""
    name = rf"{_LABEL}(?:\.{_LABEL})*"
    host = rf"(?:{name}|\[[0-9a-fA-F:]+\])" if bracketed else name
    return rf"(?:{host}(?::[0-9]+)?)"


def regexp(text: str, domain: str, compared: set[Question]) -> Native:
    """A regexp.Regexp; `domain` is what stands for a host in those of `reference`, and what is asked goes to
    `compared`."""
    text = re.sub(r"\$$", r"\\Z", text.replace(DOMAIN, domain))
    try:
        compiled = re.compile(text, re.ASCII)
    except re.error as error:
        raise UnsupportedError(f"the regular expression {text}: {error}") from None

    def submatch(given: str) -> Slice | None:
        found = compiled.search(given)
        return None if found is None else Slice([found[0], *(g or "" for g in found.groups())])

    def find(given: str) -> str:
        found = compiled.search(given)
        return "" if found is None else found[0]

    methods: dict[str, Callable[..., Any]] = {
        "MatchString": Asking(
            "regexp", lambda given: compiled.search(given) is not None, compared, text
        ),
        "FindStringSubmatch": Asking("regexp", submatch, compared, text),
        "FindString": find,
        "String": lambda: text,
    }
    return Native("regexp", methods)
