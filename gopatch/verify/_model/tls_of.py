"""What a *tls.Config of an evaluated endpoint says, in the model's words."""

from __future__ import annotations

from typing import Any

from gopatch.evaluate import Pointer, Struct, UnsupportedError
from gopatch.evaluate.known import MEMBERS
from gopatch.model import TlsSettings

_TOLD = {"InsecureSkipVerify", "RootCAs", "Certificates"}
_OTHERS = {n: v for n, v in MEMBERS["tlsconfig.ServerDefault"].fields.items() if n not in _TOLD}


def tls_of(value: Any) -> TlsSettings:
    """The settings of a pointer to a tls.Config; those of nil are Go's own, which are not ServerDefault's."""
    if value is None:
        return TlsSettings(others=tuple(name for name, held in _OTHERS.items() if held))
    fields = fields_held(value)
    pool: dict[str, Any] = {"added": None, "system": True}
    pool = fields_held(fields["RootCAs"]) if fields["RootCAs"] else pool
    chains = (fields_held(each)["Certificate"] for each in fields["Certificates"] or ())
    return TlsSettings(
        bool(fields["InsecureSkipVerify"]),
        tuple(pool["added"] or ()),
        bool(pool["system"]),
        tuple(bytes(chain[0]).decode() for chain in chains),
        tuple(name for name, held in _OTHERS.items() if fields[name] != held),
    )


def fields_held(value: Any) -> dict[str, Any]:
    """The fields of a struct, or of what points to one; raises UnsupportedError for anything else."""
    struct = value.target if isinstance(value, Pointer) else value
    if not isinstance(struct, Struct):
        raise UnsupportedError(f"an endpoint with {value!r} in it")
    return struct.fields
