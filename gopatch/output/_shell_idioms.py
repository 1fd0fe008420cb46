"""A shell's text -> the same as plain steps: what is only said or tried is gone, loops are `for` loops or unrolled.

Nothing of it is run. What a step is tried for stays as a word: `tried`, which either answer may follow, and
`unapplied`, what follows which leaves the patch applied.
"""

from __future__ import annotations

import re

from gopatch.output._recipe_words import DONE, between, rewritten
from gopatch.output._shell_functions import inlined

_SAYS = re.compile(
    r"""\b(?:echo|printf|msg2?|warning|einfo)[ \t](?:"(?:\\.|[^"])*"|'[^']*'|[^;&|"'\n])*(?![^\n]*\|)"""
)
_WORDS = r"(?:[^\n;&|]|>&|&>)*?"  # of one command
_TRIAL = re.compile(
    rf"(?P<no>!\s*)?(?:(?<![\w.-])|%\{{__)(?:patch|git)\b(?P<words>{_WORDS}\s--(?:dry-run|check|stat)(?![\w-]){_WORDS})"
    r"(?P<end>\s*(?:;|\n|&&|\|\|?|$))"
)
_BACKWARDS = re.compile(r"\s(-[a-zA-Z]*R\w*|--reverse)(\s|$)")
_ALL = r"(?<![^\n;&|])(?>[^\n;&|]*?\*\.patch\b)"  # whatever lists them
_APPLIER = r"(?P<applies>(?:patch|git)\b[^\n;&|]*?)"
_OVER_ALL = (
    rf"{_ALL}[^\n;&|]*?\s-exec\s+{_APPLIER}[ \t]*(?:\\;|;|\+)[ \t]*$",
    rf"{_ALL}[^\n;&]*?\|\s*xargs\b[^\n;&|]*?\s{_APPLIER}[ \t]*$",
    rf"\bcat\s(?>[^\n;&|]*?\*\.patch\b)[^\n;&|]*\|\s*{_APPLIER}[ \t]*$",
)
_READ = re.compile(rf"(?m){_ALL}[^\n;&]*?\|\s*while\s+(?:IFS=\S*\s+)?read\s+(?:-r\s+)?(\w+)")
_LOOP = re.compile(r"\bfor\s+(\w+)\s+in\s+([^\n;*$`]+?)\s*[;\n]\s*do\b")
_MOST = 20_000  # characters of a loop written out


def plain(shell: str) -> str:
    """A shell's text as plain steps."""
    shell = inlined(_without_documents(shell))
    shell = _TRIAL.sub(_tried, _SAYS.sub("", shell))
    for form in _OVER_ALL:
        shell = re.sub(f"(?m){form}", r"for p in *.patch; do \g<applies> $p; done", shell)
    shell = _READ.sub(r"for \1 in *.patch", shell)
    return rewritten(shell, between(shell, _LOOP, DONE), _unrolled)


def _without_documents(text: str) -> str:
    """Without what a shell only hands on: what follows `<<EOF`, to the line `EOF`."""
    lines = text.split("\n")
    ends = {line.lstrip("\t") for line in lines}
    out: list[str] = []
    end = None
    for line in lines:
        if end is not None:
            end = None if line.lstrip("\t") == end else end
            continue
        out.append(line)
        found = re.search(r"(?<!<)<<-?\s*[\"']?([A-Za-z_]\w*)", line)
        end = found[1] if found and found[1] in ends else None
    return "\n".join(out)


def _tried(found: re.Match[str]) -> str:
    """What is left of a trial. Where the patch can be taken off it is applied already."""
    backwards = _BACKWARDS.search(found["words"])
    if backwards and found["no"]:
        return f"unapplied{found['end']}"
    if backwards and found["end"].strip() == "||":
        return ""
    return f"{found['no'] or ''}tried{found['end']}"


def _unrolled(loop: str) -> str:
    """The steps of a loop over words, one after the other; of one that would grow too much, itself."""
    head = _LOOP.match(loop)
    name, names = (head[1], head[2].split()) if head else ("", [])
    words = [word for one in names for word in _braces(one)]
    body = loop[head.end() : -len("done")] if head else ""
    if len(words) * len(body) > _MOST:
        return loop
    one = re.compile(rf"\$(?:\{{{name}\}}|{name}\b)")
    return "\n".join(one.sub(word.replace("\\", r"\\"), body) for word in words)


def _braces(word: str) -> list[str]:
    """What `a{b,c}d` stands for: abd, acd."""
    found = re.fullmatch(r"([^{}]*)\{([^{},]*(?:,[^{},]*)+)\}([^{}]*)", word)
    return [found[1] + part + found[3] for part in found[2].split(",")] if found else [word]
