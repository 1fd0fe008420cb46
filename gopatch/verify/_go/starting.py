"""Starts by arguments and daemon.json, and reloads: what becomes of the lookups and of the log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gopatch.model import Traits
from gopatch.verify import Status
from gopatch.verify._go.second_harness import Inside
from gopatch.verify._go.two_sides import GoWork
from gopatch.verify._go.visits import (
    BARE,
    HUB,
    LISTED,
    OPENED,
    RELOADED,
    UNLISTED,
    Reloaded,
    ServiceStart,
    starts,
)

START = "start: "  # what its cases are called, with the part of it behind
PARTS = ("flag", "key", "reload", "log", "reload log", "info")
_SHOWN = 4
_LATE = "done in the background; whoever asks at once is told of before"
_UNDONE = "a reload may not be done in the background by then"
_RISK = ("insecure", "encrypt", "password", "intercept", "risk")


class StartReport:
    """What is wrong with each part, and how many cases there were.

    A reload that goes on in the background is doubted. What is logged before that is done may be of
    before (`hasty`), and what is seen of a daemon that is not done with one (`busy`) proves nothing.
    """

    def __init__(self) -> None:
        self.cases = dict.fromkeys(PARTS, 0)
        self.wrong: dict[str, list[str]] = {part: [] for part in PARTS}
        self.hasty: dict[str, list[str]] = {part: [] for part in PARTS}
        self.busy: dict[str, list[str]] = {part: [] for part in PARTS}
        self.late: list[str] = []  # reloads of which some is done in the background
        self.is_busy = False

    def status(self, part: str) -> Status:
        return "fail" if self._wrong(part) else "inconclusive" if self._doubts(part) else "pass"

    def lines(self, part: str) -> list[str]:
        wrong, doubts = self._wrong(part), self._doubts(part)
        right = self.cases[part] - len(wrong) - len(self._unproved(part))
        said = f"{START}{part}: {right} of {self.cases[part]} as they must be"
        return [said, *(f"  {line}" for line in wrong[:_SHOWN] + doubts[:1])]

    def expect(self, part: str, right: bool, line: str, *, hasty: bool = False) -> None:
        """`hasty`: what is wrong would be right of before."""
        self.cases[part] += 1
        if not right:
            kind = self.busy if self.is_busy else self.hasty if hasty else self.wrong
            kind[part].append(line)

    def _wrong(self, part: str) -> list[str]:
        return self.wrong[part] + ([] if self.late or self.is_busy else self.hasty[part])

    def _unproved(self, part: str) -> list[str]:
        return self.busy[part] + (self.hasty[part] if self.late or self.is_busy else [])

    def _doubts(self, part: str) -> list[str]:
        late = [f"{where}: {_LATE}" for where in self.late if part == "reload"]
        return [*(f"{line}; {_UNDONE}" for line in self._unproved(part)), *late]


def judge_starts(
    work: GoWork, sides: tuple[Inside, Inside], traits: Traits, *, reloads: bool, merges: bool
) -> None:
    """Start and reload the port in every way; the original says what off and on look like."""
    before, after = sides
    rows = [row for row in starts() if merges or not row.merged]
    rows = [row if reloads else row._replace(reloads=()) for row in rows]
    twins = [twin for row in rows if (twin := row.of_stock()) is not None]
    answers, _ = before.ask([row.question(traits) for row in (BARE, OPENED, *twins)])
    stock = {row.name: answer for row, answer in zip((BARE, OPENED, *twins), answers, strict=True)}
    if (crash := _crash(stock)) or not stock[BARE.name]["lookups"]:
        work.report.summary.append(f"{START}not driven here: {crash or stock[BARE.name]['error']}")
        return
    answers, log = after.ask([row.question(traits) for row in rows])
    found = StartReport()
    untold = stock[BARE.name]["untold"] or answers[0]["untold"]
    if untold:
        work.report.summary.append(f"{START}info: not driven here: {untold}")
    tells = not untold and stock[BARE.name]["info"] is not None
    judge = StartJudge(stock, traits, said(log), found, tells)
    for number, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        judge.start(number, row, answer)
    for part in PARTS:
        if found.cases[part]:
            lines = found.lines(part)
            work.report.add(START + part, found.status(part), found.cases[part], *lines)


def reloads_lists(before: Inside, traits: Traits) -> bool:
    """Whether a reload of the original changes which registries are listed: then it turns the option, too."""
    if not {"reload", "flags"} <= before.doors:
        return False
    (answer,), _ = before.ask([RELOADED.question(traits)])
    steps = answer["steps"] or ()
    return any(step["lookups"] != answer["lookups"] and not step["error"] for step in steps)


def _crash(stock: Mapping[str, Mapping[str, Any]]) -> str:
    said = [answer["error"] for answer in stock.values()]
    said += [step["error"] for answer in stock.values() for step in answer["steps"] or ()]
    return next((error for error in said if error.startswith("panic:")), "")


def said(log: str) -> dict[str, str]:
    """What is logged, by the number of the visit and of its step: "3.0" is the third's start."""
    parts = re.split(r"^gopatch-visit (\S+)$", log, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class StartJudge:
    """Holds the answers of the port against those of the original."""

    def __init__(
        self,
        stock: Mapping[str, Any],
        traits: Traits,
        log: Mapping[str, str],
        found: StartReport,
        tells: bool,
    ) -> None:
        """`tells`: with the option off both sides say what docker info warns of; what wants more of a
        daemon than there is here does not."""
        self.stock, self.log, self.found, self.tells = stock, log, found, tells
        steps = (step for answer in stock.values() for step in (answer, *(answer["steps"] or ())))
        self.never_done = any(step["busy"] for step in steps)  # as little as the original is
        self.suffix = "/app" if traits.by_repository else ""

    def start(self, number: int, row: ServiceStart, answer: Mapping[str, Any]) -> None:
        part = "key" if row.file else "flag"
        if part == "flag" and not row.arguments:
            flag = (answer["flags"] or {}).get("accept-insecure-registry", {})
            usage = str(flag.get("usage", ""))
            self.found.expect(
                "flag",
                flag.get("default") in ("false", ""),
                f"the flag's default is {flag.get('default')}",
            )
            self.found.expect("flag", names_risk(usage), f"the flag's usage names no risk: {usage}")
        if row.on == "refused":
            refused = bool(answer["error"]) and not answer["error"].startswith(("panic:", "no end"))
            self.found.expect(
                part, refused, f"{row.name}: the daemon starts, or crashes: {answer['error']}"
            )
            return
        self.found.is_busy |= bool(answer["busy"]) and not self.never_done
        listed = any("insecure-registry=LISTED" in one for one in row.arguments)
        self._lookups(part, row.name, answer, (row.on, listed))
        self._logged("log", f"{number}.0", row.name, on=row.on)
        self._info(row.name, answer, on=row.on)
        if row.reloads:
            self._reloads(number, row, answer, listed=listed)

    def _reloads(
        self, number: int, row: ServiceStart, answer: Mapping[str, Any], *, listed: bool
    ) -> None:
        on = bool(row.on)
        steps: Sequence[Mapping[str, Any]] = answer["steps"] or ()
        if len(steps) != len(row.reloads):
            self.found.expect("reload", False, f"{row.name}: {answer['error']}")
            return
        stock = self.stock.get(row.name, {}).get("steps") or ()
        for place, (step, seen) in enumerate(zip(row.reloads, steps, strict=True), 1):
            where = f"{row.name}, step {place}"
            self.found.is_busy |= bool(seen["busy"]) and not self.never_done
            if step.on == "refused":
                if not stock or not stock[place - 1]["error"]:
                    return  # the original does not refuse it
                self.found.expect("reload", bool(seen["error"]), f"{where}: is not refused")
                self._lookups(
                    "reload", where, {**seen, "error": ""}, (on, listed), only=(UNLISTED, HUB)
                )
                continue
            before, on, listed = on, bool(step.on), _list_after(step, listed)
            self.found.late += [where] * bool(seen["late"])
            self._lookups("reload", where, seen, (on, listed))
            self._logged("reload log", f"{number}.{place}", where, on=on, hasty=before != on)
            self._info(where, seen, on=on)

    def _lookups(
        self,
        part: str,
        where: str,
        seen: Mapping[str, Any],
        state: tuple[bool, bool],
        only: Sequence[str] = (UNLISTED, LISTED, HUB),
    ) -> None:
        """Whether the lookups are those of an option that is on or off, of a list that has LISTED or not."""
        on, listed = state
        if seen["error"]:
            self.found.expect(part, False, f"{where}: {seen['error']}")
            return
        bare, opened = (self.stock[row.name]["lookups"] for row in (BARE, OPENED))
        for host in only:
            name = host + self.suffix
            wanted = bare[name]
            if host == LISTED and listed:
                wanted = opened[name]
            elif host != HUB and on:
                wanted = [line.removesuffix(" InsecureSkipVerify") for line in opened[name]]
            found = seen["lookups"][name]
            if host == HUB and not any("registry-1" in line for line in wanted):
                continue
            right = (
                found == wanted
                if host != HUB
                else [f for f in found if "registry-1" in f]
                == [w for w in wanted if "registry-1" in w]
            )
            state_said = "on" if on else "off"
            self.found.expect(
                part,
                right,
                f"{where}: with the option {state_said}, {host} is at {', '.join(found)}; right is: {', '.join(wanted)}",
            )

    def _info(self, where: str, seen: Mapping[str, Any], *, on: bool) -> None:
        if not self.tells:
            return
        bare = self.stock[BARE.name]["info"]
        fresh = [line for line in seen["info"] or () if line not in bare]
        words = (
            "docker info names no risk" if on else f"docker info warns with the option off: {fresh}"
        )
        right = any(map(names_risk, fresh)) if on else seen["info"] == bare
        self.found.expect("info", right, f"{where}: {words}")

    def _logged(self, part: str, key: str, where: str, *, on: bool, hasty: bool = False) -> None:
        lines = self.log.get(key, "").splitlines()
        told = any(names_risk(line) for line in lines)
        words = (
            "no line of the log names the risk"
            if on
            else "the log names a risk with the option off"
        )
        self.found.expect(part, told == on, f"{where}: {words}", hasty=hasty)


def _list_after(step: Reloaded, listed: bool) -> bool:
    return '"LISTED"' in step.file if "insecure-registries" in step.file else listed


def names_risk(text: str) -> bool:
    """Whether a text says that it is plain HTTP, and that this is a risk."""
    low = text.lower()
    return "http" in low and any(word in low for word in _RISK)
