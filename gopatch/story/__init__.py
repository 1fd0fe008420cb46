"""A question about a daemon in; what it would try, log and answer out."""

__all__ = ["check", "command", "pages", "question", "tell", "told_answers"]
