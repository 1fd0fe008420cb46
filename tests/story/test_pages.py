"""Stories and checks as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from gopatch.model import PRESETS
from gopatch.story.pages import render, to_json
from gopatch.story.question import Question, parse_answers
from gopatch.story.tell import story_pair
from tests.story.asked import ON, PLAIN, question

HTTP_ONLY = parse_answers([f"http://{PLAIN}=200"])


FALLING_BACK = (
    'level=warning msg="Falling back to plain HTTP for h.example, which does not answer over HTTPS"'
)


def test_text() -> None:
    text = render(story_pair(Question(PLAIN, "login", ON, PRESETS["reloadable"], HTTP_ONLY)))
    stock, patched, rest = text.split("\n\n")
    assert stock.startswith(f"stock: login {PLAIN}\n  1. https://{PLAIN}/v2/  next\n")
    assert "http://" not in stock
    assert "it fails: Get" in stock
    assert patched.startswith("patched, with accept-insecure-registry: ")
    assert "no TLS; no password sent" in patched
    assert patched.endswith("=> it works")
    assert rest.startswith("0.0.0.0/0 as insecure registry instead:")
    assert text.endswith("\n")


def test_text_of_an_attempt_that_is_passed_over() -> None:
    answers = ["https://h.example=tls-bad", "http://h.example=200"]
    text = render(story_pair(question("login", ON, "netip", answers)))
    assert "2. http://h.example  skipped: HTTPS has answered" in text
    assert "PASSWORD SENT IN CLEAR" not in text


def test_json() -> None:
    pair = story_pair(Question(PLAIN, "login", ON, PRESETS["reloadable"], HTTP_ONLY))
    found = json.loads(to_json(pair))
    assert set(found) == {"stock", "patched", "open_list", "notes", "reload", "part"}
    assert (found["notes"], found["reload"], found["part"]) == ([], None, "")
    assert found["patched"]["attempts"][1] == {
        "url": f"http://{PLAIN}/v2/",
        "version": 2,
        "reason": "accept-insecure-registry: http after https",
        "tls": "none",
        "credentials": False,
        "redirects": [],
        "result": "ok",
        "error": "",
        "log": [
            FALLING_BACK.replace(" h.example,", f" {PLAIN},"),
            'level=debug msg="attempting v2 login to registry endpoint http://222.222.222.222/v2/"',
        ],
    }
    assert [item["kind"] for item in found["open_list"]] == ["list", "tls"]


def test_what_cannot_be_seen_is_spelt_out() -> None:
    asked = replace(question("login", ON, "netip"), host="r\x1b[31m\udcff.example")
    text = render(story_pair(asked))
    assert "\x1b" not in text
    assert text.encode()
    assert json.loads(to_json(story_pair(asked)).encode())["stock"]["host"] == asked.host
