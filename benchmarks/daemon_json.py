"""Hold the model's reading of daemon.json against Docker's own reader, on generated files.

    python benchmarks/daemon_json.py CLONE_OF_MOBY REF [--go GO] [--count N] [--seed S] [--work DIR]

The reader is compiled from daemon/config of that ref, with a flag set of the names that gopatch read
off it: v17.06 to v28. Its messages are those of the Go that compiles it, so take one that the release
was built with; prints how many files there were, and each that is read otherwise.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gopatch.go.net import go_rules
from gopatch.model import ConfigRules, ModelError, read_config_rules, read_daemon_json
from gopatch.source import open_source
from gopatch.source.roots import find_roots, join
from gopatch.verify._go.layouts import GoSetting, prepared
from gopatch.verify._go.toolchain import find_go, run
from gopatch.verify._go.workspace import Workspace, overlay

HERE = Path(__file__).parent
KEYS = (
    *("insecure-registries", "registry-mirrors", "insecure-registry", "debug", "log-level", "dns"),
    *(
        "hosts",
        "log-opts",
        "mtu",
        "max-concurrent-uploads",
        "Debug",
        "unknown",
        "tlsverify",
        "labels",
    ),
    *("features", "builder", "proxies", "http-proxy", "default-gateway", "bip", "version", "help"),
    *("default-runtime", "default-cgroupns-mode", "node-generic-resources", "default-shm-size"),
    *(
        "api-cors-header",
        "disable-legacy-registry",
        "tls",
        "x",
        "",
        "swarm-raft-heartbeat-tick",
        "group",
    ),
)
# What a value must be where its type is another package's is not read: runtimes, default-ulimits.
GOOD = (
    ("insecure-registries", '["a"]'),
    ("insecure-registries", '["10.0.0.0/8", "b:5000"]'),
    ("registry-mirrors", '["http://m"]'),
    ("debug", "true"),
    ("hosts", '["unix://"]'),
    ("log-opts", '{"max-size": "1m"}'),
    ("x", '{"insecure-registries": ["n"], "debug": false}'),
    ("features", '{"buildkit": true}'),
    ("mtu", "1400"),
)
VALUES = (
    *(
        "true",
        "false",
        "null",
        "1",
        "0",
        "-1",
        "1.5",
        "1e3",
        "1e400",
        "NaN",
        '""',
        '"a"',
        '"true"',
        "[]",
    ),
    *(
        '["a"]',
        '["a","b"]',
        "[1]",
        "[null]",
        "{}",
        '{"a":"b"}',
        '{"a":1}',
        '{"debug":true}',
        '"10.0.0.1"',
    ),
    *(
        '["10.0.0.1"]',
        '{"insecure-registries":["n"]}',
        '{"http-proxy":"http://p"}',
        "tru",
        '"a',
        '"\\ud800"',
    ),
    *(
        '"\\x"',
        "01",
        "-",
        '{"enabled":1}',
        '{"gc":{"enabled":"x"}}',
        "[[]]",
        '"1"',
        '["\u00e9"]',
        "999999999999",
    ),
    *('"0"', '"runc"', '"host"', '"a.b"', '"/a.b"', '".a"', '"64M"', '"64 kib"', '"1.5x"', '"-1"'),
    *('"1e3g"', '"1 "', '["a=1"]', '["a=b","a=c"]', '["a=b","a=1"]', '["a=-1"]', '["a","b=1"]'),
    *(
        '"1.2.3"',
        '["a= 1 "]',
    ),
)
AROUND = (*("",) * 30, "\n", " \n", "x", "{}", "\n{}", "]", "\x00", "\u00a0", ",", "//c")
MARKS = (*(b"",) * 20, b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" ", b"\n")


def files(dice: random.Random, count: int) -> Iterator[bytes]:
    """Files that are nearly right, for the most part."""
    fixed = ("", " ", "null", "[]", '"a"', "1", "{", "{}", "{,}", "{a}", "nul", "\u00a0", "{}\n{}")
    yield from (text.encode() for text in fixed)
    for _ in range(count - len(fixed)):
        pairs = [_pair(dice) for _ in range(dice.choice((0, 1, 1, 1, 2, 2, 3)))]
        comma = dice.choice((", ", ",", ",", ",\n", " ", ",,")) if dice.random() < 0.1 else ", "
        text = "{" + comma.join(pairs) + dice.choice(("}",) * 20 + (",}", "")) + dice.choice(AROUND)
        mark = dice.choice(MARKS)
        encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(mark, "utf-8")
        data = mark + text.encode(encoding)
        if dice.random() < 0.05:
            data = data.replace(b"a", b"\xff", 1)
        yield data


def _pair(dice: random.Random) -> str:
    """A key and its value, two times of three as they should be."""
    key, value = dice.choice(GOOD)
    if dice.random() < 0.33:
        key, value = dice.choice(KEYS), dice.choice(VALUES)
    colon = dice.choice((":", ": ", " ", "::")) if dice.random() < 0.02 else ": "
    return f'"{key}"{colon}{value}'


def given(dice: random.Random) -> dict[str, str]:
    """Flags on the command line."""
    chosen = {"insecure-registry": "f", "registry-mirror": "http://m/", "debug": "true"}
    return {name: value for name, value in chosen.items() if dice.random() < 0.1}


def build(space: Workspace) -> Path:
    test = (HERE / "daemon_json_test.go").read_bytes()
    over = overlay(space, "daemon-json", {"daemon/config/gopatch_test.go": test})
    program = space.work / "daemon-json.test"
    ran = space.tool(
        ["test", "-vet=off", "-c", "-o", str(program), f"{space.package}/daemon/config"], over
    )
    if ran.code:
        sys.exit(ran.err[-2000:])
    return program


def ask(space: Workspace, program: Path, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked, answered = (program.with_suffix(f".{name}.json") for name in ("cases", "answers"))
    asked.write_text(json.dumps(cases))
    env = {**space.env, "GOPATCH_CASES": str(asked), "GOPATCH_ANSWERS": str(answered)}
    command = [str(program), "-test.run=^TestGopatchDaemonJSON$"]
    ran = run(command, space.work, env, 600)
    if ran.code:
        sys.exit((ran.out + ran.err)[-2000:])
    found: list[dict[str, Any]] = json.loads(answered.read_bytes())
    return found


def model(data: bytes, rules: ConfigRules, flags: dict[str, str], go: str) -> dict[str, Any]:
    printed = {name: f"[{value}]" if name != "debug" else value for name, value in flags.items()}
    try:
        found = read_daemon_json(data, rules, printed, go=go_rules(go))
    except ModelError as error:
        return {"Error": _said(str(error))}
    options = found.options
    return {
        "Error": "",
        "Present": sorted(found.present),
        "Mirrors": list(options.mirrors),
        "Listed": list(options.insecure_registries),
    }


def _said(error: str) -> str:
    """Which of two values of a key counts that stands at the top and inside, Go's maps leave open."""
    return re.sub(r"from file: .*?\)", "from file", error)


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """Docker's answer in the model's words; unknown keys come in the order of a Go map."""
    head, colon, keys = answer["Error"].partition("don't match any configuration option: ")
    if answer["Error"]:
        return {
            "Error": head + colon + ", ".join(sorted(keys.split(", "))) if colon else _said(head)
        }
    return {
        "Error": "",
        **{name: answer[name] or [] for name in ("Present", "Mirrors", "Listed")},
    }


