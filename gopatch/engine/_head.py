"""The package clause and the imports that a file has, as a pattern's head asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._attempt import Env, Miss
from gopatch.engine._nodes import Head, PatternImport
from gopatch.go.tree import GoFile, Syntax, elements_of

ANY = ".../"  # at the start of an import's path: whatever the file has there


def head_env(head: Head, file: GoFile, miss: Miss) -> Env | None:
    """Bind what a side says of package and imports, or None where the file has others."""
    env = Env({}, None, 0)
    package = head.package
    if package is not None:
        name = package_name(file)
        if name is None:
            return None
        if package.var is not None:
            env = env.bind(package.var.name, name)
        elif package.token != name.token:
            miss.note(env, package, name, name.start)
            return None
    specs = list(imports_of(file))
    for wanted in head.imports:
        spec = next((s for s in specs if fits_import(wanted, s)), None)
        if spec is None:
            if miss.count < 0:
                named = f"{wanted.name} " if wanted.name else ""
                miss.count, miss.wanted = 0, f'import {named}"{wanted.path}"'
                near = next((s for s in specs if fits_import(wanted._replace(var=True), s)), None)
                near = near or (specs[0] if specs else None)
                miss.found = near.text.decode(errors="replace") if near else ""
                miss.offset, miss.step = (near.start if near else 0), (wanted.line, 1)
            return None
        if wanted.var and wanted.name:
            env.bound[wanted.name] = local_name(wanted, spec)
    return env


def package_name(file: GoFile) -> Syntax | None:
    for child in file.root.children:
        if child.kind == "package_clause":
            return child.children[1]
    return None


def imports_of(file: GoFile) -> Iterator[Syntax]:
    """The import specs of a file, in order."""
    for child in file.root.children:
        if child.kind == "import_declaration":
            yield from (spec for spec in elements_of(child) if spec.kind == "import_spec")


def import_path(spec: Syntax) -> str:
    return spec.children[-1].text.decode(errors="replace").strip('"`')


def import_name(spec: Syntax) -> str | None:
    return spec.children[0].text.decode() if len(spec.children) > 1 else None


def fits_import(wanted: PatternImport, spec: Syntax) -> bool:
    """Unnamed fits unnamed, a name fits that name, a metavariable fits both.

    A path that starts with `.../` fits every path that ends in its rest.
    """
    path = import_path(spec)
    rest = wanted.path.removeprefix(ANY)
    if path != wanted.path and (rest == wanted.path or not f"/{path}".endswith(f"/{rest}")):
        return False
    return wanted.var or wanted.name == import_name(spec)


def local_name(wanted: PatternImport, spec: Syntax) -> bytes:
    """What the file calls the package; for an unnamed import, the metavariable's own name."""
    name = import_name(spec)
    return (name or wanted.name or "").encode()
