"""The command line: what is printed where, and the exit codes: what its tests share."""

from __future__ import annotations

from gopatch.cli.main import main


def run(*arguments: object) -> int:
    try:
        return main([str(a) for a in arguments])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 99


LEAK = [
    *("simulate", "h", "--accept-insecure-registry", "--answers", "https://h=tls-bad"),
    *("--answers", "http://h=401+accepts"),
]
