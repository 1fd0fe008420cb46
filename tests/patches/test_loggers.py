"""What a fork logs with, where a rail has to warn: it is one of those that can, or the port is refused."""

from __future__ import annotations

import pytest

from gopatch.port.work import work_out
from tests.patches.test_forks import GIVES_UP, SERVICE, Changes, fork
from tests.patches.world import OPTION, PATCHES

PULL = "distribution/pull.go"
CONSOLE = ("logrus.Debugf(", "console.Debugf(")
OTHER_LOGGERS = {
    "of the same name": (
        "v28.5.2",
        {PULL: [('"github.com/containerd/log"', '"example.com/fork/log"')]},
        "no-downgrade-pull",
    ),
    "in the place of logrus": (
        "v1.13.1",
        {PULL: [("\tfor _, endpoint", "\tlogrus := console()\n\tfor _, endpoint")]},
        "no-downgrade-pull",
    ),
    "where any error is passed": ("v1.13.1", {PULL: [CONSOLE, GIVES_UP]}, "no-downgrade-pull"),
    "a login's": (
        "v1.13.1",
        {SERVICE: [("logrus.Infof(", "console.Infof(")]},
        "no-downgrade-login",
    ),
}


@pytest.mark.parametrize(("fixture", "changes", "edit"), OTHER_LOGGERS.values(), ids=OTHER_LOGGERS)
def test_a_logger_that_may_not_warn_is_not_asked_to(
    fixture: str, changes: Changes, edit: str
) -> None:
    """Whatever else has a Debugf may have no Warnf, and the rail would not compile."""
    port = work_out(PATCHES[OPTION], fork(fixture, changes))
    assert edit in [outcome.edit for outcome in port.failed]
    assert port.changes == ()
