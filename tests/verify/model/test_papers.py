"""What a paper says of the option: it agrees with the contract, denies it, or is not understood."""

from __future__ import annotations

import pytest

from gopatch.verify._model.flags import FlagTarget
from gopatch.verify._model.papers import _help, paper

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
PAGE = """\
      --accept-insecure-registry       Also try plain HTTP for every registry (insecure)
      --insecure-registry list         Talk to this registry without TLS checks
    "accept-insecure-registry": false,
"""


def said_of(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    return paper("man/dockerd.8.md", BEFORE.encode(), text.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("The default is *false*.", "It is off by default."),
        ("every registry but Docker\n  Hub", "each registry save Docker Hub"),
        ("The default is", "Docker Hub is asked as before, and the default is"),
        ("Certificates are checked as before.", "A bad certificate is an answer."),
        ("can read passwords", "may intercept credentials"),
        ("Whoever is between can read", "Plain HTTP is not encrypted: anyone on the way may read"),
        ("Offer plain", "The daemon also tries plain"),
        ("The default", "It can be turned on and off by a reload (insecure). The default"),
        ("=*true*|*false*", "=false"),
    ],
)
def test_what_agrees_is_taken(old: str, new: str) -> None:
    assert old in MANUAL
    assert said_of(MANUAL.replace(old, new)) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("is *false*", "is *true*", "off by default"),
        ("The default is *false*", "It is on by default", "off by default"),
        ("try**]", "try**[=*true*]]", "off by default"),
        ("=*true*|*false*", "=[]", "boolean"),
        ("=*true*|*false*", "=*host*", "boolean"),
        ("every registry but Docker\n  Hub", "every registry, Docker\n  Hub too", "HTTPS alone"),
        ("every registry but Docker\n  Hub", "every registry, even Docker\n  Hub", "HTTPS alone"),
        ("but Docker\n  Hub", ", that of Docker\n  Hub among them", "HTTPS alone"),
        ("are checked as before", "are not checked any more", "as before"),
        ("are checked as before", "are accepted as they come", "as before"),
        ("Certificates are checked as before", "It skips the check of certificates", "as before"),
        ("can read passwords", "cannot read passwords", "who is between"),
        ("can read passwords and", "can neither read passwords nor", "who is between"),
        ("Whoever is between", "Passwords stay encrypted. Whoever is between", "who is between"),
        ("HTTP after HTTPS", "HTTP before HTTPS", "HTTPS comes first"),
        ("Offer plain HTTP after HTTPS", "Use plain HTTP first, HTTPS if that fails,", "HTTPS comes first"),
        ("Offer plain", "Refuse plain", "opens plain HTTP"),
        ("The default", "It cannot be turned by a reload. The default", "a reload"),
        ("[**--accept-insecure-registry**]\n", "", "synopsis"),
        ("  Whoever is between can read passwords and replace images.\n", "", "no risk"),
        ("Offer plain HTTP after HTTPS for every registry but Docker\n  Hub, where HTTPS is not answered. ", "", "plain HTTP is tried"),
        ("accept-insecure", "accept-any", "does not name"),
    ],
)  # fmt: skip
def test_what_the_contract_denies_is_told(old: str, new: str, told: str) -> None:
    assert old in MANUAL
    assert any(told in each for each in said_of(MANUAL.replace(old, new))[0])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("but Docker\n  Hub", "of the world", "every registry of the world"),
        ("Certificates are", "Certificates are hardly ever", "hardly ever"),
        ("Certificates are checked as before.", "Nobody looks at a certificate.", "nobody looks"),
        ("after HTTPS", "and then HTTPS", "and then https"),
        ("The default", "A reload leaves it alone. The default", "a reload leaves it alone"),
        ("Whoever is between can read passwords and", "The registry alone reads passwords, and nobody can", "registry alone"),
        ("where HTTPS is not answered", "where HTTPS is slow", "slow"),
        ("The default is *false*", "The default is what the daemon likes", "likes"),
        ("can read passwords", "may read passwords, and nothing tells of it", "nothing tells"),
    ],
)  # fmt: skip
def test_what_is_in_other_words_is_not_understood(old: str, new: str, words: str) -> None:
    assert old in MANUAL
    wrong, strange = said_of(MANUAL.replace(old, new))
    assert wrong == ()
    assert [words in piece for _, piece in strange] == [True]
    assert all(place.startswith("man/dockerd.8.md:") for place, _ in strange)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  Whoever", "  It is not on by default.\n  Whoever", "it is not on by default"),
        ("  Whoever", "  It never uses plain HTTP for Docker Hub.\n  Whoever", "never uses"),
        ("  Whoever", "  Mirrors and Docker Hub are as before.\n  Whoever", "mirrors and"),
        ("before. The", "before, unlike those of listed registries, whose certificates are not checked. The", "unlike"),
        ("as before. The", "as before? The", "before?"),
        ("  Whoever", "  In daemon.json: `\"accept-insecure-registry\": true`.\n  Whoever", "true"),
    ],
)  # fmt: skip
def test_a_denial_inside_of_other_words_is_none(old: str, new: str, words: str) -> None:
    assert old in MANUAL
    wrong, strange = said_of(MANUAL.replace(old, new))
    assert wrong == ()
    assert any(words in piece for _, piece in strange)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (" but Docker\n  Hub", "", "Docker Hub"),
        (" The default is *false*.", "", "the default"),
        ("Offer plain HTTP after HTTPS for every registry but Docker\n  Hub, where HTTPS is not answered.", "Every registry but Docker Hub is reached over plain HTTP.", "HTTPS, which comes first"),
        ("**--accept-insecure-registry**=*true*|*false*\n", "", "place of its own"),
        ("**--accept-insecure-registry**=*true*|*false*\n", "**--icc**=*true*|*false*\n", "icc"),
        ("**--accept-insecure-registry**=*true*|*false*", "**accept-insecure-registry**=*true*|*false*", "true|"),
        ("**dockerd**\n", "", "is gone"),
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_known(old: str, new: str, words: str) -> None:
    assert old in MANUAL
    wrong, strange = said_of(MANUAL.replace(old, new))
    assert wrong == ()
    assert any(words in piece for _, piece in strange)


