"""A patch folder in; its edits, roads and risks as values out."""
