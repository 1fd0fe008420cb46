"""Which values surely cannot be assigned to which types: "Assignability" and "Type identity" of the Go specification."""

from __future__ import annotations

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.signatures import signature_of
from gopatch.backport.std_types import BELOW, is_of_pointer
from gopatch.backport.type_reader import Placed
from gopatch.backport.type_rows import fields_in, rows_of

_NAMED = {"basic", "named", "foreign"}
_METHODS = {"method_declaration", "method_elem"}
_EMPTY = {"pointer", "slice", "map", "chan", "func", "interface"}


def misfit(shown: ShownTypes, value: GoType | None, wanted: GoType | None) -> str:
    """Why a value cannot be assigned: `string`, or what it lacks; "" where it can be, or nobody can tell."""
    if value is None or wanted is None or value == wanted:
        return ""
    below = shown.underlying(wanted)
    if below.kind == "interface" if below is not None else wanted.kind == "foreign":
        return _lacking(shown, value, wanted)
    if below is None:
        return ""
    if value.kind == "constant":
        return "" if _takes(below, value.name[1]) else _constant(value)
    if differ(value, wanted) and not _alike(shown, value, wanted):
        return f"`{value}`"
    return f"`{value}`" if _made_otherwise(shown, value, wanted) else ""


def _made_otherwise(shown: ShownTypes, value: GoType, wanted: GoType) -> bool:
    """Whether two structs, at least one without a name, surely have other fields, or a channel goes the other way."""
    one, other = shown.underlying(value), shown.underlying(wanted)
    if one is None or other is None or (value.kind in _NAMED and wanted.kind in _NAMED):
        return False
    if one.kind == other.kind == "chan":
        ways = {one.name[1], other.name[1]}
        return len(ways) == 2 and one.name[1] != b"chan"
    if one.kind != "struct" or other.kind != "struct":
        return False
    return other_fields(shown, value, wanted) or _tags(shown, value) != _tags(shown, wanted)


def other_fields(shown: ShownTypes, value: GoType | None, wanted: GoType | None) -> bool:
    """Whether two structs surely have fields of other names or types, their tags aside."""
    ours, theirs = shown.fields(value), shown.fields(wanted)
    if ours is None or theirs is None:
        return False
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        return True
    pairs = ((a, b) for (_, a), (_, b) in zip(ours, theirs, strict=True))
    return any(a is not None and b is not None and differ(a, b) for a, b in pairs)


def _tags(shown: ShownTypes, known: GoType) -> list[bytes]:
    """The tags of the fields of a struct, without their quotes."""
    held = shown.holder(known)
    rows = rows_of(held.node) if held is not None else []
    tags = ((each, each.children[-1]) for each in rows for _ in fields_in(each))
    return [
        tag.text[1:-1].replace(b'\\"', b'"') if tag.kind.endswith("_string_literal") else b""
        for _, tag in tags
    ]


def _lacking(shown: ShownTypes, value: GoType, wanted: GoType) -> str:
    """The method that an interface asks for, and a value surely has not."""
    asked = sorted(shown.asks(wanted))
    if not asked or value == GoType("constant", ("", b"nil")):
        return ""
    if value.kind == "constant":
        return _constant(value)
    if value.kind in ("basic", "slice", "map", "chan", "func", "array"):
        return f"`{value}`"
    for name in asked:
        has, wants = shown.members(value, name), shown.members(wanted, name)
        said = f"method `{name.decode(errors='replace')}`"
        if (has.known and not has.found) or len(has.owners) > 1:
            return f"`{value}`, without a {said}"
        if is_pointers(shown, value, name):
            return f"`{value}`, whose {said} a pointer to it has"
        if len(has.found) == len(wants.found) == 1 and _is_other(
            shown, has.found[0], wants.found[0]
        ):
            return f"`{value}`, whose {said} takes or gives other types"
    return ""


def is_pointers(shown: ShownTypes, value: GoType, name: bytes) -> bool:
    """Whether a method is one of pointers to a type with a name, or to what it embeds, and not of the type."""
    has = shown.members(value, name)
    if value.kind not in ("named", "foreign") or len(has.owners) != 1:
        return False
    (owner,) = has.owners
    if owner != value and owner not in shown.embedded_values(value):
        return False
    return is_of_pointer(owner.name, name) or all(map(_of_pointer, has.found))


