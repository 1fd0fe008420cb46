"""The search for a difference with the option off: what is planted is found and made small, a plain port has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from gopatch.cli.main import main
from gopatch.model import PRESETS
from gopatch.verify._go.fuzz import Sides, fuzz, words_of
from gopatch.verify._go.fuzz_cases import BATCH, Words, batches
from gopatch.verify._go.harness import Harness
from gopatch.verify._go.two_sides import GoWork, JudgedSide, Report

TRAITS = PRESETS["netip"]
Rule = Callable[[Mapping[str, Any]], bool]

# Conditions under which a wrong port offers HTTP, the line that it was written in, and the smallest host.
PLANTED: dict[str, tuple[bytes, Rule]] = {
    "a name": (
        b'if strings.HasSuffix(host, ".zq9x") {',
        lambda c: c["host"].endswith(".zq9x"),
    ),
    "a port": (
        b'if port == "4711" {',
        lambda c: c["host"].rpartition(":")[2] == "4711",
    ),
    "many mirrors": (b"if len(mirrors) > 7 {", lambda c: len(c["mirrors"]) > 7),
    "a long name": (b"if len(host) > big {", lambda c: len(c["host"]) > 200),
}


class Space(NamedTuple):
    env: dict[str, str] = {}  # noqa: RUF012 - never changed


class Stub(NamedTuple):
    """A harness that answers by a rule: HTTP is offered where it holds."""

    rule: Rule
    workspace: Space = Space()


class Source(NamedTuple):
    name: str = "docker"


def asked(side: Any, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_reply(side.rule(case) or _opened(side), case) for case in cases]


def _opened(side: Any) -> bool:
    """Whether a variable of the environment opens a port."""
    return side.rule is not never and "PLAIN_ON" in side.workspace.env


def _reply(plain: bool, case: Mapping[str, Any]) -> dict[str, Any]:
    assert not case["accept"]
    ends = [
        {
            "url": f"{scheme}://{case['host']}", "version": 2, "mirror": False, "official": False,
            "trim_hostname": True, "skip_verify": False,
        }
        for scheme in ("https", "http")[: 1 + plain]
    ]  # fmt: skip
    found = {"error": "", "endpoints": ends}
    return {"error": "", "option": False, "secure": None, "pull": found, "push": found}


def never(case: Mapping[str, Any]) -> bool:
    return False


def work_of(line: bytes = b"", **options: Any) -> GoWork:
    before = JudgedSide("original", {}, {"service.go": b"package registry\n"})
    after = before._replace(
        name="port", files={"registry/service.go": b"package registry\n" + line}
    )
    given = {"fuzz": 1, "seed": 7, **options}
    return GoWork(
        cast(Any, None), cast(Any, Source()), before, after, "registry", (), 1, given, Report()
    )


def searched(
    work: GoWork, port: Rule, seconds: Sequence[float] = (0, 0, 0, 9), ask: Any = asked
) -> Report:
    """The report of a search whose clock shows these seconds, one after the other."""
    sides = Sides(cast(Harness, Stub(never)), cast(Harness, Stub(port)), TRAITS, ask)
    fuzz(work, sides, iter(seconds).__next__)
    return work.report


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_found_and_made_small(planted: str) -> None:
    line, rule = PLANTED[planted]
    report = searched(work_of(line), rule)
    assert report.cases[0].status == "fail"
    assert "the port says:" in report.counterexample
    case = report.counterexample.partition("--case '")[2].partition("'\n")[0]
    assert len(case) < 330
    if "zq9x" in str(line):
        assert case == '{"host": ".zq9x"}'


def test_a_variable_of_the_environment_that_the_port_names_is_set_for_every_second_batch() -> None:
    def port(case: Mapping[str, Any]) -> bool:
        return False

    asking = work_of(b'if os.Getenv("PLAIN_ON") != "" {')
    assert searched(asking, port).cases[0].status == "fail"
    assert searched(work_of(), port).cases[0].status == "pass"


def test_a_port_that_answers_as_the_original_has_no_difference() -> None:
    report = searched(work_of(b'return "x9"'), never)
    assert [(c.status, c.total) for c in report.cases] == [("pass", 3 * BATCH)]
    assert report.counterexample == ""


def test_one_batch_is_asked_however_short_the_time() -> None:
    assert searched(work_of(), never, (0, 99)).cases[0].total == BATCH


def test_a_field_for_the_option_is_no_difference() -> None:
    def ask(side: Any, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**reply, "option": side.rule is not never} for reply in asked(side, cases)]

    assert searched(work_of(), lambda case: False, ask=ask).cases[0].status == "pass"


def test_what_comes_only_after_other_cases_is_told_so() -> None:
    """A port that counts what it is asked."""

    def ask(side: Any, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [_reply(side.rule is not never and i > 50, case) for i, case in enumerate(cases)]

    report = searched(work_of(), lambda case: False, ask=ask)
    assert report.cases[0].status == "fail"
    assert "after 51 other cases in one process" in "\n".join(report.summary)


def test_sides_that_do_not_answer_the_same_twice_tell_nothing() -> None:
    calls = []

    def ask(side: Any, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if side.rule is never:
            return asked(side, cases)
        calls.append(1)
        return [_reply(len(calls) == 1, case) for case in cases]

    report = searched(work_of(), lambda case: False, ask=ask)
    assert report.cases[0].status == "inconclusive"


def test_cases_are_the_same_for_the_same_seed_and_words_and_never_have_the_option() -> None:
    words = Words(("corp.example",), (4711,))
    one, other = (list(islice(batches(3, words, TRAITS), 2)) for _ in range(2))
    assert one == other
    assert one[0] != one[1]
    assert next(batches(4, words, TRAITS)) != one[0]
    assert not any(case.options.accept_insecure_registry for batch in one for case in batch)


def test_words_are_those_of_the_port_alone() -> None:
    work = work_of(
        b'x := "a b" + "corp" + `raw` // "told"\n// "not this" 99\ny := 4711 + os.Getenv("PLAIN_ON")\n'
    )
    assert words_of(work) == Words(("corp", "raw", "told"), (4711,), ("PLAIN_ON",))
    tests = work._replace(after=work.after._replace(files={"registry/a_test.go": b'"corp"\n'}))
    assert words_of(tests) == Words()


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "1.5"])
def test_no_time_is_refused(
    seconds: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["verify", "--docker-src", str(tmp_path), "--by", "go", "--fuzz", seconds]
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "--fuzz" in capsys.readouterr().err
