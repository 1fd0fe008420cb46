"""How answers are read, and which of them fits a URL."""

from __future__ import annotations

import pytest

from gopatch.model import Answer, ModelError
from gopatch.story.told_answers import parse_answers


@pytest.mark.parametrize(
    ("text", "url", "answer"),
    [
        pytest.param(
            "https://h.example=refused", "https://h.example/v2/", Answer("refused"), id="refused"
        ),
        pytest.param(
            "https://h.example=silent", "https://h.example/", Answer("silent"), id="silent"
        ),
        pytest.param(
            "https://h.example=proxy-refused",
            "https://h.example/",
            Answer("proxy-refused", 403),
            id="a proxy",
        ),
        pytest.param(
            "https://h.example=proxy-refused+502",
            "https://h.example/",
            Answer("proxy-refused", 502),
            id="a proxy with a status",
        ),
        pytest.param(
            "https://h.example=307:https://o.example:5/v2/?a=b",
            "https://h.example/v2/",
            Answer("tls-good", 307, False, False, "https://o.example:5/v2/?a=b"),
            id="a redirect",
        ),
        pytest.param(
            "http://h.example=401:https://auth.example/token",
            "http://h.example/v2/",
            Answer("plain", 401, False, True, "https://auth.example/token"),
            id="a token server",
        ),
        pytest.param(
            "https://h.example=timeout", "https://h.example/v2/", Answer("timeout"), id="timeout"
        ),
        pytest.param(
            "https://h.example=stalled", "https://h.example/v2/", Answer("stalled"), id="stalled"
        ),
        pytest.param(
            "https://h.example=http",
            "https://h.example/v2/",
            Answer("plain", 200, False, True),
            id="http on https",
        ),
        pytest.param(
            "https://h.example=tls-good",
            "https://h.example/v2/",
            Answer("tls-good", 200, False, True),
            id="good",
        ),
        pytest.param(
            "https://h.example=tls-bad+401",
            "https://h.example/",
            Answer("tls-bad", 401, False, True),
            id="bad with status",
        ),
        pytest.param(
            "https://h.example=404",
            "https://h.example/v2/",
            Answer("tls-good", 404, False, False),
            id="404",
        ),
        pytest.param(
            "https://h.example=404+v2",
            "https://h.example/v2/",
            Answer("tls-good", 404, False, True),
            id="404 of a registry",
        ),
        pytest.param(
            "http://h.example=401+no-v2",
            "http://h.example/v2/",
            Answer("plain", 401, False, False),
            id="no header",
        ),
        pytest.param(
            "http://h.example=accepts",
            "http://h.example/v2/",
            Answer("plain", 401, True, True),
            id="accepts alone",
        ),
        pytest.param(
            "https://h.example:443/=200",
            "https://h.example/v2/",
            Answer("tls-good", 200, False, True),
            id="default port",
        ),
        pytest.param(
            "https://h.example=200",
            "https://h.example:443/v2/",
            Answer("tls-good", 200, False, True),
            id="default port asked",
        ),
        pytest.param(
            "https://h.example=200", "https://h.example:5000/v2/", Answer(), id="another port"
        ),
        pytest.param(
            "https://h.example=200", "https://other.example/v2/", Answer(), id="another host"
        ),
        pytest.param(
            "https://h.example/v1=200", "https://h.example/v2/", Answer(), id="another path"
        ),
        pytest.param(
            "https://[::1]:5=200",
            "https://[::1]:5/v2/",
            Answer("tls-good", 200, False, True),
            id="IPv6",
        ),
    ],
)
def test_answers(text: str, url: str, answer: Answer) -> None:
    assert parse_answers([text])(url) == answer


def test_the_longest_url_counts() -> None:
    for texts in (
        ["https://h.example=404", "https://h.example/v2=200"],
        ["https://h.example/v2=200", "https://h.example=404"],
    ):
        answers = parse_answers(texts)
        assert (
            answers("https://h.example/v2/").status,
            answers("https://h.example/v1/_ping").status,
        ) == (200, 404)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["h=200"], id="no scheme"),
        pytest.param(["ftp://h.example=200"], id="other scheme"),
        pytest.param(["https://h.example"], id="no answer"),
        pytest.param(["https://=200"], id="no host"),
        pytest.param(["https://h.example="], id="empty answer"),
        pytest.param(["https://h.example=maybe"], id="unknown word"),
        pytest.param(["https://h.example=999"], id="unknown status"),
        pytest.param(["https://h.example=301"], id="a redirect to nowhere"),
        pytest.param(["https://h.example=200:https://o.example"], id="a success that leads on"),
        pytest.param(["https://h.example=401:/token"], id="a token server without a host"),
        pytest.param(["http://h.example=proxy-refused"], id="CONNECT for http"),
        pytest.param(["https://h.example=silent+200"], id="silent and a status"),
        pytest.param(["https://h.example=200+401"], id="two statuses"),
        pytest.param(["https://h.example=tls-good+tls-bad"], id="two transports"),
        pytest.param(["https://h.example=refused+401"], id="refused and a status"),
        pytest.param(["https://h.example=plain"], id="the model's own word"),
        pytest.param(["http://h.example=tls-bad"], id="certificate over http"),
        pytest.param(["http://h.example=stalled"], id="stalled over http"),
        pytest.param(["https://h.example=stalled+401"], id="stalled and a status"),
        pytest.param(["https://h.example=200", "https://h.example:443/=404"], id="twice"),
    ],
)
def test_bad_answers(texts: list[str]) -> None:
    with pytest.raises(ModelError) as caught:
        parse_answers(texts)
    assert caught.value.kind == "answer"
    assert texts[-1] in str(caught.value)


@pytest.mark.parametrize(
    ("said", "asked", "is_same"),
    [
        pytest.param("https://r.example", "https://R.Example/v2/", True, id="names know no case"),
        pytest.param("https://R.Example:5000", "https://r.example:5000/v2/", True, id="as said"),
        pytest.param("https://r.example", "https://r.example:/v2/", True, id="no port behind :"),
        pytest.param("https://r.example:05000", "https://r.example:5000/", True, id="zeros"),
        pytest.param("https://[::1]", "https://[::1]:443/v2/", True, id="brackets"),
        pytest.param("http://r.example:443", "http://r.example/v2/", False, id="port of another"),
        pytest.param("https://r.example/V2", "https://r.example/v2/", False, id="paths know case"),
        pytest.param("https://r.example:5000", "https://r.example:50000/", False, id="more zeros"),
        pytest.param("https://[::1]:5000", "https://[::1]/v2/", False, id="a port in brackets"),
    ],
)
def test_what_is_dialled_counts(said: str, asked: str, is_same: bool) -> None:
    answer = parse_answers([f"{said}=200"])(asked)
    assert (answer.status == 200) is is_same