def _is_other(shown: ShownTypes, method: Placed, wanted: Placed) -> bool:
    """Whether a method surely takes or gives other types than the one that an interface asks for."""
    return method.node.kind in _METHODS and other_signature(shown, method, wanted)


def other_signature(shown: ShownTypes, method: Placed, wanted: Placed) -> bool:
    """Whether two functions surely take or give other types."""
    here, there = signature_of(shown, method), signature_of(shown, wanted)
    if here is None or there is None:
        return False
    if [many for _, many in here.takes] != [many for _, many in there.takes]:
        return True
    ours, theirs = ((*(kind for kind, _ in each.takes), *each.gives) for each in (here, there))
    if len(ours) != len(theirs):
        return True
    pairs = zip(ours, theirs, strict=True)
    return any(a is not None and b is not None and differ(a, b) for a, b in pairs)


def _of_pointer(method: Placed) -> bool:
    """Whether a method is one of pointers to the type that it is declared for."""
    if method.node.kind != "method_declaration":
        return False
    receiver = method.node.field("receiver")
    return receiver is not None and b"*" in receiver.text


def impossible(shown: ShownTypes, value: GoType | None, wanted: GoType | None) -> str:
    """What a type surely lacks of those that an interface may hold; "" where it is none, or an interface, too."""
    kinds = [
        each.kind if each is not None else "" for each in map(shown.underlying, (value, wanted))
    ]
    if value is None or wanted is None or kinds[0] in ("", "interface"):
        return ""
    if kinds[1] != "interface" and wanted.kind != "foreign":
        return ""
    return _lacking(shown, value, wanted)


def _constant(value: GoType) -> str:
    """What Go calls a constant without a type."""
    words = {b"nil": "`nil`", b"string": "a string constant", b"bool": "a boolean constant"}
    return words.get(value.name[1], "a numeric constant")


def _takes(below: GoType, constant: bytes) -> bool:
    """Whether a type can hold a constant, as far as its kind says."""
    if constant == b"nil":
        return below.kind in _EMPTY
    if below.kind != "basic":
        return False
    plain = {b"string", b"bool"}
    own = below.name[1]
    return own == constant if constant in plain else own not in plain


def differ(one: GoType, other: GoType) -> bool:
    """Whether two types are surely not identical."""
    if one.kind in _NAMED and other.kind in _NAMED:
        return one.name != other.name and not _may_be_alias(one, other)
    if "foreign" in (one.kind, other.kind):
        return one.name in BELOW or other.name in BELOW
    if one.kind != other.kind:
        return True
    if one.kind in ("func", "array") and b"" != one.name[1] != other.name[1] != b"":
        return True
    pairs = zip(one.parts, other.parts, strict=False)
    return any(a is not None and b is not None and differ(a, b) for a, b in pairs)


def _may_be_alias(one: GoType, other: GoType) -> bool:
    """Whether a name of a package that is not here may be another one's: none of Go's own is of a basic type, or of its own package."""
    foreign = [each for each in (one, other) if each.kind == "foreign"]
    if len(foreign) == 2:
        return one.name[0] != other.name[0] or not {one.name, other.name} <= BELOW.keys()
    return any("." in each.name[0].partition("/")[0] for each in foreign)


def _alike(shown: ShownTypes, value: GoType, wanted: GoType) -> bool:
    """Whether one of the two has no name, and they may be the same below."""
    if value.kind in _NAMED and wanted.kind in _NAMED:
        return False
    one, other = shown.underlying(value), shown.underlying(wanted)
    return one is None or other is None or not differ(one, other)


def kind_of(shown: ShownTypes, known: GoType | None) -> str:
    """The kind of value that a type is below its name; "" where that is not known."""
    below = shown.underlying(known)
    if below is None or below.kind == "foreign":
        return ""
    if below.kind in ("basic", "constant"):
        name = below.name[1].decode()
        return name if name in ("string", "bool", "nil") else "number"
    if below.kind == "pointer":
        inner = shown.underlying(below.parts[0])
        if inner is None or inner.kind == "foreign":
            return ""
        return "array pointer" if inner.kind == "array" else "pointer"
    return below.kind