def compared(
    held: list[tuple[tuple[bytes, dict[str, str]], dict[str, Any]]], rules: ConfigRules, go: str
) -> str:
    """Print what differs, and say how much that is."""
    wrong = refused = 0
    for (data, more), answer in held:
        docker, ours = told(answer), model(data, rules, more, go)
        refused += bool(docker["Error"])
        if docker != ours:
            wrong += 1
            print(data, more, f"docker: {docker}", f"model: {ours}", sep="\n  ")
    return f"{len(held)} files, {refused} refused, {wrong} read otherwise"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repository")
    parser.add_argument("ref")
    parser.add_argument("--go")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    source = open_source(arguments.repository, arguments.ref)
    engine = find_roots(source).engine or ""
    go = find_go(arguments.go)
    arguments.work.mkdir(parents=True, exist_ok=True)

    def read(path: str) -> bytes | None:
        full = join(engine, path)
        return source.read(full) if source.entry(full) is not None else None

    rules = read_config_rules(read)
    flags = [f._asdict() for f in rules.flags]
    dice = random.Random(arguments.seed)
    asked = [(data, given(dice)) for data in files(dice, arguments.count)]
    cases = [
        {
            "Data": base64.b64encode(data).decode(),
            "Flags": [{k.capitalize(): v for k, v in flag.items()} for flag in flags],
            "Given": more,
        }
        for data, more in asked
    ]
    with prepared(source, engine, GoSetting(go, arguments.work, 2)) as space:
        answers = ask(space, build(space), cases)
    held = list(zip(asked, answers, strict=True))
    print(f"{arguments.ref}, {go}: {compared(held, rules, '.'.join(map(str, go.version)))}")


if __name__ == "__main__":
    main()
