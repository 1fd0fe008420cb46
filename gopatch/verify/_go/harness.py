"""The harness: a test file compiled into the registry package, which is asked case by case.

`harness.go` is the same for every source; what has to be spelled differently is read off the
package's text here, and becomes a second, small file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.verify._go.toolchain import run
from gopatch.verify._go.workspace import Workspace, overlay

FILES = ("harness", "traffic", "common", "servers")
SHAPE = "gopatch_shape_test.go"
_TIMEOUT = 600.0


class UnfitError(Exception):
    """The package has no place for the harness, or does not compile with it; says why."""


class Harness(NamedTuple):
    """A compiled harness: a program that reads cases and writes answers."""

    workspace: Workspace
    program: Path
    folder: Path


def build(
    workspace: Workspace,
    name: str,
    registry: str,
    files: Mapping[str, bytes | None],
    package: Mapping[str, bytes],
) -> Harness:
    """Compile the harness into the registry package, without the package's own tests.

    `registry` is the package's folder below the engine root, `files` what differs from the source
    there, `package` the package's files as they then are, by name. Raises UnfitError.
    """
    texts = {
        file: data.decode("utf-8", "replace")
        for file, data in package.items()
        if not file.endswith("_test.go")
    }
    hidden = {f"{registry}/{file}": None for file in package if file.endswith("_test.go")}
    ours = {f"{registry}/{SHAPE}": shape(texts).encode(), **written(registry, "registry", FILES)}
    return compiled(workspace, name, registry, {**files, **hidden, **ours})


def written(folder: str, package: str, names: Sequence[str]) -> dict[str, bytes]:
    """The harness's own files, for a package of that name."""
    return {
        f"{folder}/gopatch_{name}_test.go": Path(__file__)
        .with_name(f"{name}.go")
        .read_bytes()
        .replace(b"package registry", f"package {package}".encode(), 1)
        for name in names
    }


def compiled(
    workspace: Workspace, name: str, package: str, files: Mapping[str, bytes | None]
) -> Harness:
    """Compile the tests of a package, with these files laid over the source. Raises UnfitError."""
    over = overlay(workspace, f"harness-{name}", files)
    folder = workspace.work / "harness"
    folder.mkdir(exist_ok=True)
    program = folder / f"{name}.test"
    ran = workspace.test_program(package, program, over)
    if ran.code != 0 or not program.is_file():
        raise UnfitError((ran.err or ran.out).strip()[:2000])
    return Harness(workspace, program, folder)


def ask(
    harness: Harness, cases: Sequence[Mapping[str, Any]], test: str = "TestGopatchHarness"
) -> list[dict[str, Any]]:
    """The answers of the source's own code to `cases`, in their order. Raises UnfitError."""
    return ask_and_log(harness, cases, test)[0]


def ask_and_log(
    harness: Harness, cases: Sequence[Mapping[str, Any]], test: str
) -> tuple[list[dict[str, Any]], str]:
    """The same, and what the daemon logs meanwhile: to stdout by the logrus of v1.5 to v1.7.

    No proxy of this machine comes between the code and the servers that it is led to.
    """
    given = harness.program.with_suffix(".cases.json")
    # One of a run that was killed may still be answering that run.
    answers = harness.program.with_suffix(f".{os.getpid()}.json")
    given.write_text(json.dumps(list(cases)))
    answers.unlink(missing_ok=True)
    env = {
        **{k: v for k, v in harness.workspace.env.items() if not k.lower().endswith("_proxy")},
        "GOPATCH_CASES": str(given),
        "GOPATCH_ANSWERS": str(answers),
    }
    command = [str(harness.program), f"-test.run=^{test}$"]
    ran = run(command, harness.folder, env, _TIMEOUT, as_one=True)
    if ran.code != 0 or not answers.is_file():
        raise UnfitError(f"the harness ended with exit code {ran.code}: {ran.out[-2000:]}")
    found = json.loads(answers.read_bytes())
    answers.unlink()
    assert isinstance(found, list)
    assert len(found) == len(cases)
    return found, ran.out


