"""The review page: what is on it, that it is whole, and that it needs nothing else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from gopatch.output import EditView, Layout, NothingThere, PortView
from gopatch.output._port_view import view
from gopatch.output.formats import html as page
from gopatch.output.formats import json as machine
from gopatch.port.judged import Case, Finding, Opinion, Subject, Verdict
from gopatch.port.outcome import Outcome, Road, Site
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from gopatch.splice import FileChange
from tests.cli.running import run
from tests.conftest import FIXTURES
from tests.drawing import few

VOID = {"meta", "col", "br", "wbr"}
# HTML lets these end where the next begins.
IMPLIED = {"tr", "td", "th", "thead", "tbody", "p", "dt", "dd", "html"}


class Reader(HTMLParser):
    """Collects ids, links and text, and minds that what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID | IMPLIED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in IMPLIED:
            assert self.open.pop() == tag


def shown(fixture: str, **more: Any) -> PortView:
    port = work_out(load("accept-insecure-registry"), open_source(FIXTURES / fixture))
    return view(port)._replace(**more)


def render(port: PortView, **layout: Any) -> str:
    (file,) = page.render(port, Layout()._replace(**layout), NothingThere())
    assert file.name == "review.html"
    return file.data.decode()


@pytest.mark.parametrize("fixture", few(["v1.8.3", "v1.13.1", "docker-v29", "debian"], ["v1.13.1"]))
def test_a_page_is_sound(fixture: str) -> None:
    port = shown(fixture)
    text = render(port)
    reader = Reader(text)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)
    assert {f"edit-{edit.name}" for edit in port.edits} <= set(reader.ids)
    assert not reader.tags & {"script", "link", "img", "iframe", "form", "base"}
    assert not reader.attributes & {"src", "style", "srcset", "onclick", "onload"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert text == render(port)


def test_each_edit_says_why_and_how() -> None:
    text = render(shown("v1.13.1"))
    (guard,) = re.findall(r'<section id="edit-guard-v2".*?</section>', text, re.S)
    assert "http:// after https:// in the V2 lookup" in guard
    assert "The condition that already" in guard
    assert "<code>guard/url</code>: The condition of plain HTTP" in guard
    assert "registry/<wbr>service_v2.go" in guard
    assert "<ins> s.acceptInsecureRegistry &amp;&amp; !IsDockerHub(host" in guard
    assert "lookupV2Endpoints" in guard
    assert "option" not in re.findall(r"<caption>(.*?)</caption>", guard)


def test_verdicts_and_roads_are_shown_where_given() -> None:
    bare = render(shown("v20.10.27"))
    assert "<h2 id=verdicts>" not in bare
    assert "<h2 id=roads>" not in bare
    guard = Finding("model", "edit", "guard-v2", "pass", "576 lookups of `login`", 576)
    opinions = (
        Opinion("model", "pass", ("576 cases of `login`",), findings=(guard,)),
        Opinion("wire", "fail", (), counterexample="got <https>\n  & more"),
        Opinion("go", "inconclusive"),
    )
    verdict = Verdict("fail", opinions, (Subject("road", "search"),))
    roads = (
        Road(
            "login",
            "`docker login`",
            "reached",
            ("guard-v2",),
            (Site("registry/service.go", 3, 1),),
        ),
        Road("search", "docker search", "missed", (), (), "asks elsewhere"),
        Road("reload", "a reload", "absent", (), (), "there is none"),
    )
    text = render(shown("v20.10.27", verdict=verdict, roads=roads))
    assert 'Verdict: <span class="fail">✗ fail</span>' in text
    assert "<td>model<td>576 lookups of <code>login</code>, 576 cases" in text
    assert "<th scope=row>the road search<td>nobody" in text
    assert "✓ pass" in text
    assert "576 cases of <code>login</code>" in text
    assert "✗ fail" in text
    assert "<pre>got &lt;https&gt;\n  &amp; more</pre>" in text
    assert "? inconclusive" in text
    assert "✓ reached" in text
    assert '<code>docker login</code><td><a href="#edit-guard-v2">guard-v2</a><td>' in text
    assert "✗ missed" in text
    assert "asks elsewhere" in text
    assert "· absent" in text
    assert "there is none" in text
    assert Reader(text).open == []


def test_what_is_absent_is_named_with_its_reason() -> None:
    text = render(shown("v20.10.27"))
    (nothing,) = re.findall(r"<section aria-labelledby=nothing>.*?</section>", text, re.S)
    assert 'id="edit-guard-v1"' in nothing
    assert "nothing declares <code>lookupV1Endpoints</code> here" in nothing
    assert "edit-guard-v2" not in nothing


EVIL = "<script>alert(1)</script>&\"'"


def test_nothing_in_a_source_becomes_markup() -> None:
    change = FileChange(f"{EVIL}.go", EVIL.encode() + b"\n", EVIL.encode() + b" \xff\n")
    outcome = Outcome(EVIL, "applied", EVIL, (Site(EVIL, 1, 1),), EVIL, EVIL)
    edit = EditView(EVIL, EVIL, outcome, (change,), EVIL, lambda: EVIL, (EVIL,))
    road = Road(EVIL, EVIL, "missed", (EVIL,), (Site(EVIL, 1, 1),), EVIL)
    finding = Finding(EVIL, "edit", EVIL, "fail", EVIL, 2, EVIL)
    opinion = Opinion(EVIL, "pass", (EVIL,), (Case(EVIL, "pass"),), EVIL, (finding,))
    port = PortView(
        EVIL, EVIL, EVIL, EVIL, (), EVIL, EVIL, EVIL, (edit,), (change,), EVIL,
        Verdict("partial", (opinion,), (Subject("edit", EVIL),)), (road,),
    )  # fmt: skip
    text = render(port)
    assert "<script" not in text
    assert "script" not in Reader(text).tags


def test_reverse_and_prefix_and_context() -> None:
    port = shown("v20.10.27")
    text = render(port, reverse=True, prefix="engine/", context=0)
    assert "<caption>engine/registry/docker_hub.go (removed)" in text
    assert "<del> s.acceptInsecureRegistry &amp;&amp;" in text
    assert '<tr class="same">' not in text


def test_a_port_with_nothing_to_do_has_a_page(tree: Path) -> None:
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    port = work_out(load("accept-insecure-registry"), open_source(tree))
    text = render(view(port))
    assert "<dd>none" in text
    assert "= already" in text
    assert "<h2 id=whole>" not in text
    assert Reader(text).open == []


# --format json, and the way from `verify` to the page -----------------------------------------


def table(port: PortView, **layout: Any) -> dict[str, Any]:
    (file,) = machine.render(port, Layout()._replace(**layout), NothingThere())
    found: dict[str, Any] = json.loads(file.data)
    return found


def test_json_has_the_bytes_of_the_port() -> None:
    port = shown("v20.10.27")
    found = table(port)
    files = found["files"]
    after = {f["path"]: f["content"]["text"].encode() for f in files}
    assert after == {c.path: c.after for c in port.changes}
    edits = found["edits"]
    assert [e["edit"] for e in edits] == [edit.name for edit in port.edits]
    assert "service_v2.go" in next(e for e in edits if e["edit"] == "guard-v2")["diff"]["text"]


def test_json_tells_bytes_from_text() -> None:
    change = FileChange("a.go", b"a\n", b"\xff\n")
    found = table(shown("v20.10.27", changes=(change,)))
    assert found["files"][0]["content"] == {"base64": "/wo="}
    assert "base64" in found["diff"]


def verdicts_of(tree: Path, **changed: object) -> str:
    cases = [{"name": "no <options>", "status": "pass", "total": 58}]
    verdict = {
        "judge": "model",
        "status": "pass",
        "summary": ["seen"],
        "counterexample": "",
        "cases": cases,
        "findings": [],
        "unseen": [],
    }
    found = {
        "patch": "accept-insecure-registry",
        "source": str(tree),
        "verdict": "partial",
        "unjudged": [{"kind": "road", "name": "search"}],
        "verdicts": [verdict],
    }
    return json.dumps(found | changed)


def test_verdicts_reach_the_page(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "verdicts.json"
    file.write_text(verdicts_of(tree))
    assert run("apply", "--docker-src", tree, "--format", "html", "--verdicts", file) == 0
    page = capsys.readouterr().out
    assert "✓ pass" in page
    assert "<summary>58 cases</summary>" in page
    assert "<dd>no &lt;options&gt;, 58 cases" in page
    assert Reader(page).open == []
    assert run("apply", "--docker-src", tree, "--format", "json", "--verdicts", file) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "partial"
    assert told["verdicts"][0]["summary"] == ["seen"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source": "another"}, "for another"),
        ({"patch": "another"}, "on `another`"),
        ({"verdicts": None}, "holds no verdict"),
        ({"verdicts": [{}]}, "holds no verdict"),
        (None, "No such file"),
    ],
)
def test_verdicts_on_something_else_are_refused(
    changed: dict[str, object] | None,
    words: str,
    tree: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "verdicts.json"
    if changed is not None:
        file.write_text(verdicts_of(tree, **changed))
    out = tmp_path / "review.html"
    arguments = ("apply", "--docker-src", tree, "--format", "html", "--output", out)
    assert run(*arguments, "--verdicts", file) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()
