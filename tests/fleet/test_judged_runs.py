"""Many refs at once: what is written, what is reported, and how a run goes on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, Git
from tests.fleet.run_world import ALL, Page, _counting, port

pytestmark = pytest.mark.thorough


def test_the_page_needs_nothing_else(moby: Path, tmp_path: Path) -> None:
    report = port(moby, tmp_path / "out", *ALL, "broken")
    text = (tmp_path / "out/report.html").read_text()
    page = Page()
    page.feed(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    for link in page.links:
        inside = link.startswith("#") and link[1:] in page.ids
        assert inside or (tmp_path / "out" / unquote(link)).is_file()
    shared = [family for family in report["families"] if len(family["refs"]) > 1]
    assert page.tags.count("details") == len(report["families"]) + len(shared)
    for row in report["refs"]:
        assert row["ref"] in text
    assert "✗ failed" in text
    assert "acceptInsecureRegistry &amp;&amp; !IsDockerHub" in text


class TestJudged:
    """`port --verify`: every port is judged, each different one once."""

    REFS = ("v0.0.1", "v20.10.27", "release/v20.10.28", "docker-v29")

    def test_verdicts_are_in_the_report(self, moby: Path, tmp_path: Path) -> None:
        found = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        verdicts = {row["ref"]: row["verdicts"] for row in found["refs"]}
        assert verdicts["v0.0.1"] == []
        assert verdicts["v20.10.27"] == verdicts["release/v20.10.28"]
        (verdict,) = verdicts["docker-v29"]
        assert verdict["judge"] == "model"
        assert verdict["status"] == "pass"
        assert verdict["cases"] > 400
        page = (tmp_path / "out" / "report.html").read_text()
        assert "<th scope=col class=o>model" in page
        # A row for the two refs that share a patch, one for the third.
        assert page.count('<td class="o pass"') == 2

    def test_equal_ports_are_judged_once(
        self, moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = _counting(monkeypatch)
        port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2

    def test_a_run_goes_on_only_where_the_verdicts_are(
        self, moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = _counting(monkeypatch)
        port(moby, tmp_path / "out", *self.REFS)
        assert asked == []
        first = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2
        again = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2
        assert again == first
        assert port(moby, tmp_path / "out", *self.REFS) == first

    def test_several_processes_find_the_same(self, moby: Path, tmp_path: Path) -> None:
        one = port(moby, tmp_path / "one", *self.REFS, judges=["model"])
        two = port(moby, tmp_path / "two", *self.REFS, judges=["model"], jobs=2)
        assert one["refs"] == two["refs"]

    def test_command_line(
        self, moby: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        refs = [word for ref in self.REFS for word in ("--ref", ref)]
        judged = [*given, *refs, "--verify", "model"]
        assert main(judged) == 0
        said = capsys.readouterr().err
        assert "judge model: 3 pass" in said
        assert "partial: 3 ports; no judge of this run looked at " in said
        assert main([*judged, "--patch", "always-http"]) == 1
        said = capsys.readouterr().err
        assert "judge model: 3 fail" in said
        assert "fail: v20.10.27, release/v20.10.28" in said
        assert "What the judges did not let pass" in (tmp_path / "out/report.html").read_text()

    def test_what_cannot_be_judged_is_no_pass(
        self, moby: Path, git: Git, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        checks = "tlsConfig.InsecureSkipVerify = !isSecure"
        for name in ("service_v2.go", "registry.go"):
            path = Path("daemon/pkg/registry", name)
            text = (FIXTURES / "docker-v29" / path).read_text()
            assert (checks in text) is (name == "registry.go")
            (moby / path).write_text(
                text.replace(checks, f"{checks}\n\ttlsConfig.ServerName = hostname")
            )
        git(moby, "commit", "-q", "-a", "-m", "not as Docker")
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        judged = [*given, "--ref", "HEAD", "--verify", "model"]
        assert main(judged) == 1
        assert "inconclusive" in capsys.readouterr().err

    @pytest.mark.parametrize("names", ["nobody", "model,nobody"])
    def test_unknown_judges_are_refused_before_anything_is_done(
        self, moby: Path, tmp_path: Path, names: str
    ) -> None:
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        assert main([*given, "--ref", "trunk", "--verify", names]) == 2
        assert not (tmp_path / "out").exists()
