"""How long `gopatch apply` takes on a checked-out tree, as a ratio to importing tree-sitter.

python benchmarks/startup.py DOCKER_SRC [RUNS]

`apply` is a whole process, so its floor is one, too: Python starts, and imports tree_sitter and its grammar.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile

# An installed package has its byte code; a checkout gets it in the first run, unless this is set.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ANEW = {**ENVIRONMENT, "GOPATCH_NO_CACHE": "1"}


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Of CPU, which is nearly the same however busy the machine is."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    source = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    floor = [sys.executable, "-c", "import tree_sitter, tree_sitter_go"]
    script = (
        "from gopatch.cli.main import entry_point; entry_point()"  # as that of an installed one
    )
    apply = [sys.executable, "-c", script, "apply", "--docker-src", source]
    with tempfile.TemporaryDirectory() as home:
        kept = {**ENVIRONMENT, "XDG_CACHE_HOME": home}
        cases = [(floor, ENVIRONMENT), (apply, kept), (apply, ANEW)]
        for case in cases:  # fill the file cache, write the byte code
            seconds(*case)
        # In turns, and the best of each: what else the machine does only ever adds.
        rounds = [[seconds(*case) for case in cases] for _ in range(runs)]
    base, again, anew = (min(times) for times in zip(*rounds, strict=True))
    print(f"the floor, a process that imports tree-sitter and its grammar, is {base:.3f} s")
    print(f"apply takes {again / base:.2f} times the import of tree-sitter")
    print(f"apply takes {anew / base:.2f} times the import where nothing is kept between runs")


if __name__ == "__main__":
    main()
