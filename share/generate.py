"""Write the man page and the completions of bash, zsh and fish from the parser.

    python share/generate.py [FOLDER]

What is written is committed and shipped, so that a package is built without these tools; a test
compares the two. Needs shtab and argparse-manpage (`pip install -e '.[dev]'`).
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage

from gopatch import __version__, output, verify
from gopatch.cli import commands
from gopatch.cli.parser import EXAMPLES, parser
from gopatch.recipe.read import names
from gopatch.recipe.values import GROUPS

COMPLETIONS = {
    "bash": "bash-completion/completions/gopatch",
    "zsh": "zsh/site-functions/_gopatch",
    "fish": "fish/vendor_completions.d/gopatch.fish",
}
MAN = "man/man1/gopatch.1"

# The refs of the repository that the line names already.
_LISTED = (
    "git -C \"$src\" for-each-ref --format='%(refname:short)' refs/tags refs/heads 2>/dev/null"
)
REFS = {
    "bash": "_gopatch_refs",
    "zsh": "_gopatch_refs",
    "fish": "(_gopatch_refs)",
    "preamble": {
        "bash": f"""_gopatch_refs() {{
  local i src=.
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${{COMP_WORDS[i]}} == --docker-src ]] && src=${{COMP_WORDS[i + 1]}}
  done
  compgen -W "$({_LISTED})" -- "$1"
}}""",
        "zsh": f"""_gopatch_refs() {{
  local src=${{words[${{words[(i)--docker-src]}} + 1]}}
  compadd -- ${{(f)"$({_LISTED})"}}
}}""",
        "fish": f"""function _gopatch_refs
  set -l src .
  set -l words (commandline -opc)
  if set -l at (contains -i -- --docker-src $words)
    set src $words[(math $at + 1)]
  end
  {_LISTED}
end""",
    },
}
# A patch that comes along, or a file.
PATCH = {
    "bash": "_gopatch_patches",
    "zsh": "_gopatch_patches",
    "fish": f"{' '.join(names())} (__fish_complete_path (commandline -ct))",
    "preamble": {
        "bash": f"""_gopatch_patches() {{
  compgen -W "{" ".join(names())}" -- "$1"
  compgen -f -- "$1"
}}""",
        "zsh": f"""_gopatch_patches() {{
  compadd -- {" ".join(names())}
  _files
}}""",
    },
}
FILES = {"docker_src", "output", "against", "verdicts", "daemon_json"}
WORDS = {
    "format": output.names(),
    "by": verify.names(),
    "only": [*GROUPS],
    "without": [*GROUPS],
}


def completed(top: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser, told what its arguments complete to."""
    for action in top._actions:
        if isinstance(action.choices, dict):
            for sub in action.choices.values():
                completed(sub)
        elif action.dest in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.dest in ("ref", "patch"):
            action.complete = REFS if action.dest == "ref" else PATCH  # type: ignore[attr-defined]
        elif action.dest in WORDS:
            action.choices = WORDS[action.dest] or None
    return top


def man() -> str:
    """The man page, the same on every day and in every terminal."""
    top = parser()
    top.epilog = None
    page = Manpage(top)
    page.date = ""
    page.source = f"gopatch {__version__}"
    page.manual = "User Commands"
    page.description = "one change to Docker's Go source, written for any Docker source"
    page.add_section("examples", "=", _examples())
    page.add_section("exit status", "=", _terms(STATUS))
    page.add_section("environment", "=", _terms(ENVIRONMENT))
    page.add_section("see also", "=", ".BR git\\-apply (1),\n.BR patch (1),\n.BR quilt (1)")
    return str(page)


STATUS = {
    "0": "Done, or already applied.",
    "1": "The patch does not apply, or its result is not right; nothing was written.",
    "2": "Wrong usage, or an input that cannot be read.",
}
ENVIRONMENT = {
    "NO_COLOR": "Where it is set and not empty, nothing is coloured.",
    "TERM": "Where it is dumb, nothing is coloured and no progress is shown.",
    "COLUMNS": "The width that tables are folded at on a terminal.",
    "SOURCE_DATE_EPOCH": "The date of a commit or a mail, in seconds since 1970.",
    "XDG_CACHE_HOME": "Where ports are kept between runs (~/.cache), in a folder gopatch.",
    "GOPATCH_NO_CACHE": "Where it is set and not empty, everything is worked out anew.",
}


def _examples() -> str:
    modules = [import_module(f"gopatch.cli.commands.{name}") for name in commands.names()]
    pairs = [*EXAMPLES, *(pair for module in modules for pair in module.EXAMPLES)]
    return "\n".join(
        f".TP\n{_roff(f'{words[0].upper()}{words[1:]}')}\n.nf\n{_roff(command)}\n.fi"
        for words, command in pairs
    )


def _terms(terms: dict[str, str]) -> str:
    return "\n".join(f".TP\n.B {name}\n{_roff(text)}" for name, text in terms.items())


def _roff(text: str) -> str:
    """Text as it is: a hyphen is a minus, and no line starts with a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def generated() -> dict[str, str]:
    """Every file, by its path below `share`."""
    os.environ["COLUMNS"] = "9999"  # whoever shows it breaks the lines
    os.environ["NO_COLOR"] = "1"
    files = {
        path: shtab.complete(completed(parser()), shell) for shell, path in COMPLETIONS.items()
    }
    return files | {MAN: man()}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for path, text in generated().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
