"""A patch and a source in; a port out: for each edit its outcome, for each file its bytes before and after."""

__all__ = ["cache", "callers", "judged", "outcome", "roads", "work"]
