"""Semantic patches: bytes of a Go file and a .patch in; its new bytes out, or why not."""

__all__ = [
    "apply",
    "carry",
    "compiled",
    "free_names",
    "imports",
    "match",
    "notation",
    "pattern",
    "rewrite",
    "subject",
]
