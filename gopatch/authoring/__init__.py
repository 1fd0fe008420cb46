"""A patch that is being written in; its folder, what is wrong with it and what its cases say out."""

__all__ = ["cases", "examples", "lint", "needs", "new"]
