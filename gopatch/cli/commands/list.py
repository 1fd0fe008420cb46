"""`gopatch list`: the patches, their edits and variants."""

from __future__ import annotations

import argparse

from gopatch.cli.console import write, write_json

HELP = "the patches, their edits and variants"
EXAMPLES = (
    ("what there is", "gopatch list"),
    ("for a program", "gopatch list --json"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    from gopatch.recipe.read import load, names

    patches = [load(name) for name in names()]
    if arguments.json:
        table = [
            {
                "name": p.name,
                "title": p.title,
                "why": p.why,
                "security": p.security,
                "edits": [
                    {
                        "edit": e.name,
                        "title": e.title,
                        "group": e.group,
                        "needs": list(e.needs),
                        "helper": e.helper,
                        "variants": list(e.forms),
                    }
                    for e in p.edits
                ],
            }
            for p in patches
        ]
        write_json(table)
        return 0
    for patch in patches:
        lines = [f"{patch.name}: {patch.title}"]
        lines += [f"  {line}" if line else "" for line in patch.why.split("\n")]
        for edit in patch.edits:
            kind = f"{edit.group}, helper" if edit.helper else edit.group
            lines.append(f"  {edit.name} ({kind}): {edit.title}")
            lines += [f"    {form}" for form in edit.forms]
        write(("\n".join(lines) + "\n\n").encode())
    return 0
