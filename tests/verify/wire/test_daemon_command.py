"""How a daemon's program is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.verify._wire.daemon_command import daemon_command


def program(tmp_path: Path, of_all: str, of_daemon: str = "") -> str:
    """A program whose help is `of_all`, and that of its command `daemon` is `of_daemon`."""
    made = tmp_path / "program"
    made.write_text(
        f"#!/bin/sh\nif test \"$1\" = daemon; then echo '{of_daemon}'; else echo '{of_all}'; fi\n"
    )
    made.chmod(0o755)
    return str(made)


@pytest.mark.parametrize(
    ("of_all", "of_daemon", "mode", "flags"),
    [
        pytest.param(
            "Usage: dockerd [OPTIONS]\n  -g, --graph string", "", (), {"--graph"}, id="dockerd"
        ),
        pytest.param(
            "Usage: docker [OPTIONS]\n       docker daemon [ --help | ... ]\n  --config=~/.docker",
            "  --config-file=/etc  -g, --graph",
            ("daemon",),
            {"--config-file", "--graph"},
            id="docker daemon",
        ),
        pytest.param(
            "Usage: docker [OPTIONS]\n  -d, --daemon=false\n  -g, --graph",
            "",
            ("--daemon",),
            {"--daemon", "--graph"},
            id="docker --daemon",
        ),
    ],
)
def test_a_program_says_how_it_is_a_daemon(
    tmp_path: Path, of_all: str, of_daemon: str, mode: tuple[str, ...], flags: set[str]
) -> None:
    binary = program(tmp_path, of_all, of_daemon)
    found = daemon_command(binary)
    assert found.words == (binary, *mode)
    assert found.flags == flags
