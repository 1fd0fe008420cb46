"""A change, the source it was made for and a target in; a port of it out."""

__all__ = ["change", "learn", "many", "targets", "values", "vetting", "view", "whole"]
