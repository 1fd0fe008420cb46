"""The judge `model` on wrong ports: each mutant of a patched source is condemned.

A mutant is a change of the patched files. Equivalent ones, which change nothing that a daemon
does, are at the end with the reason why: those must pass.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.source.overlay import Overlay
from gopatch.source.roots import walk
from gopatch.splice import FileChange
from gopatch.verify import Opinion
from gopatch.verify.model import judge
from tests.conftest import FIXTURES
from tests.drawing import one_of

pytestmark = pytest.mark.thorough

LAYOUTS = ("v1.8.3", "v1.13.1", "v17.12.1-ce", "v20.10.27", "docker-v29")
WITH_V1 = ("v1.8.3", "v1.13.1", "v17.12.1-ce")
URLS = ("v1.13.1", "v17.12.1-ce", "v20.10.27", "docker-v29")
TEXTS = ("v1.8.3",)
WITH_VERSION = ("v1.8.3", "v1.13.1", "v17.12.1-ce", "v20.10.27")
RELOADED = ("v1.13.1", "v17.12.1-ce", "v20.10.27", "docker-v29")
WITH_KEYS = ("v1.13.1", "v17.12.1-ce", "v20.10.27", "docker-v29")

GUARD = r"if (s\.\w+) && (!IsDockerHub\((\w+)\)) \|\| (tlsConfig\.InsecureSkipVerify) \{"
HTTP = r"(if s\.\w+ && .*\{\n(?:.*\n)*?.*?)"
OTHER_HTTP = r"\n(\tif s\.\w+ && (?:.|\n)*?\n\t\}\n)"
FLAG = r"BoolVar\(&(\w+)\.AcceptInsecureRegistry, (.*?), false,"
CARRIED = r"acceptInsecureRegistry:\s+(options != nil && )?options\.AcceptInsecureRegistry"


class Mutant(NamedTuple):
    """`file` ends the path of the file that is changed; "flag" is the file with the flag. `says` is what
    names the fault, or several of which one does; `doubted` are layouts where a port can only be doubted:
    it is no Go, or another type, and what it does is not to be said."""

    name: str
    file: str
    old: str
    new: str
    layouts: tuple[str, ...] = LAYOUTS
    says: str = ""
    doubted: tuple[str, ...] = ()


def _guards(name: str, old: str, new: str, says: str = "the smallest case") -> list[Mutant]:
    return [
        Mutant(f"{name}, V2", "service_v2.go", old, new, LAYOUTS, says),
        Mutant(f"{name}, V1", "service_v1.go", old, new, WITH_V1, says),
    ]


MUTANTS = [
    *_guards("and for or", GUARD, r"if \1 && \2 && \4 {"),
    *_guards("option negated", GUARD, r"if !\1 && \2 || \4 {"),
    *_guards("Docker Hub's test negated", GUARD, r"if \1 && IsDockerHub(\3) || \4 {"),
    *_guards("for Docker Hub too", GUARD, r"if \1 || \4 {"),
    *_guards("guard forgotten", GUARD, r"if \4 {"),
    *_guards("listed registries forgotten", GUARD, r"if \1 && \2 {"),
    *_guards("TLS test negated", GUARD, r"if \1 && \2 || !\4 {"),
    *_guards("always", GUARD, r"if true || \1 && \2 || \4 {"),
    *_guards("never", GUARD, r"if false && (\1 && \2 || \4) {"),
    *_guards("Docker Hub asked for another name", GUARD, r'if \1 && !IsDockerHub("x") || \4 {'),
    *_guards("braces elsewhere", GUARD, r"if \1 && (\2 || \4) {"),
    *_guards("only without TLS checks off", GUARD, r"if \1 && \2 && !\4 || \4 && false {"),
    *_guards("listed ones lose HTTP once the option is on", GUARD, r"if \1 && \2 || !\1 && \4 {"),
    *_guards(
        "InsecureSkipVerify set", GUARD, "if \\1 {\n\t\ttlsConfig.InsecureSkipVerify = true\n\t}\n\tif \\1 && \\2 || \\4 {"
    ),
    *_guards("http added twice", OTHER_HTTP, r"\n\1\1"),
    *_guards("guard and body gone", OTHER_HTTP, r"\n"),
    *_guards("https is what is added", HTTP + r'(http)(["\:])', r"\1https\3"),
    Mutant("version of the other protocol", "service_v2.go", HTTP + r"APIVersion[12]", r"\1APIVersion(7)", WITH_VERSION),
    Mutant("http before https", "service_v2.go", r"\n\treturn endpoints, nil\n\}", "\n\tif len(endpoints) == 2 {\n\t\tendpoints[0], endpoints[1] = endpoints[1], endpoints[0]\n\t}\n\treturn endpoints, nil\n}"),
    Mutant("http alone", "service_v2.go", r"\n\treturn endpoints, nil\n\}", "\n\treturn endpoints[len(endpoints)-1:], nil\n}"),
    Mutant("another host", "service_v2.go", r'"http",\n(\s+)Host:   hostname', r'"http",\n\1Host:   "evil.test"', URLS),
    Mutant("another host, as text", "service_v2.go", r'"http://" \+ hostname', r'"http://" + hostname + ".test"', TEXTS),
    Mutant("a port of its own", "service_v2.go", r'"http",\n(\s+)Host:   hostname', r'"http",\n\1Host:   hostname + ":80"', URLS),
    Mutant("mirrors over http", "service_v2.go", r"(\n\t+)(\w+TLSConfig, err := )", r'\1if s.acceptInsecureRegistry {\1\tmirrorURL.Scheme = "http"\1}\1\2', URLS),
    Mutant("mirrors over http, as text", "service_v2.go", r"URL:(\s+)mirror,", r'URL:\1strings.Replace(mirror, "https:", "http:", 1),', TEXTS),
    Mutant("http for Docker Hub beside https", "service_v2.go", r"\n(\t+)(return endpoints, nil\n)", r"\n\1if s.acceptInsecureRegistry {\n\1\tendpoints = append(endpoints, endpoints[0])\n\1}\n\1\2"),
    Mutant("http is a mirror", "service_v2.go", HTTP + r"TLSConfig:", r"\1Mirror: true,\n\t\t\tTLSConfig:"),
    Mutant("TLSConfig lost", "service_v2.go", HTTP + r"(TLSConfig:\s+)tlsConfig,", r"\1\2tlsconfig.ServerDefault(),", URLS),
    Mutant("option lost in NewService", "service.go", r",?\s+" + CARRIED + r",?", "", LAYOUTS, "NewService does not carry AcceptInsecureRegistry"),
    Mutant("false in NewService", "service.go", CARRIED, r"acceptInsecureRegistry: false", LAYOUTS, "NewService does not carry"),
    Mutant("true in NewService", "service.go", CARRIED, r"acceptInsecureRegistry: true", LAYOUTS, "NewService does not carry"),
    Mutant("negated in NewService", "service.go", CARRIED, r"acceptInsecureRegistry: !options.AcceptInsecureRegistry"),
    Mutant("another field in NewService", "service.go", CARRIED, r"acceptInsecureRegistry: len(options.InsecureRegistries) > 0", WITH_KEYS),
    Mutant("nil options not looked at", "service.go", r"options != nil && options\.", r"options.", TEXTS, "a crash"),
    Mutant("V2Only for the option", "service.go", CARRIED, r"acceptInsecureRegistry: options.V2Only", ("v1.13.1", "v17.12.1-ce")),
    Mutant("flag sets another field", "flag", r"&(\w+)\.AcceptInsecureRegistry", r"&\1.InsecureRegistries", LAYOUTS, "not a bool|is kept in a value that is not known here", ("v1.8.3",)),
    Mutant("flag sets V2Only", "flag", r"&(\w+)\.AcceptInsecureRegistry", r"&\1.V2Only", ("v1.13.1", "v17.12.1-ce"), "the key in daemon.json of V2Only|is on without being asked for"),
    Mutant("flag sets no field at all", "flag", r"&(\w+)\.AcceptInsecureRegistry", r"&\1.Accept", LAYOUTS, "`.Accept` of a", LAYOUTS),
    Mutant("flag sets a variable of its own", "flag", r"&(\w+)\.AcceptInsecureRegistry", r"new(bool)", LAYOUTS, "sets nothing of what is handed to the daemon"),
    Mutant("true by default", "flag", FLAG, r"BoolVar(&\1.AcceptInsecureRegistry, \2, true,", LAYOUTS, "is on without being asked for"),
    Mutant("default is another option", "flag", FLAG, r"BoolVar(&\1.AcceptInsecureRegistry, \2, isRootless,", LAYOUTS, "`isRootless`", LAYOUTS),
    Mutant("flag misspelt", "flag", r'"(-?)accept-insecure-registry"(\}?, false)', r'"\1accept-insecure-registries"\2', LAYOUTS, "registers --accept-insecure-registry not at all"),
    Mutant("flag gone", "flag", r"\n.*BoolVar\(&\w+\.AcceptInsecureRegistry.*", "", LAYOUTS, "registers --accept-insecure-registry not at all"),
    Mutant("flag twice", "flag", r"(\n.*BoolVar\(&\w+\.AcceptInsecureRegistry.*)", r"\1\1", LAYOUTS, "registers --accept-insecure-registry 2 times"),
    Mutant("flag with one hyphen", "flag", r'"-accept-insecure-registry"', r'"accept-insecure-registry"', ("v1.8.3",), "registers --accept-insecure-registry not at all"),
    Mutant("key misspelt", "option", r"json:\"accept-insecure-registry", r'json:"accept-insecure-registries', WITH_KEYS, "the key in daemon.json"),
    Mutant("no key", "option", r" `json:\"accept-insecure-registry,omitempty\"`", "", WITH_KEYS, "the key in daemon.json"),
    Mutant("key of another option", "option", r"json:\"accept-insecure-registry", r'json:"insecure-registries', WITH_KEYS, "the key in daemon.json"),
    Mutant("option is a text", "option", r"(AcceptInsecureRegistry) bool", r"\1 string", LAYOUTS, "not a bool"),
    Mutant("Docker Hub's namespace forgotten", "docker_hub.go", r'"docker\.io", ', "", URLS),
    Mutant("Docker Hub's registry forgotten", "docker_hub.go", r', "registry-1\.docker\.io"', ""),
    Mutant("Docker Hub's index forgotten", "docker_hub.go", r'"index\.docker\.io", ', '"x", ', ("v1.8.3",)),
    Mutant("Docker Hub in small letters alone", "docker_hub.go", r"strings\.ToLower\((.*)\) \{", r"\1 {"),
    Mutant("Docker Hub without its last dot alone", "docker_hub.go", r'strings\.TrimSuffix\(hostname, "\."\)', "hostname"),
    Mutant("Docker Hub without a port alone", "docker_hub.go", r"hostname = host\n", "_ = host\n"),
    Mutant("all is Docker Hub", "docker_hub.go", r"return false", "return true"),
    Mutant("nothing is Docker Hub", "docker_hub.go", r"return true", "return false"),
    Mutant("what ends like Docker Hub", "docker_hub.go", r"return false", 'return strings.HasSuffix(hostname, "docker.io")'),
    Mutant("reload forgets the option", "reload", r"IsValueSet\(\"accept-insecure-registry\"\)", 'IsValueSet("insecure-registries")', RELOADED, "one that turns it on: reg.test is then offered https://reg.test"),
    Mutant("reload asks for a misspelt key", "reload", r"IsValueSet\(\"accept-insecure-registry\"\)", 'IsValueSet("accept-insecure-registries")', RELOADED, "one that turns it on: reg.test is then offered https://reg.test"),
    Mutant("reload takes over another field", "reload", r"(\.AcceptInsecureRegistry) = (\w+)\.AcceptInsecureRegistry", r"\1 = \2.Debug", RELOADED, "one that turns it on: reg.test is then offered https://reg.test|no warning with the option on"),
    Mutant("reload sets another field", "reload", r"\.AcceptInsecureRegistry = ", ".Debug = ", RELOADED, "a warning with the option off|a field `Debug`", ("docker-v29",)),
    Mutant("reload cannot turn it off", "service.go", r"s\.acceptInsecureRegistry = (\S+)\n", r"s.acceptInsecureRegistry = s.acceptInsecureRegistry || \1\n", RELOADED, "one that turns it off: reg.test is then offered https://reg.test, http://reg.test"),
    Mutant("reload turns it round", "service.go", r"s\.acceptInsecureRegistry = (\S+)\n", r"s.acceptInsecureRegistry = !\1\n", RELOADED, "one that turns it on: reg.test is then offered https://reg.test"),
    Mutant("reload does not reach the service", "service.go", r"\n\ts\.acceptInsecureRegistry = |\n\t\ts\.acceptInsecureRegistry = ", "\n_ = ", RELOADED, "one that turns it on: reg.test is then offered https://reg.test"),
    Mutant("reload is not committed but at once", "service.go", r"\n\treturn func\(\) \{", "\n\ts.acceptInsecureRegistry = options.AcceptInsecureRegistry\n\treturn func() {", ("docker-v29",), "before it is committed"),
    Mutant("loopback not insecure any more", "config.go", r'"127\.0\.0\.0/8"', '"127.0.0.1/32"', ("v1.13.1", "v20.10.27"), "the smallest case"),
]  # fmt: skip

EQUIVALENT = [
    # `||` of two conditions without side effects: either may come first.
    Mutant("or the other way round", "service_v2.go", GUARD, r"if \4 || \1 && \2 {"),
    # `&&` binds closer than `||` anyway.
    Mutant("braces where they are", "service_v2.go", GUARD, r"if (\1 && \2) || \4 {"),
    # De Morgan.
    Mutant("twice negated", "service_v2.go", GUARD, r"if !((!\1 || !\2) && !\4) {"),
    # Docker Hub's names never reach the guard through `docker.io`, which returned before it.
    Mutant("Docker Hub's first name, seen before", "docker_hub.go", r'"docker\.io", ', '"Docker.io", "docker.io", '),
    # A value of its own: `if` sees the same.
    Mutant("a variable between", "service_v2.go", GUARD, "plain := \\1 && \\2 || \\4\n\tif plain {"),
    # The struct is the same however its fields are named or ordered in the literal.
    Mutant("a closure asks", "service_v2.go", GUARD, "asked := func() bool { return \\1 && \\2 }\n\tif asked() || \\4 {"),
    # A copy of the TLS configuration says the same.
    Mutant("TLSConfig copied", "service_v2.go", HTTP + r"(TLSConfig:\s+)tlsConfig,", r"\1\2tlsConfig.Clone(),", URLS),
    # A flag's help has no meaning to the daemon.
    Mutant("other help", "flag", r"Also try plain HTTP", "Try HTTP"),
]  # fmt: skip

# .ci/run takes each on a layout that the commit draws, benchmarks/judges.py on all; a quick run some, in turn.
CASES = [(mutant, layout) for mutant in MUTANTS for layout in mutant.layouts]
QUICK = {
    (mutant.name, mutant.layouts[number % len(mutant.layouts)])
    for number, mutant in enumerate(MUTANTS)
    if number % 9 == 0
}


def _name(mutant: Mutant, layout: str) -> str:
    return f"{mutant.name}-{layout}"


def _marked(mutant: Mutant, layout: str) -> ParameterSet:
    marks = () if (mutant.name, layout) in QUICK else pytest.mark.kills
    return pytest.param(mutant, layout, marks=marks, id=_name(mutant, layout))


@cache
def _patched(layout: str) -> tuple[Port, Source, dict[str, Any]]:
    source = Directory(FIXTURES / layout)
    return work_out(load("accept-insecure-registry"), source), source, {"memo": {}}


def mutated(mutant: Mutant, layout: str) -> tuple[Port, Source]:
    """The port of a layout with a mutant in it, and the original."""
    port, source, _ = _patched(layout)
    patched = Overlay(source, port.changes)
    for path in walk(patched, "", ".go"):
        data = patched.read(path).decode()
        if not _is_meant(mutant.file, path, data):
            continue
        found, count = re.subn(mutant.old, mutant.new, data, count=1)
        if not count or found == data:
            continue
        changes = {change.path: change for change in port.changes}
        before = source.read(path) if source.entry(path) else None
        changes[path] = FileChange(path, before, found.encode())
        return port._replace(changes=tuple(changes.values())), source
    raise AssertionError(f"{mutant.name} changes nothing of {layout}")


def _judged(mutant: Mutant, layout: str, **options: object) -> Opinion:
    return judge(*mutated(mutant, layout), {**_patched(layout)[2], **options})


def _is_meant(file: str, path: str, data: str) -> bool:
    if "/vendor/" in path or path.startswith("vendor/") or path.endswith("_test.go"):
        return False
    if file == "flag":
        return "BoolVar(&" in data and "AcceptInsecureRegistry" in data
    if file == "reload":
        return 'IsValueSet("insecure-registries")' in data
    if file == "option":
        return "AcceptInsecureRegistry bool" in data
    return path.endswith(f"registry/{file}")


def _id(value: object) -> str:
    return value.name if isinstance(value, Mutant) else str(value)


@pytest.mark.parametrize(
    ("mutant", "layout"),
    [
        _marked(mutant, layout)
        for mutant, layout in CASES
        if (mutant.name, layout) in QUICK or layout in one_of(mutant.layouts, mutant.name)
    ],
)
def test_mutant_is_condemned(mutant: Mutant, layout: str) -> None:
    verdict = _judged(mutant, layout, briefly=True)
    said = "\n".join((*verdict.summary, "the smallest case", verdict.counterexample))
    assert verdict.status == ("inconclusive" if layout in mutant.doubted else "fail"), said
    assert any(words in said for words in mutant.says.split("|")), said
    named = [line for line in verdict.summary if line.startswith(("broken: ", "not known: "))]
    assert named, said


@pytest.mark.parametrize(
    ("mutant", "layout"), [(m, layout) for m in EQUIVALENT for layout in m.layouts[::2]], ids=_id
)
def test_equivalent_mutant_passes(mutant: Mutant, layout: str) -> None:
    verdict = _judged(mutant, layout)
    assert verdict.status == "pass", "\n".join((*verdict.summary, verdict.counterexample))


def test_there_are_enough_mutants_of_each_layout() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 60
    for layout in LAYOUTS:
        assert sum(1 for _, found in CASES if found == layout) >= 40
        assert sum(1 for _, found in QUICK if found == layout) >= 1
