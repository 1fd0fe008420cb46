"""Run `gopatch backport` over pairs of (original, backport) commits in one process, and compare.

    benchmarks/backport.py REPO PAIRS.tsv [--failing | --exact | --all] [--sample N] [--seed N] [--keep DIR]

PAIRS.tsv has the columns original, original_parent, backport, backport_parent, class, pick. The letters:
E exact, W but for white space, T but for tests, D differs, F refused, X a fault of gopatch. What is held
against the person's commit is Go outside vendor.
"""

from __future__ import annotations

import argparse
import collections
import csv
import random
import sys
import time
import traceback
from pathlib import Path

from gopatch.backport.change import of_commit
from gopatch.backport.work import backport, is_vendored
from gopatch.output.diff import unified
from gopatch.source.gitref import GitRef, Repository


def is_go(path: str) -> bool:
    return path.endswith(".go") and not path.endswith(".pb.go") and not is_vendored(path)


def judge(row: dict[str, str], repository: Repository, score) -> tuple[str, object]:
    target = GitRef(repository, row["backport_parent"])
    done = backport(of_commit(repository, row["original"]), target)
    if done.refusals:
        return "F", done
    GitRef(repository, row["backport"])
    touched = {c.path: c.after for c in done.changes if is_go(c.path)}
    paths = set(score.touched(row["backport_parent"], row["backport"]))
    paths |= set(score.touched(row["original_parent"], row["original"]))
    got = {p: (target.read(p) if target.entry(p) else None) for p in paths}
    got.update(touched)
    return score_outcome(got, score, row), done


def score_outcome(got, score, row):
    return score.outcome(got, score.repository, row["backport_parent"], row["backport"])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository")
    parser.add_argument("score", type=Path, help="the folder of score.py and its pairs")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--failing", action="store_true")
    which.add_argument("--exact", action="store_true")
    which.add_argument("--real-exact", action="store_true")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(options.score))
    import score

    score.repository = score.Repository(options.repository)
    score.touched = score.repository.touched
    rows = list(csv.DictReader((options.score / "dev.tsv").open(newline=""), delimiter="\t"))
    rows = [
        r
        for r in rows
        if (not options.failing or r["pick"] == "F")
        and (not options.exact or r["pick"] == "E")
        and (not options.real_exact or (r["pick"] == "E" and r["class"] != "blobs"))
    ]
    if options.sample and options.sample < len(rows):
        rows = random.Random(options.seed).sample(rows, options.sample)
    part, parts = map(int, options.part.split("/"))
    rows = rows[part::parts]
    repository = Repository(options.repository)
    counts: collections.Counter[str] = collections.Counter()
    classes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    start = time.process_time()
    for number, row in enumerate(rows):
        begun = time.process_time()
        done = None
        try:
            letter, done = judge(row, repository, score)
        except Exception:
            letter = "X"
            said = traceback.format_exc()
        counts[letter] += 1
        classes[row["class"]][letter] += 1
        seconds = time.process_time() - begun
        reason = ""
        if letter == "F" and done:
            reason = str(done.refusals[0])[:150]
        elif letter == "X":
            reason = said.strip().split("\n")[-1][:150]
        if letter != "E" or seconds > 3:
            print(
                letter,
                row["class"],
                row["original"][:10],
                row["backport"][:10],
                f"{seconds:.1f}",
                reason,
                flush=True,
            )
        if options.keep and letter != "E":
            folder = (
                options.keep
                / f"{letter}-{row['class']}-{row['original'][:10]}-{row['backport'][:10]}"
            )
            folder.mkdir(parents=True, exist_ok=True)
            theirs = score.touched(row["original_parent"], row["original"])
            ours = score.touched(row["backport_parent"], row["backport"])
            git = score.repository.git
            (folder / "original.diff").write_bytes(
                git("diff", "--no-renames", row["original_parent"], row["original"], "--", *theirs)
            )
            (folder / "human.diff").write_bytes(
                git("diff", "--no-renames", row["backport_parent"], row["backport"], "--", *ours)
            )
            if letter == "X":
                (folder / "stderr").write_text(said)
            else:
                (folder / "answer.diff").write_bytes(unified(done.changes))
                (folder / "stderr").write_text(
                    "\n".join(f"{r} {r.hint}" for r in done.refusals)
                    + "\n"
                    + "\n".join(
                        map(
                            str,
                            [
                                (
                                    p.path if hasattr(p, "path") else p.origin,
                                    p.rung,
                                    p.edits,
                                    p.adaptations,
                                )
                                for p in done.files
                            ],
                        )
                    )
                )
        if number % 50 == 49:
            repository._blobs.clear()
    print(
        len(rows), dict(counts), f"{(time.process_time() - start) / max(1, len(rows)):.2f} s each"
    )
    for name, found in classes.items():
        print(f"  {name:10} {dict(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
