"""`gopatch lint`: what is wrong with a patch folder."""

from __future__ import annotations

import argparse

from gopatch.cli.console import say, write, write_json

HELP = "what is wrong with a patch folder: files, texts, DEP-3 fields, variants, cases"
EXAMPLES = (
    ("a patch of your own", "gopatch lint quiet-daemon"),
    ("for a program", "gopatch lint quiet-daemon --json"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("patch", metavar="NAME|FOLDER|FILE", help="the patch to look at")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    from gopatch.authoring.lint import lint

    findings = lint(arguments.patch)
    wrong = [finding for finding in findings if not finding.note]
    if arguments.json:
        write_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            kind = "note: " if finding.note else ""
            write(f"{finding.place}: {kind}{finding.message}\n".encode())
            if finding.hint:
                write(f"  hint: {finding.hint}\n".encode())
    notes = len(findings) - len(wrong)
    say(f"gopatch: {len(wrong)} found" + (f", {notes} notes" if notes else ""))
    return 1 if wrong else 0
