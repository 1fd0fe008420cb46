"""What a paper says of the option: it agrees with the flag, or the port is condemned."""

from __future__ import annotations

import pytest

from gopatch.verify._model.papers import _wrong

MANUAL = """\
# SYNOPSIS
**dockerd**
[**--accept-insecure-registry**]
[**--insecure-registry**[=*[]*]]

# OPTIONS
**--accept-insecure-registry**=*true*|*false*
  Offer plain HTTP after HTTPS for every registry but Docker
  Hub, where HTTPS is not answered. Certificates are checked as before. The default is *false*.
  Whoever is between can read passwords and replace images.
"""
BEFORE = """\
# SYNOPSIS
**dockerd**
[**--insecure-registry**[=*[]*]]

# OPTIONS
"""


def said_of(text: str) -> list[str]:
    return list(_wrong("man/dockerd.8.md", BEFORE.encode(), text.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("The default is *false*.", "It is off by default."),
        ("every registry but Docker\n  Hub", "each registry; Docker Hub is asked as before"),
        ("Certificates are checked as before.", "A bad certificate is an answer."),
        ("can read passwords", "may read passwords, and nothing tells of it"),
        ("=*true*|*false*", "=false"),
        ("[**--insecure-registry**[=*[]*]]\n", ""),
    ],
)
def test_what_agrees_is_taken(old: str, new: str) -> None:
    assert old in MANUAL
    assert said_of(MANUAL.replace(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("is *false*", "is *true*", "off by default"),
        ("The default is *false*", "It is on by default", "off by default"),
        ("=*true*|*false*", "=[]", "boolean"),
        ("=*true*|*false*", "=*host*", "boolean"),
        ("every registry but Docker\n  Hub", "every registry, Docker\n  Hub too", "HTTPS alone"),
        ("every registry but Docker\n  Hub", "every registry, even Docker\n  Hub", "HTTPS alone"),
        ("are checked as before", "are not checked any more", "as before"),
        ("Certificates are checked as before", "It skips the check of certificates", "as before"),
        ("can read passwords", "cannot read passwords", "who is between"),
        ("can read passwords and", "can neither read passwords nor", "who is between"),
        ("HTTP after HTTPS", "HTTP before HTTPS", "HTTPS comes first"),
        ("[**--accept-insecure-registry**]\n", "", "synopsis"),
        ("  Whoever is between can read passwords and replace images.\n", "", "no risk"),
        ("accept-insecure", "accept-any", "does not name"),
    ],
)
def test_what_the_contract_denies_is_told(old: str, new: str, told: str) -> None:
    assert old in MANUAL
    assert any(told in each for each in said_of(MANUAL.replace(old, new)))
