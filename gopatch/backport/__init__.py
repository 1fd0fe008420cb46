"""A change, the source it was made for and a target in; a port of it out."""

__all__ = [
    "anywhere",
    "change",
    "foreign",
    "learn",
    "many",
    "required_edits",
    "targets",
    "vetting",
    "view",
]
