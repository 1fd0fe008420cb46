"""How long `gopatch apply` takes on a checked-out tree, as a ratio to importing tree-sitter.

python benchmarks/startup.py DOCKER_SRC [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def seconds(command: list[str], runs: int) -> float:
    """The median time of a command."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    source = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    floor = [sys.executable, "-c", "import tree_sitter, tree_sitter_go"]
    apply = [sys.executable, "-m", "gopatch", "apply", "--docker-src", source]
    for command in (floor, apply):
        seconds(command, 2)
    base = seconds(floor, runs)
    print(f"apply takes {seconds(apply, runs) / base:.2f} times the import of tree-sitter")


if __name__ == "__main__":
    main()
