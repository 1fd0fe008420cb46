"""A question about a daemon in; what it would try, log and answer out."""

__all__ = ["pages", "question", "tell"]
