"""A patch folder in; its edits, roads and risks as values out."""

__all__ = ["declared_roads", "patch_keys", "read", "regexes", "selection", "subjects", "values"]