def shape(texts: Mapping[str, str]) -> str:
    """The second file, for a package of these files. Raises UnfitError where something is not there."""
    whole = "\n".join(texts.values())
    for name in ("NewService", "LookupPullEndpoints", "LookupPushEndpoints"):
        if not re.search(rf"^func (?:\([^)]*\) )?{name}\(", whole, re.MULTILINE):
            raise UnfitError(f"the package has no {name}")
    if not re.search(r"^(?:var |\t)lookupIP\s*=", whole, re.MULTILINE):
        raise UnfitError(
            "the package has no variable lookupIP, so that names would really be resolved"
        )
    imports: dict[str, str] = {}
    lines = [line for line in (_secure(whole), _v2_only(whole)) if line]
    lines += list_shape(texts, imports)
    types = named_shape(texts, imports, r"\) LookupPullEndpoints\(\w+ (\w+)\.Named\)")
    if types:
        lines.append(
            "\tgopatchShape.named = func(text string) reflect.Value {\n"
            "\t\treturn reflect.ValueOf(gopatchNamed{full: text})\n\t}"
        )
    if "reflect." in "".join(lines):
        imports["reflect"] = "reflect"
    header = "".join(f'\t{name} "{path}"\n' for name, path in sorted(imports.items()))
    block = f"import (\n{header})\n\n" if header else ""
    body = "\n".join(lines)
    return f"package registry\n\n{block}{types}func init() {{\n{body}\n}}\n"


def _secure(whole: str) -> str:
    found = re.search(r"^func (?:\(\w+ (\*?\w+)\) )?isSecureIndex\(", whole, re.MULTILINE)
    if found is None:
        return ""
    name = f"({found[1]}).isSecureIndex" if found[1] else "isSecureIndex"
    return f"\tgopatchShape.secure = {name}"


def _v2_only(whole: str) -> str:
    is_variable = re.search(r"^(?:var |\t)V2Only\s*=", whole, re.MULTILINE)
    return "\tgopatchShape.v2Only = &V2Only" if is_variable else ""


def list_shape(texts: Mapping[str, str], imports: dict[str, str]) -> list[str]:
    """Lists of registries that are a type of another package: opts.ListOpts up to v1.10."""
    for text in texts.values():
        found = re.search(r"^\tInsecureRegistries\s+(\w+)\.ListOpts\b", text, re.MULTILINE)
        if found:
            imports["opts"] = _import(text, found[1])
            return [
                "\tgopatchShape.list = func(values []string) reflect.Value {\n"
                "\t\tlist := opts.NewListOpts(nil)\n"
                "\t\tfor _, value := range values {\n"
                "\t\t\tif err := list.Set(value); err != nil {\n\t\t\t\tpanic(err)\n\t\t\t}\n"
                "\t\t}\n\t\treturn reflect.ValueOf(list)\n\t}"
            ]
    return []


def named_shape(texts: Mapping[str, str], imports: dict[str, str], where: str) -> str:
    """A repository's name as a type: reference.Named in v1.10, where a pattern finds it."""
    for text in texts.values():
        found = re.search(where, text, re.MULTILINE)
        if found:
            imports["reference"] = _import(text, found[1])
            imports["strings"] = "strings"
            return (
                "type gopatchNamed struct {\n\treference.Named\n\tfull string\n}\n\n"
                "func (n gopatchNamed) Name() string     { return n.full }\n"
                "func (n gopatchNamed) String() string   { return n.full }\n"
                "func (n gopatchNamed) FullName() string { return n.full }\n"
                'func (n gopatchNamed) RemoteName() string { return strings.SplitN(n.full, "/", 2)[1] }\n'
                'func (n gopatchNamed) Hostname() string { return strings.SplitN(n.full, "/", 2)[0] }\n\n'
                "type gopatchTagged struct{ gopatchNamed }\n\n"
                'func (gopatchTagged) Tag() string { return "latest" }\n\n'
            )
    return ""


def _import(text: str, name: str) -> str:
    found = re.search(rf'^\t(?:{name} )?"(\S*?/{name})"|^\t{name} "(\S+)"', text, re.MULTILINE)
    if found is None:
        raise UnfitError(f"no import is called {name}")
    return found[1] or found[2]
