"""A question about a daemon in; what it would try, log and answer out."""

__all__ = ["answers", "check", "command", "pages", "question", "tell"]
