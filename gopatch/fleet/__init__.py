"""One patch and many refs in; every port, a report and verdicts out."""

__all__ = ["refs", "report", "run"]