@pytest.mark.parametrize(
    ("old", "new", "wrong", "strange"),
    [
        ("", "", (), 0),
        ("(insecure)", "", ("names no risk",), 0),
        ("Also try plain HTTP for every registry (insecure)", "Go on by HTTP (beware)", (), 0),
        ("Also try", "Never try", ("opens plain HTTP", "is tried"), 0),
        ("Also try", "Hardly try", (), 1),
        ("false,", "true,", ("off by default",), 0),
    ],
)
def test_a_page_is_read_line_by_line(
    old: str, new: str, wrong: tuple[str, ...], strange: int
) -> None:
    text = PAGE.replace(old, new)
    before = "".join(line for line in PAGE.splitlines(True) if "accept" not in line)
    said = paper("docs/dockerd.md", before.encode(), text.encode(), "Go on by HTTP (beware)")
    assert [told in each for told, each in zip(wrong, said.wrong, strict=True)] == [True] * len(
        wrong
    )
    assert len(said.strange) == strange


@pytest.mark.parametrize(
    ("usage", "wrong", "strange"),
    [
        ("Also try plain HTTP for every registry (insecure: no encryption, no proof of who answers)", 0, 0),
        ("Fall back to plain HTTP where HTTPS gave no answer (passwords can be read)", 0, 0),
        ("Also try plain HTTP for every registry", 1, 0),
        ("Insecure", 1, 0),
        ("", 2, 0),
        ("Refuse plain HTTP for every registry", 3, 0),
        ("Forbid plain HTTP (insecure)", 2, 0),
        ("Try plain HTTP for no registry (insecure)", 0, 1),
        ("Every registry is asked over plain HTTP (insecure)", 0, 1),
        ("Also try plain HTTP for every registry (insecure: nothing is encrypted)", 0, 0),
    ],
)  # fmt: skip
def test_help_names_plain_http_and_its_risk(usage: str, wrong: int, strange: int) -> None:
    found = _help(FlagTarget("Accept", usage=usage, place="config.go:1"))
    assert (len(found.wrong), len(found.strange)) == (wrong, strange)
