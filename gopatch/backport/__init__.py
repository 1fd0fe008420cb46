"""A change, the source it was made for and a target in; a port of it out."""

__all__ = [
    "anywhere",
    "change",
    "foreign",
    "go_files",
    "learn",
    "many",
    "needs_of_edits",
    "targets",
    "vetting",
    "view",
]
