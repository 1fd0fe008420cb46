"""Hosts that the original's list passes over: they condemn no right port, and save no wrong one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.verify.model import judge
from tests.conftest import FIXTURES

pytestmark = pytest.mark.thorough

_CHECKED = """
var domain = regexp.MustCompile(`^[a-zA-Z0-9]+(-+[a-zA-Z0-9]+)*(\\.[a-zA-Z0-9]+(-+[a-zA-Z0-9]+)*)*(:[0-9]+)?$`)

func validateHostPort(name string) error {
	host, port, err := net.SplitHostPort(name)
	if err != nil {
		host, port = name, ""
	}
	if !domain.MatchString(name) && net.ParseIP(host) == nil {
		return fmt.Errorf("%q is no host", name)
	}
	if number, err := strconv.Atoi(port); port != "" && (err != nil || number < 0 || number > 65535) {
		return fmt.Errorf("%q has no port", name)
	}
	return nil
}
"""
_MORE = (
    ('	"strings"\n', '	"regexp"\n	"strconv"\n'),
    (
        "		indexes[name] = ",
        "		if err := validateHostPort(name); err != nil {\n			return err\n		}\n",
    ),
)


@pytest.fixture
def passing_over(tmp_path: Path) -> tuple[Port, Source]:
    """A source that keeps its old list, and says nothing, where an entry is none: as v17.06 to v17.09 do."""
    shutil.copytree(FIXTURES / "v17.06.0-ce", tmp_path / "tree")
    config = tmp_path / "tree/registry/config.go"
    text = config.read_text() + _CHECKED
    for line, more in _MORE:
        assert line in text
        text = text.replace(line, more + line, 1)
    config.write_text(text)
    source = Directory(tmp_path / "tree")
    return work_out(load("accept-insecure-registry"), source), source


def test_a_list_that_the_source_passes_over_condemns_nobody(
    passing_over: tuple[Port, Source],
) -> None:
    """`reg.test.`, which the port looks for a dot in, cannot be listed; the option works for it nevertheless."""
    verdict = judge(*passing_over, {})
    assert verdict.status == "pass", "\n".join((*verdict.summary, verdict.counterexample))


@pytest.mark.parametrize(
    "answer", [pytest.param("false", id="it leaks"), pytest.param("true", id="no effect")]
)
def test_and_saves_nobody(passing_over: tuple[Port, Source], answer: str) -> None:
    port, source = passing_over
    known = b"\terr, known := tried[host]\n"
    spoilt = f'\tif strings.HasSuffix(host, ".") {{\n\t\treturn {answer}\n\t}}\n'.encode()
    changes = tuple(
        change._replace(
            after=after.replace(b'\t"sync"', b'\t"strings"\n\t"sync"').replace(
                known, spoilt + known
            )
        )
        if known in (after := change.after or b"")
        else change
        for change in port.changes
    )
    assert changes != port.changes
    assert judge(port._replace(changes=changes), source, {}).status == "fail"
