"""Go as text: bytes of a file in; its syntax tree, gofmt's columns and blanks and Go's readings of hosts and URLs out."""

__all__ = [
    "behind",
    "bodies",
    "branches",
    "built_for",
    "closed",
    "cut_off",
    "declaring",
    "directives",
    "ends",
    "gofmt",
    "labels",
    "needless",
    "nesting",
    "net",
    "once",
    "parted",
    "ranges",
    "spacing",
    "strict",
    "tree",
]
